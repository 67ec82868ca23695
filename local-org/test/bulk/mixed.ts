import { BAD, ODD, shuffle } from './batches.ts';
import { seeded } from './seeded.ts';
import { minute, WORLD } from './world.ts';
import type { SignalEvent } from './world.ts';

/** 200 events of every kind for one batch, and what was sent before. */
export interface Mixed {
  readonly before: readonly SignalEvent[];
  readonly batch: readonly SignalEvent[];
  readonly bad: readonly SignalEvent[];
  /** Events of episodes that have no other event. */
  readonly single: readonly SignalEvent[];
  /** Events of episodes that have two or three in the batch. */
  readonly several: readonly SignalEvent[];
}

const PHASES = ['Opened', 'Updated', 'Cleared'] as const;
const SEVERITIES = ['Critical', 'High', 'Medium', 'Low'] as const;
const DEVICES = [...WORLD.devices.keys(), 'unheard-of'];
const POLICIES = [...WORLD.policies.keys(), 'unheard-of'];
const CONFIDENCES = [1, 0.3, undefined, 0.6, 0.95];

const of = <Item>(items: readonly Item[], index: number): Item =>
  items[index % items.length] as Item;

let count = 0;
function make(episode: string, changes: Partial<SignalEvent>): SignalEvent {
  count += 1;
  return {
    key: `${episode} ${count}`,
    episode,
    phase: 'Opened',
    severity: 'Medium',
    confidence: 1,
    device: 'pump-100',
    policy: 'plain',
    at: minute(count),
    isBad: false,
    sent: {},
    ...changes,
  };
}

/** All phases, severities, routes and devices, crossed. */
function singles(): SignalEvent[] {
  return Array.from({ length: 90 }, (_, index) =>
    make(`single ${index}`, {
      phase: of(PHASES, index),
      severity: of(SEVERITIES, index),
      confidence: of(CONFIDENCES, index),
      device: of(DEVICES, Math.floor(index / 3)),
      policy: of(POLICIES, Math.floor(index / 2)),
      sent: of(CONFIDENCES, index) === 1 ? of(ODD.slice(0, 4), index) : {},
    }),
  );
}

/** Twelve episodes of one device at once. */
const oneDevice = (): SignalEvent[] =>
  Array.from({ length: 12 }, (_, index) => make(`of one device ${index}`, { device: 'pump-107' }));

/** Twenty episodes with two or three events each, as no bridge should send them. */
function together(): SignalEvent[] {
  return Array.from({ length: 20 }, (_, index) => {
    const episode = `several ${index}`;
    const device = of(DEVICES.slice(0, 8), index);
    const all = PHASES.map((phase) => make(episode, { phase, device }));
    return index % 2 === 0 ? all : all.slice(0, 2);
  }).flat();
}

const badOnes = (): SignalEvent[] =>
  [...Object.values(BAD), ...Object.values(BAD)].map((sent, index) =>
    make(`bad ${index}`, {
      isBad: true,
      ...('Event_Key__c' in sent && { key: undefined }),
      sent:
        typeof sent['Event_Key__c'] === 'string' ? { Event_Key__c: `${index}`.repeat(70) } : sent,
    }),
  );

export function makeMixed(): Mixed {
  count = 0;
  const before = Array.from({ length: 10 }, (_, index) => make(`before ${index}`, {}));
  const single = [...singles(), ...oneDevice()];
  const several = together();
  const bad = badOnes();
  const sameAgain = single.slice(0, 10);
  const all = [...single, ...several, ...bad, ...before, ...sameAgain];
  return { before, single, several, bad, batch: shuffle(all, seeded(200)) };
}
