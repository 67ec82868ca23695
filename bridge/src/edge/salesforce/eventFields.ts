import type { EnrichedSignal } from '../../ports/publisher.ts';

/** A value of an event as Avro carries it: DateTime as milliseconds, Number as double. */
export type FieldValue = string | number | boolean;

/** What contract version 1 says about one field of `Asset_Signal__e`. */
export type FieldRule =
  | { readonly kind: 'text'; readonly required: boolean; readonly maxLength: number }
  | {
      readonly kind: 'number';
      readonly required: boolean;
      readonly min: number;
      readonly max: number;
    }
  | { readonly kind: 'time'; readonly required: boolean };

const SCHEMA_VERSION = 1;
/** Number(18,6): twelve digits before the point. */
const DECIMAL = 999_999_999_999.999;

const text = (maxLength: number, required = false): FieldRule => ({
  kind: 'text',
  required,
  maxLength,
});
const number = (min: number, max: number, required = false): FieldRule => ({
  kind: 'number',
  required,
  min,
  max,
});
const time = (required = false): FieldRule => ({ kind: 'time', required });

/**
 * The fields of `Asset_Signal__e` that the bridge fills. The bus enforces neither presence nor
 * length, so the bridge does. A test holds this table against the package's metadata.
 */
export const eventRules = {
  Event_Key__c: text(64, true),
  Episode_Key__c: text(64, true),
  Phase__c: text(16, true),
  Schema_Version__c: number(1, 999, true),
  Signal_Type__c: text(80, true),
  Severity__c: text(16, true),
  Confidence__c: number(0, 1, true),
  Device_Key__c: text(120, true),
  Asset_Id__c: text(18),
  Account_Id__c: text(18),
  Installation_Id__c: text(18),
  Occurred_At__c: time(true),
  Occurred_At_Ms__c: number(0, 8_640_000_000_000_000, true),
  Detected_At__c: time(true),
  Metric__c: text(80),
  Value__c: number(-DECIMAL, DECIMAL),
  Baseline__c: number(-DECIMAL, DECIMAL),
  Unit__c: text(20),
  Snapshot__c: text(32_000),
  Explanation__c: text(2_000),
  Policy_Key__c: text(80, true),
  Policy_Version__c: number(0, 999_999_999, true),
  Detector__c: text(40, true),
  Source__c: text(80, true),
  Traceparent__c: text(55, true),
} as const satisfies Readonly<Record<string, FieldRule>>;

export type EventField = keyof typeof eventRules;

/** The fields of one event, without the prefix of a namespace; absent ones are null in the org. */
export function toEventFields({
  signal,
  identity,
}: EnrichedSignal): Readonly<Record<EventField, FieldValue | undefined>> {
  return {
    Event_Key__c: signal.eventKey,
    Episode_Key__c: signal.episodeKey,
    Phase__c: signal.phase,
    Schema_Version__c: SCHEMA_VERSION,
    Signal_Type__c: signal.signalType,
    Severity__c: signal.severity,
    Confidence__c: decimals(signal.confidence, 3),
    Device_Key__c: identity.device ?? signal.device,
    Asset_Id__c: identity.assetId,
    Account_Id__c: identity.accountId,
    Installation_Id__c: identity.installationId,
    Occurred_At__c: signal.occurredAt,
    Occurred_At_Ms__c: signal.occurredAt,
    Detected_At__c: signal.detectedAt,
    Metric__c: signal.metric,
    Value__c: signal.value === undefined ? undefined : decimals(signal.value, 6),
    Baseline__c: signal.baseline === undefined ? undefined : decimals(signal.baseline, 6),
    Unit__c: signal.unit,
    Snapshot__c: signal.snapshot,
    Explanation__c: signal.explanation,
    Policy_Key__c: signal.policyKey,
    Policy_Version__c: signal.policyVersion,
    Detector__c: signal.detector,
    Source__c: signal.source,
    // W3C Trace Context: one trace per episode, one span per event; 01 is "sampled".
    Traceparent__c: `00-${signal.episodeKey.slice(0, 32)}-${signal.eventKey.slice(0, 16)}-01`,
  };
}

/** Rounded to the scale of the field; most values come rounded, and to write a number out is slow. */
function decimals(value: number, scale: 3 | 6): number {
  const unit = scale === 3 ? 1e3 : 1e6;
  return Math.round(value * unit) / unit === value ? value : Number(value.toFixed(scale));
}

/** What is wrong with the fields by the contract, each naming its field; empty when all is well. */
export function findFieldProblems(
  fields: Readonly<Record<EventField, FieldValue | undefined>>,
): readonly string[] {
  const problems: string[] = [];
  // Object.entries loses the key type; the table above has exactly these keys.
  for (const [name, rule] of Object.entries(eventRules) as [EventField, FieldRule][]) {
    const value = fields[name];
    if (value === undefined || value === '') {
      if (rule.required) problems.push(`${name} is missing`);
    } else if (rule.kind === 'text') {
      if (typeof value !== 'string') problems.push(`${name} is not a text`);
      else if (value.length > rule.maxLength) {
        problems.push(
          `${name} has ${value.length} characters, at most ${rule.maxLength} are allowed`,
        );
      }
    } else if (typeof value !== 'number' || !Number.isFinite(value)) {
      problems.push(`${name} is ${String(value)}, a finite number is required`);
    } else if (rule.kind === 'number' && (value < rule.min || value > rule.max)) {
      problems.push(`${name} is ${value}, allowed is ${rule.min} to ${rule.max}`);
    }
  }
  return problems;
}
