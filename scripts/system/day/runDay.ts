import assert from 'node:assert/strict';
import { join } from 'node:path';

import { makeGate } from '../../bench/outage/gate.ts';
import { startBroker } from '../broker.ts';
import type { Child } from '../child.ts';
import { connectAdmin } from '../orgSession.ts';
import { waitFor } from '../wait.ts';
import { makeWorld, untilReady } from '../world.ts';
import type { OrgState, World } from '../world.ts';
import { configOfDay, watch } from './bridgeOfDay.ts';
import { startClock } from './clock.ts';
import { readBridge, readOrg } from './evidence.ts';
import type { Evidence } from './evidence.ts';
import { expectedEpisodes, POLICY_OF } from './model.ts';
import { fillOrg, makePeople } from './orgOfDay.ts';
import { AT, END, LIMITS, REPEATING } from './plan.ts';
import { startSender } from './sender.ts';
import { keyOf, makeTelemetry } from './telemetry.ts';
import type { Message } from './telemetry.ts';
import { clockTime, HOUR, startOfDay, STEP } from './times.ts';

/** Any will do. */
const SEED = 11;
/** Of a step: acknowledged to the sender when the broker hears no more of the bridge; and in the log when they are cut off. */
const MUTE_AFTER = 200;
const CUT_AFTER = 700;
const PATIENCE_MS = 60_000;

/** A day of a plant, its bridge and its org, as the script says; answers what is left of it. */
export async function runDay(say: (line: string) => void): Promise<Evidence> {
  await using stack = new AsyncDisposableStack();
  // An org that lets a policy through which makes no sense, for whatever reason; the package's own rule does not.
  const world = stack.use(
    await makeWorld({ without: ['Threshold_Is_Whole.validationRule-meta.xml'] }),
  );
  const start = startOfDay(Date.now());
  const clock = stack.use(await startClock(world.folder, start - HOUR));
  const broker = stack.use(await startBroker(world.folder));
  const gate = stack.use(await makeGate(broker.port));
  await gate.open();
  const org = { ...(await world.startOrg([], clock.env)) };
  const names = await fillOrg(await world.admin(org.state), start);
  const people = makePeople(names, start);

  const places = world.bridgeConfig(`mqtt://127.0.0.1:${gate.port}`, org.state);
  const routes = await world.withPolicies(places, ['pump-flow-range']);
  const config = configOfDay(routes, `mqtt://127.0.0.1:${gate.port}`);
  let bridge = await world.startBridge(config, clock.env);
  await untilReady(bridge);
  let bridgeIs = watch(bridge.httpUrl);
  await bridgeIs.untilKnown(start - HOUR, clock.now);
  for (const key of Object.values(POLICY_OF)) await untilInForce(world, org.state, key, 1);
  const sender = stack.use(await startSender(broker.url, clock.now));
  const telemetry = makeTelemetry(start, SEED);

  /** Somebody does something in the org, and the bridge hears of it. */
  async function inOrg(act: (admin: Awaited<ReturnType<typeof connectAdmin>>) => Promise<void>) {
    await act(await connectAdmin(world, org.state));
    await bridgeIs.untilKnown(clock.now(), clock.now);
  }
  const repeated = (messages: readonly Message[]): readonly Message[] => {
    const topics = new Set(REPEATING.map((device) => `plant/pump/${keyOf(device)}/telemetry`));
    return messages.filter(({ topic }) => topics.has(topic));
  };
  let isUp = true;
  let [cut, cutEnd] = [0, 0];
  /** What happens at an hour beside its readings, before they are sent. */
  async function happen(hour: number): Promise<void> {
    if (hour === AT.sale) await inOrg((admin) => people.sale(admin));
    if (hour === AT.orgDown) {
      org.kill('SIGKILL');
      await org.ended;
      isUp = false;
    }
    if (hour === AT.orgUp) {
      Object.assign(org, await world.startOrg([], clock.env));
      isUp = true;
    }
    // With what is sent meanwhile waiting at the broker.
    if (hour === AT.restart) await stop(bridge);
    if (hour === AT.mapped) await inOrg((admin) => people.map(admin));
    if (hour === AT.policy) {
      await inOrg((admin) => people.setLimits(admin, LIMITS.after, LIMITS.clearAfter));
      await untilInForce(world, org.state, POLICY_OF.temperature, 2);
    }
    if (hour === AT.badPolicy) {
      await inOrg((admin) => people.setLimits(admin, LIMITS.after, LIMITS.after + 20));
      await untilRefused(world, org.state);
    }
  }

  for (let hour = 0; hour < END; hour += STEP) {
    await clock.moveTo(start + hour * HOUR);
    await happen(hour);
    const messages = telemetry.at(hour);
    const before = sender.sent.length;
    const sending = sender.send(messages);
    if (hour === AT.swap) await inOrg((admin) => people.swap(admin));
    if (hour === AT.cut) {
      cut = start + hour * HOUR;
      const isMuted = () => sender.sent.length >= before + MUTE_AFTER || undefined;
      await waitFor('enough is sent', isMuted, PATIENCE_MS, 1);
      gate.mute();
      await bridgeIs.untilTaken(CUT_AFTER);
      await gate.close();
      await sending;
      await gate.open();
      cutEnd = cut + STEP * HOUR;
    }
    await sending;
    if (hour === AT.restart) {
      bridge = await world.startBridge(config, clock.env);
      bridgeIs = watch(bridge.httpUrl);
    }
    if (hour === AT.repeats) await sender.send(repeated(messages));
    if (hour === AT.lateData) await sender.send(telemetry.old());
    if (hour === AT.garbage) await sender.send(telemetry.garbage(hour));
    await bridgeIs.untilJudged(sender.sent.length - before);
    if (hour === AT.cut) await bridgeIs.untilQuiet();
    if (isUp) await bridgeIs.untilTold();
    if (Number.isInteger(hour)) say(`${clockTime(hour)}  ${sender.sent.length} messages sent`);
  }
  await clock.moveTo(start + END * HOUR);
  await stop(bridge);
  return {
    ...{ cut, cutEnd, shortFrom: start + AT.short * HOUR },
    ...{ sent: sender.sent, expected: expectedEpisodes(start) },
    ...readBridge(join(world.folder, 'bridge')),
    ...(await readOrg(await world.admin(org.state), names)),
  };
}

async function stop(bridge: Child): Promise<void> {
  bridge.kill('SIGTERM');
  assert.equal(await bridge.ended, 0);
}

async function untilInForce(world: World, state: OrgState, key: string, version: number) {
  const org = await world.admin(state);
  const soql =
    `SELECT COUNT() FROM Signal_Policy__c WHERE Policy_Key__c = '${key}' ` +
    `AND Bridge_Status__c = 'In Force' AND Version__c = ${version}`;
  const isSo = async () => ((await org.count(soql)) === 1 ? true : undefined);
  await waitFor(`${key} is in force in version ${version}`, isSo, PATIENCE_MS);
}

async function untilRefused(world: World, state: OrgState): Promise<void> {
  const org = await world.admin(state);
  const soql =
    `SELECT Bridge_Message__c FROM Signal_Policy__c WHERE Bridge_Status__c = 'Refused' ` +
    `AND Policy_Key__c = '${POLICY_OF.temperature}'`;
  const [policy] = await waitFor(
    'the policy is refused',
    async () => {
      const rows = await org.query(soql);
      return rows.length === 1 ? rows : undefined;
    },
    PATIENCE_MS,
  );
  assert.match(JSON.stringify(policy), /at most the Limit, 95\. Version 2 stays in force\./);
}
