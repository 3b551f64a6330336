/** Which calls are the server's fault, by OpenTelemetry's conventions: https://opentelemetry.io/docs/specs/semconv/rpc/grpc/ and /http/. */
import type { CallRecord } from './call-record.ts';
import { statusName } from './errors.ts';

const FAULTS = ['UNKNOWN', 'DEADLINE_EXCEEDED', 'UNIMPLEMENTED', 'INTERNAL', 'UNAVAILABLE', 'DATA_LOSS'];
const SERVER_ERROR = 500;

/** A request of HTTP that was not answered has no status. */
export function isFault({ door, code, status }: Pick<CallRecord, 'door' | 'code' | 'status'>): boolean {
  return door === 'http' ? status === undefined || status >= SERVER_ERROR : FAULTS.includes(statusName(code));
}
