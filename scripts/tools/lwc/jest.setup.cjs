/* global afterEach, beforeEach */
const { setup } = require('@sa11y/jest');

/* Brings `await expect(element).toBeAccessible()`. */
setup();

/*
 * The engine tells of a misused component (an unknown property, a list without keys) by console.error and console.warn
 * and goes on. Here that is a failure. A test that provokes such a message replaces the method with a spy of its own:
 * `jest.spyOn(console, 'error').mockImplementation(() => {})`.
 */
const METHODS = ['error', 'warn'];
const originals = new Map();
let said = [];

beforeEach(() => {
  said = [];
  for (const method of METHODS) {
    originals.set(method, console[method]);
    console[method] = (...words) => said.push(`console.${method}: ${words.join(' ')}`);
  }
});

afterEach(() => {
  for (const [method, original] of originals) console[method] = original;
  if (said.length > 0) throw new Error(`Nobody expected this to be said:\n${said.join('\n')}`);
});
