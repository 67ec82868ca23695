import { createElement } from 'lwc';
import SignalSeverity from 'c/signalSeverity';

afterEach(() => document.body.replaceChildren());

it.each([
  ['Critical', 'c.Signal_Severity_Critical', 'badge_critical'],
  ['High', 'c.Signal_Severity_High', 'badge_high'],
  ['Medium', 'c.Signal_Severity_Medium', 'badge_medium'],
  ['Low', 'c.Signal_Severity_Low', 'badge_low'],
  ['Invented', 'Invented', 'badge_other'],
])('shows %s as a word with a shape and a colour', async (severity, word, style) => {
  const element = createElement('c-signal-severity', { is: SignalSeverity });
  element.severity = severity;
  document.body.appendChild(element);
  const badge = element.shadowRoot.querySelector('.badge');
  expect(badge.textContent).toBe(word);
  expect(badge.classList).toContain(style);
  expect(badge.querySelector('path').getAttribute('d')).toBeTruthy();
  await expect(element).toBeAccessible();
});
