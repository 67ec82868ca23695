import { status } from '@grpc/grpc-js';
import type { Metadata, ServerDuplexStream } from '@grpc/grpc-js';
import avro from 'avsc';

interface FetchRequest {
  readonly topicName: string;
  readonly replayPreset: 'LATEST' | 'EARLIEST' | 'CUSTOM';
  readonly replayId: Buffer;
  readonly numRequested: number;
}
export type SubscribeServerCall = ServerDuplexStream<FetchRequest, object>;
export interface Refusal {
  readonly code: number;
  readonly errorCode?: string;
}
type MakeError = (
  code: number,
  errorCode?: string,
) => { code: number; details: string; metadata: Metadata };

interface OpenCall {
  readonly call: SubscribeServerCall;
  position: number;
  pending: number;
}

/** The notices of a fake Pub/Sub API: what Subscribe answers, event by event. */
export interface FakeNotices {
  readonly topicName: string;
  /** Namespace prefix of the topic and its fields. */
  prefix: string;
  schemaId: string;
  canSubscribe: boolean;
  topicRefusal: Refusal | undefined;
  schemaRefusal: Refusal | undefined;
  /** Each new call ends with these, one a call, before anything else. */
  readonly callRefusals: Refusal[];
  /** Set to have no replay id known, as after 72 hours. */
  forgotten: boolean;
  schemaCalls: number;
  /** First requests of all calls: where each began. */
  readonly starts: FetchRequest[];
  /** `num_requested` of every request. */
  readonly asked: number[];
  /** The most events ever asked for and not yet sent. */
  mostPending: number;
  /** Open calls. */
  open(): number;
  publish(kind: string, recordId: string, schemaId?: string): void;
  publishRaw(payload: Buffer, schemaId?: string): void;
  /** Sends an empty response, as the server does within 270 s. */
  keepAlive(): void;
  /** Ends every open call; code 0 in order. */
  breakCalls(code: number, errorCode?: string): void;
  /** Sends no more than this many events a response. */
  perResponse: number;
  serve(call: SubscribeServerCall, makeError: MakeError): void;
}

export const noticeSchema = (prefix: string): string =>
  JSON.stringify({
    type: 'record',
    name: `${prefix}Signal_Notice__e`,
    namespace: 'com.sforce.eventbus',
    fields: [
      { name: 'CreatedDate', type: 'long' },
      { name: 'CreatedById', type: 'string' },
      { name: `${prefix}Kind__c`, type: ['null', 'string'], default: null },
      { name: `${prefix}Record_Id__c`, type: ['null', 'string'], default: null },
    ],
  });

/** Not eight bytes and not a number: a client must take it as it comes. */
const toReplayId = (position: number): Buffer => Buffer.from(`at:${position}:\u00ff`, 'latin1');
const fromReplayId = (bytes: Buffer): number | undefined => {
  const text = /^at:(\d+):\u00ff$/.exec(bytes.toString('latin1'))?.[1];
  return text === undefined ? undefined : Number(text);
};

export function makeFakeNotices(): FakeNotices {
  const events: { readonly payload: Buffer; readonly schemaId: string }[] = [];
  const calls = new Set<OpenCall>();
  let makeError: MakeError | undefined;

  function deliver(one: OpenCall): void {
    while (one.pending > 0 && one.position < events.length) {
      const count = Math.min(one.pending, events.length - one.position, fake.perResponse);
      const batch = events.slice(one.position, one.position + count);
      const from = one.position;
      one.position += count;
      one.pending -= count;
      one.call.write({
        events: batch.map(({ payload, schemaId }, index) => ({
          event: { id: `uuid-${from + index}`, schemaId, payload },
          replayId: toReplayId(from + index + 1),
        })),
        latestReplayId: toReplayId(one.position),
        rpcId: 'r',
        pendingNumRequested: one.pending,
      });
    }
  }
  const fail = (call: SubscribeServerCall, { code, errorCode }: Refusal): void => {
    if (code === 0) call.end();
    else call.emit('error', makeError?.(code, errorCode));
  };
  /** Undefined: refused. */
  function startOf(request: FetchRequest): number | undefined {
    if (request.replayPreset === 'LATEST') return events.length;
    if (request.replayPreset === 'EARLIEST') return 0;
    return fake.forgotten ? undefined : fromReplayId(request.replayId);
  }

  const fake: FakeNotices = {
    get topicName() {
      return `/event/${fake.prefix}Signal_Notice__e`;
    },
    prefix: '',
    schemaId: 'notice-0',
    canSubscribe: true,
    topicRefusal: undefined,
    schemaRefusal: undefined,
    callRefusals: [],
    forgotten: false,
    schemaCalls: 0,
    starts: [],
    asked: [],
    mostPending: 0,
    perResponse: 100,
    open: () => calls.size,
    publish(kind, recordId, schemaId) {
      const type = avro.Type.forSchema(JSON.parse(noticeSchema(fake.prefix)) as avro.Schema);
      const [kindField, recordField] = [`${fake.prefix}Kind__c`, `${fake.prefix}Record_Id__c`];
      const fields = { [kindField]: kind, [recordField]: recordId };
      const payload = type.toBuffer({ CreatedDate: 1, CreatedById: '005', ...fields });
      fake.publishRaw(payload, schemaId);
    },
    publishRaw(payload, schemaId = fake.schemaId) {
      events.push({ payload, schemaId });
      calls.forEach(deliver);
    },
    keepAlive() {
      for (const { call, position, pending } of calls) {
        const latestReplayId = toReplayId(position);
        call.write({ events: [], latestReplayId, rpcId: 'r', pendingNumRequested: pending });
      }
    },
    breakCalls(code, errorCode) {
      for (const { call } of calls)
        fail(call, { code, ...(errorCode !== undefined && { errorCode }) });
      calls.clear();
    },
    serve(call, withError) {
      makeError = withError;
      const one: OpenCall = { call, position: 0, pending: 0 };
      let isFirst = true;
      const leave = (): void => void calls.delete(one);
      call.on('end', () => {
        leave();
        call.end();
      });
      call.on('cancelled', leave);
      call.on('error', leave);
      call.on('data', (request: FetchRequest) => {
        fake.asked.push(request.numRequested);
        if (isFirst) {
          isFirst = false;
          fake.starts.push(request);
          const refusal = fake.callRefusals.shift();
          const position = startOf(request);
          if (refusal !== undefined) return fail(call, refusal);
          if (position === undefined) {
            const errorCode = 'subscription.fetch.replayid.corrupted';
            return fail(call, { code: status.INVALID_ARGUMENT, errorCode });
          }
          one.position = position;
          calls.add(one);
        }
        one.pending += request.numRequested;
        fake.mostPending = Math.max(fake.mostPending, one.pending);
        deliver(one);
      });
    },
  };
  return fake;
}
