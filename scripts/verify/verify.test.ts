import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import type {
  CaseRow,
  Evidence,
  InjectedFault,
  MessageId,
  OutboxRow,
  SignalRow,
} from './evidence.ts';
import type { VerifyOptions } from './verify.ts';
import { verify } from './verify.ts';

const T = Date.parse('2026-11-23T06:00:00Z');
const options: VerifyOptions = { graceMs: 60_000, elapsedSeconds: 50.1 };

const message = (device: string, seq: number): MessageId => ({
  topic: `plant/pump/${device}/telemetry`,
  ts: new Date(T + seq * 500).toISOString(),
  seq,
});
const fault = (device: string, kind: string): InjectedFault => ({
  device,
  fault: kind,
  from: T + 4000,
  to: T + 20_000,
});
const event = (device: string, phase: string, policy: string): OutboxRow => ({
  eventKey: `${device}/${phase}`,
  episodeKey: `${device}/episode`,
  phase,
  device,
  policy,
  state: 'published',
  publishedAt: T + 10_000,
  lastError: undefined,
  overtakenBy: undefined,
});
const row = (device: string, phase: string, signalType: string): SignalRow => ({
  eventKey: `${device}/${phase}`,
  episodeKey: `${device}/episode`,
  device,
  signalType,
  phase,
  disposition: 'Acted',
  reason: '',
});
const caseOn = (device: string | undefined, atMs: number, number = '1001'): CaseRow => ({
  id: `500${number}`,
  number,
  device,
  createdAt: T + atMs,
  episodeKey: device === undefined ? undefined : `${device}/episode`,
});

/** A good run: two faults, two Cases, a storm on a healthy device. */
function goodRun() {
  const messages = ['pump-001', 'pump-002', 'pump-003'].flatMap((device) =>
    [1, 2, 3].map((seq) => message(device, seq)),
  );
  const phases = ['Opened', 'Cleared'];
  return {
    fleet: {
      acknowledged: messages,
      faults: [fault('pump-001', 'leak'), fault('pump-002', 'silence')],
      storms: [{ device: 'pump-003', messages: 1200 }],
      complete: true,
    },
    bridge: {
      kept: [...messages].reverse(),
      quarantined: [],
      outbox: phases.flatMap((phase) => [
        event('pump-001', phase, 'pump-pressure-low'),
        event('pump-002', phase, 'pump-silent'),
      ]),
      backlog: 0,
    },
    org: {
      signals: phases.flatMap((phase) => [
        row('pump-001', phase, 'fault.pressure-low'),
        row('pump-002', phase, 'connectivity.silent'),
      ]),
      failures: [],
      cases: [caseOn('pump-001', 9000, '1001'), caseOn('pump-002', 14_000, '1002')],
    },
  } satisfies Evidence;
}

const judge = (evidence: Evidence, more: Partial<VerifyOptions> = {}) =>
  verify(evidence, { ...options, ...more });

describe('a good run', () => {
  it('has no problem and counts what there is', () => {
    const { problems, report } = judge(goodRun());
    assert.deepEqual(problems, []);
    assert.deepEqual(report, {
      readings: 9,
      quarantined: 0,
      signals: { opened: 2, updated: 0, cleared: 2 },
      published: 4,
      acted: 4,
      suppressed: 0,
      failed: 0,
      coalesced: 0,
      shed: 0,
      faults: 2,
      cases: 2,
      duplicateCases: 0,
      lost: 0,
      elapsedSeconds: 50.1,
    });
  });

  it('may have readings twice, as QoS 1 allows, and readings in quarantine', () => {
    const run = goodRun();
    const [first, ...others] = run.bridge.kept;
    assert.ok(first);
    const bridge = {
      ...run.bridge,
      kept: [...others, ...others],
      quarantined: [{ ...first, reason: 'r' }],
    };
    const { problems, report } = judge({ ...run, bridge });
    assert.deepEqual(problems, []);
    assert.equal(report.quarantined, 1);
  });

  it('may suppress a signal with a reason and fail one with a failure record', () => {
    const run = goodRun();
    const [first, second, ...others] = run.org.signals;
    assert.ok(first && second);
    const org = {
      ...run.org,
      signals: [{ ...first, disposition: 'Suppressed', reason: 'policy inactive' }, ...others],
      failures: [{ eventKey: second.eventKey, reason: 'bad value' }],
    };
    const { problems, report } = judge({ ...run, org });
    assert.deepEqual(problems, []);
    assert.deepEqual([report.acted, report.suppressed, report.failed], [2, 1, 1]);
  });
});

describe('readings', () => {
  it('that the bridge does not have are lost, each', () => {
    const run = goodRun();
    const { problems, report } = judge({
      ...run,
      bridge: { ...run.bridge, kept: run.bridge.kept.slice(2) },
    });
    assert.equal(report.lost, 2);
    assert.match(problems[0] ?? '', /^lost reading: .* message 2 of plant\/pump\/pump-003/);
    assert.equal(problems.length, 2);
  });

  it('acknowledged twice must be there twice', () => {
    const run = goodRun();
    const acknowledged = [...run.fleet.acknowledged, message('pump-001', 1)];
    const { report } = judge({ ...run, fleet: { ...run.fleet, acknowledged } });
    assert.equal(report.lost, 1);
  });

  it('that are lost by the hundred are counted, not all listed', () => {
    const run = goodRun();
    const acknowledged = Array.from({ length: 300 }, (_, i) => message('pump-009', i));
    const { report, problems } = judge({ ...run, fleet: { ...run.fleet, acknowledged } });
    assert.equal(report.lost, 300);
    assert.match(problems.join('\n'), /… and 295 more like this/);
    assert.equal(problems.length, 6);
  });

  it('of a fleet that did not end in order are not trusted', () => {
    const run = goodRun();
    const { problems } = judge({ ...run, fleet: { ...run.fleet, complete: false } });
    assert.match(problems[0] ?? '', /fleet did not end in order/);
  });
});

describe('signals', () => {
  const changeFirst = (change: Partial<SignalRow> | undefined, state = 'published') => {
    const run = goodRun();
    const [first, ...others] = run.org.signals;
    const [entry, ...entries] = run.bridge.outbox;
    assert.ok(first && entry && first.eventKey === entry.eventKey);
    const org = {
      ...run.org,
      signals: change === undefined ? others : [{ ...first, ...change }, ...others],
    };
    const bridge = {
      ...run.bridge,
      outbox: [{ ...entry, state, lastError: 'it said no' }, ...entries],
    };
    return judge({ ...run, org, bridge });
  };

  it('without any record in the org are lost', () => {
    const { problems, report } = changeFirst(undefined);
    assert.equal(report.lost, 1);
    assert.deepEqual(problems, [
      'lost signal: Opened of pump-pressure-low on pump-001: it was published, but the org has no record of it',
    ]);
  });

  it('that were suppressed end with their reason', () => {
    const run = goodRun();
    const opened: OutboxRow = {
      ...event('pump-001', 'Updated', 'pump-pressure-low'),
      ...{ state: 'suppressed', publishedAt: undefined },
    };
    const judged = (why?: string) =>
      judge({
        ...run,
        bridge: { ...run.bridge, outbox: [...run.bridge.outbox, { ...opened, why }] },
      });
    const good = judged('waited-too-long').report;
    assert.deepEqual([good.shed, good.lost], [1, 0]);
    assert.match(judged().problems[0] ?? '', /suppressed without a reason/);
  });

  it('that were overtaken end with the event that says as much, and only with it', () => {
    const run = goodRun();
    const updated: OutboxRow = {
      ...event('pump-001', 'Updated', 'pump-pressure-low'),
      state: 'coalesced',
      publishedAt: undefined,
      overtakenBy: 'pump-001/Cleared',
    };
    const withUpdated = (change: Partial<OutboxRow>) =>
      judge({
        ...run,
        bridge: { ...run.bridge, outbox: [...run.bridge.outbox, { ...updated, ...change }] },
      });
    const good = withUpdated({});
    assert.deepEqual(good.problems, []);
    assert.deepEqual([good.report.coalesced, good.report.lost], [1, 0]);
    for (const overtakenBy of [undefined, 'pump-002/Cleared', 'pump-001/Opened', 'nobody']) {
      const { problems, report } = withUpdated({ overtakenBy });
      assert.equal(report.lost, 1);
      assert.match(problems[0] ?? '', /no later event of its episode says as much/);
    }
  });

  it('that were never routed are lost', () => {
    const { problems, report } = changeFirst({ disposition: 'Received' });
    assert.equal(report.lost, 1);
    assert.match(problems[0] ?? '', /never routed it \(Received\)/);
  });

  it('that ended without a reason are lost', () => {
    for (const disposition of ['Suppressed', 'Failed']) {
      const { problems, report } = changeFirst({ disposition });
      assert.equal(report.lost, 1);
      assert.match(problems[0] ?? '', new RegExp(`ended ${disposition} without a reason`));
    }
  });

  it('that could not be published are lost, with the reason', () => {
    assert.match(changeFirst(undefined, 'failed').problems[0] ?? '', /not published: it said no/);
    assert.match(changeFirst(undefined, 'pending').problems[0] ?? '', /still waiting .*it said no/);
  });

  it('of the org that the bridge never made are a problem', () => {
    const run = goodRun();
    const signals = [...run.org.signals, row('pump-009', 'Opened', 'fault.pressure-low')];
    const { problems } = judge({ ...run, org: { ...run.org, signals } });
    assert.match(problems[0] ?? '', /signal of pump-009 .* that the bridge never made/);
  });

  it('that opened and never cleared are a problem', () => {
    const run = goodRun();
    const outbox = run.bridge.outbox.filter(({ eventKey }) => eventKey !== 'pump-001/Cleared');
    const signals = run.org.signals.filter(({ eventKey }) => eventKey !== 'pump-001/Cleared');
    const { problems, report } = judge({
      ...run,
      bridge: { ...run.bridge, outbox },
      org: { ...run.org, signals },
    });
    assert.deepEqual(problems, [
      'Opened of pump-pressure-low on pump-001 never cleared, although its fault has ended',
    ]);
    assert.equal(report.lost, 0);
  });
});

describe('Cases', () => {
  const withCases = (cases: CaseRow[]) => {
    const run = goodRun();
    return judge({ ...run, org: { ...run.org, cases } });
  };
  const [good1, good2] = goodRun().org.cases;
  assert.ok(good1 && good2);

  it('missing for a fault are a problem', () => {
    const { problems, report } = withCases([good1]);
    assert.deepEqual(problems, ['the silence of pump-002 (06:00:04 to 06:00:20) has no Case']);
    assert.equal(report.cases, 1);
  });

  it('beyond the first of a fault are duplicates, with or without an episode key', () => {
    const second = { ...caseOn('pump-001', 30_000, '1003'), episodeKey: undefined };
    const { problems, report } = withCases([second, good1, good2]);
    assert.equal(report.duplicateCases, 1);
    assert.equal(problems.length, 1);
    assert.match(problems[0] ?? '', /^second Case 1003 for the leak of pump-001 .* Case 1001$/);
  });

  it('on a healthy device are wrong', () => {
    const { problems, report } = withCases([good1, good2, caseOn('pump-004', 9000, '1003')]);
    assert.match(problems[0] ?? '', /^wrong Case 1003, created at .* on pump-004: no fault/);
    assert.equal(report.duplicateCases, 0);
  });

  it('on the device of the message storm are wrong, and it is said why', () => {
    const { problems } = withCases([good1, good2, caseOn('pump-003', 9000)]);
    assert.match(problems[0] ?? '', /only sent a storm of 1200 healthy messages/);
  });

  it('on no Asset are wrong', () => {
    const { problems } = withCases([good1, good2, caseOn(undefined, 9000)]);
    assert.match(problems[0] ?? '', /it is on no Asset of the fleet/);
  });

  it('from before the fault or long after it are wrong, and the fault has none', () => {
    for (const atMs of [2000, 81_000]) {
      const { problems } = withCases([caseOn('pump-001', atMs), good2]);
      assert.match(problems[0] ?? '', /^wrong Case 1001/);
      assert.match(problems[1] ?? '', /^the leak of pump-001 .* has no Case$/);
    }
    assert.deepEqual(withCases([caseOn('pump-001', 79_000), good2]).problems, []);
  });

  it('about something else than the fault are wrong', () => {
    const run = goodRun();
    const signals = run.org.signals.map((one) =>
      one.device === 'pump-001' ? { ...one, signalType: 'fault.vibration-high' } : one,
    );
    const { problems } = judge({ ...run, org: { ...run.org, signals } });
    assert.match(
      problems[0] ?? '',
      /about fault.vibration-high, but the leak .* fault.pressure-low/,
    );
  });
});

describe('a replayed recording', () => {
  it('may have any number of Cases and open episodes', () => {
    const run = goodRun();
    const fleet = { ...run.fleet, faults: [], storms: [] };
    const bridge = { ...run.bridge, outbox: run.bridge.outbox.slice(0, 2) };
    const org = { ...run.org, signals: run.org.signals.slice(0, 2) };
    assert.deepEqual(judge({ fleet, bridge, org }, { recordedRows: 9 }).problems, []);
  });

  it('must be acknowledged row by row', () => {
    const { problems } = judge(goodRun(), { recordedRows: 10 });
    assert.match(problems[0] ?? '', /has 10 rows, but the broker acknowledged 9 readings/);
  });
});
