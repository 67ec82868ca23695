import type { DeviceKey, EpochMs } from './brand.ts';

declare const brand: unique symbol;
/** The id of a record in the org, 18 characters. */
export type RecordId = string & { readonly [brand]: 'RecordId' };

export const toRecordId = (text: string): RecordId => text as RecordId;

/** A time with a beginning that belongs to it and an end that does not; without an end it lasts. */
export interface Span {
  readonly from: EpochMs;
  readonly to?: EpochMs;
}

/** A device as the org knows it: `Signal_Device__c`. */
export interface DeviceRecord {
  readonly id: RecordId;
  readonly key: DeviceKey;
  /** Other names of the same device: serial number, MAC address, number in an ERP system. */
  readonly aliases: readonly string[];
  /** The Asset it is on now. */
  readonly assetId?: RecordId;
}

/** Which Asset a device was on, and when: `Signal_Installation__c`. Without an Asset where that was deleted. */
export interface Installation extends Span {
  readonly id: RecordId;
  readonly deviceId: RecordId;
  readonly assetId?: RecordId;
}

/** Whose an Asset was, and when: `Signal_Ownership__c`. Without an Account where that was deleted. */
export interface Ownership extends Span {
  readonly id: RecordId;
  readonly assetId: RecordId;
  readonly accountId?: RecordId;
}

/** An Asset and its Account of now. */
export interface AssetRecord {
  readonly id: RecordId;
  readonly accountId?: RecordId;
}

/**
 * Whom a signal is about, as of its time. What is not certain is left out, and `doubts` says why: a signal must not
 * reach the wrong customer.
 */
export interface Attribution {
  readonly deviceId?: RecordId;
  readonly installationId?: RecordId;
  readonly assetId?: RecordId;
  readonly accountId?: RecordId;
  /** Sentences for a person; none where everything is known. */
  readonly doubts: readonly string[];
}
