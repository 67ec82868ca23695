import { Viewport } from '../domain';

function viewport() {
  return Object.assign(new Viewport(), { from: 0, to: 100_000 });
}

it('shows everything at first and grows with it', () => {
  const port = viewport();
  expect(port.shown).toEqual({ from: 0, to: 100_000 });
  port.to = 120_000;
  expect(port.shown).toEqual({ from: 0, to: 120_000 });
});

it('zooms around a moment that stays where it is', () => {
  const port = viewport();
  port.zoom(0.5, 30_000);
  expect(port.shown).toEqual({ from: 15_000, to: 65_000 });
  expect((30_000 - port.shown.from) / 50_000).toBeCloseTo(0.3);
});

it('shows everything again when zoomed out as far as there is', () => {
  const port = viewport();
  port.zoom(0.5, 30_000);
  port.zoom(4, 30_000);
  expect(port.isEverything).toBe(true);
});

it('never shows less than five seconds', () => {
  const port = viewport();
  for (let i = 0; i < 50; i += 1) port.zoom(0.5, 50_000);
  expect(port.shown.to - port.shown.from).toBe(5000);
});

it('moves no farther than there is something to see', () => {
  const port = viewport();
  port.pan(10_000);
  expect(port.isEverything).toBe(true);
  port.zoom(0.5, 50_000);
  port.pan(-1_000_000);
  expect(port.shown).toEqual({ from: 0, to: 50_000 });
  port.pan(1_000_000);
  expect(port.shown).toEqual({ from: 50_000, to: 100_000 });
});

it('follows what comes in while it ends at the newest moment', () => {
  const port = viewport();
  port.zoom(0.5, 100_000);
  Object.assign(port, { from: 5000, to: 105_000 });
  expect(port.shown).toEqual({ from: 55_000, to: 105_000 });
});

it('stays where it was moved to, until that has passed away', () => {
  const port = viewport();
  port.zoom(0.2, 50_000);
  const { from, to } = port.shown;
  Object.assign(port, { from: 5000, to: 105_000 });
  expect(port.shown).toEqual({ from, to });
  Object.assign(port, { from: 90_000, to: 190_000 });
  expect(port.shown).toEqual({ from: 90_000, to: 110_000 });
});
