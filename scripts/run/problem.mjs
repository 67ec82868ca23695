/** A failure whose message is written for the person at the terminal: no stack is shown. */
export class Problem extends Error {
  forPeople = true;
}
