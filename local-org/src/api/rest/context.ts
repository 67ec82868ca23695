import type { Dml } from '../../automation/dml.ts';
import type { Clock } from '../../clock.ts';
import type { OrgMetadata } from '../../metadata/schema.ts';
import type { RecordStore } from '../../store/records.ts';
import type { Access, Session } from '../access.ts';
import type { ApiCalls } from './apiCalls.ts';
import type { Cursors } from './cursors.ts';

/** An allocation of the org: how much there is and how much is left. */
export interface Allocation {
  readonly max: number;
  readonly remaining: number;
}

/** What the REST resources work with; made once. */
export interface RestParts {
  readonly store: RecordStore;
  readonly metadata: OrgMetadata;
  readonly dml: Dml;
  readonly access: Access;
  readonly clock: Clock;
  readonly calls: ApiCalls;
  readonly cursors: Cursors;
  /** Where this org is reached, known once it listens. */
  readonly instanceUrl: () => string;
  /** The allocations that the event bus counts, by the names of `/limits`. */
  readonly eventAllocations: () => Readonly<Record<string, Allocation>>;
}

/** One request (or subrequest of a composite one), free of HTTP. */
export interface ApiRequest {
  readonly method: string;
  /** Below `/services/data/vNN.N`, without a trailing slash: `/sobjects/Case`. */
  readonly path: string;
  readonly query: URLSearchParams;
  readonly body: unknown;
  /** `66.0` */
  readonly version: string;
  readonly session: Session;
  /** Lower-case names. */
  readonly headers: Readonly<Record<string, string | undefined>>;
}

export interface ApiResponse {
  readonly status: number;
  /** Absent for 204. */
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

/** The root of all resources of the request's version. */
export function baseOf(request: Pick<ApiRequest, 'version'>): string {
  return `/services/data/v${request.version}`;
}
