import { generate } from 'mqtt-packet';

import { makeRandom } from '../../fleet/random.ts';

/** What a broker has agreed with the client that the frames are for. */
export interface FrameFormat {
  /** 4 is MQTT 3.1.1, 5 is MQTT 5. */
  readonly protocolVersion: 4 | 5;
  readonly qos: 0 | 1;
}

/** One message, as the plan wants it. */
export interface Planned {
  /** Number of the device, 0 to 9,999,999. */
  device: number;
  /** Device time in milliseconds since 1970. */
  at: number;
  /** Whether the vibration is beyond its limit. */
  beyond: boolean;
}

/**
 * Encoded PUBLISH frames, all of one length, in one buffer. Sending a frame again costs a few stores: device, time, packet
 * id, sequence number and the first digit of the vibration stand at the same places in all of them.
 */
export interface FrameRing {
  readonly bytes: Buffer;
  readonly frames: number;
  readonly frameBytes: number;
  /** Makes the frame in `slot` the message `planned`. `packetId`: 1 to 65,535; unused with QoS 0. */
  patch(slot: number, packetId: number, planned: Readonly<Planned>): void;
}

/** So many different sets of values; more than any cache line predictor or memo could profit from. */
export const RING_FRAMES = 8_192;

const DEVICE_DIGITS = 7;
const SEQUENCE_DIGITS = 10;
const FIRST_SEQUENCE = 1_000_000_000;
const LAST_SEQUENCE = 2_100_000_000;
const ZERO = 48;
/** First digit of a vibration beyond its limit of 7.1 mm/s. */
const BEYOND = ZERO + 9;

/** The key of a device, as it stands in topics. */
export const deviceKey = (device: number): string =>
  `pump-${String(device).padStart(DEVICE_DIGITS, '0')}`;

/** Encodes the ring; values come from `seed`, healthy ones of a pump. */
export function makeFrameRing(
  { protocolVersion, qos }: FrameFormat,
  frames = RING_FRAMES,
  seed = 1,
): FrameRing {
  const random = makeRandom(seed);
  const between = (low: number, high: number, decimals: number): string =>
    (low + random.uniform() * (high - low)).toFixed(decimals);
  const encode = (): Buffer => {
    const metrics =
      `"vibration":${between(1.5, 3.5, 3)},"pressure":${between(5, 6, 3)},` +
      `"temperature":${between(60, 63, 3)},"flow":${between(101, 104, 2)}`;
    return generate(
      {
        cmd: 'publish',
        topic: `plant/pump/${deviceKey(0)}/telemetry`,
        payload: `{"ts":"${new Date(0).toISOString()}","seq":${FIRST_SEQUENCE},"metrics":{${metrics}}}`,
        qos,
        dup: false,
        retain: false,
        ...(qos === 0 ? {} : { messageId: 1 }),
      },
      { protocolVersion },
    );
  };
  const encoded = Array.from({ length: frames }, encode);
  const [first] = encoded;
  if (first === undefined) throw new Error('a ring needs one frame at least');
  const frameBytes = first.length;
  const odd = encoded.find(({ length }) => length !== frameBytes);
  if (odd !== undefined)
    throw new Error(`a frame has ${odd.length} bytes instead of ${frameBytes}`);
  const bytes = Buffer.concat(encoded);

  const behind = (text: string): number => first.indexOf(text) + text.length;
  const deviceAt = behind('/pump-');
  // The id stands behind the topic; with QoS 0 there is none.
  const idAt = qos === 0 ? -1 : behind('/telemetry');
  const timeAt = behind('"ts":"');
  const sequenceAt = behind('"seq":');
  const vibrationAt = behind('"vibration":');
  const healthy = Uint8Array.from(encoded, (frame) => frame[vibrationAt] ?? ZERO);

  let sequence = FIRST_SEQUENCE;
  let stampOf = -1;
  const stamp = Buffer.alloc(24);

  function digits(at: number, count: number, number: number): void {
    let rest = number | 0;
    for (let place = at + count - 1; place >= at; place -= 1) {
      const next = (rest / 10) | 0;
      bytes[place] = ZERO + rest - next * 10;
      rest = next;
    }
  }

  return {
    bytes,
    frames,
    frameBytes,
    patch(slot, packetId, { device, at, beyond }) {
      const from = slot * frameBytes;
      if (idAt > 0) {
        bytes[from + idAt] = packetId >> 8;
        bytes[from + idAt + 1] = packetId & 255;
      }
      if (at !== stampOf) {
        stamp.write(new Date(at).toISOString(), 'latin1');
        stampOf = at;
      }
      for (let index = 0; index < 24; index += 1)
        bytes[from + timeAt + index] = stamp[index] as number;
      digits(from + deviceAt, DEVICE_DIGITS, device);
      digits(from + sequenceAt, SEQUENCE_DIGITS, sequence);
      sequence = sequence === LAST_SEQUENCE ? FIRST_SEQUENCE : sequence + 1;
      bytes[from + vibrationAt] = beyond ? BEYOND : (healthy[slot] as number);
    },
  };
}
