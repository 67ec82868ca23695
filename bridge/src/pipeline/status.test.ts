import assert from 'node:assert/strict';
import { test } from 'node:test';

import { makeMemoryLog } from '../edge/log/memoryLog.ts';
import { toEpochMs } from '../model/brand.ts';
import { makeMessage } from '../model/message.ts';
import { err, ok } from '../model/result.ts';
import { identityNote, watchLog } from './status.ts';

const at = toEpochMs(1);
const message = makeMessage('t', Buffer.from('x'), at);
const rejected = [{ message, rejection: { kind: 'malformed', reason: 'no JSON' } as const }];
const full = { kind: 'full', reason: 'no space left' } as const;

test('a full quarantine is told until it takes messages again, whatever the log still takes', async () => {
  let hasRoom = false;
  const log = watchLog({
    ...makeMemoryLog(),
    quarantine: async () => (hasRoom ? ok(undefined) : err(full)),
  });
  assert.equal(log.failure(), undefined);
  await log.quarantine(rejected);
  await log.tick({ at, listenedAt: at, heardAll: true });
  await log.append([message]);
  assert.equal(log.failure(), full);
  hasRoom = true;
  await log.quarantine(rejected);
  assert.equal(log.failure(), undefined);
});

test('a copy of the devices that is missing or old is told, with what happens meanwhile', () => {
  const noteAt = (readAt: number | undefined, now: number): string =>
    identityNote(
      {
        copy: {
          completeAt: () => (readAt === undefined ? undefined : toEpochMs(readAt)),
          counts: () => ({ devices: 0, installations: 0 }),
        },
        trustForMs: 3_600_000,
      },
      now,
    );
  assert.match(noteAt(undefined, 5), /not been read yet; until then the org finds out/);
  assert.equal(noteAt(0, 3_600_000), 'ok');
  assert.match(noteAt(0, 5_400_000), /last read 90 minutes ago; until they are, the org finds out/);
});
