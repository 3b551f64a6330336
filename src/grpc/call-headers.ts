/** What is wrong with the header block of a call, before its message is read. */
import { SymbolonError } from '../core/errors.ts';

/** grpc-js and Node bound this only far above. */
const MAX_METADATA_BYTES = 8 * 1_024;
/** TimeoutValue and TimeoutUnit of the gRPC protocol. */
const TIMEOUT_FORM = /^([0-9]{1,8})([HMSmun])$/;
const HOUR_S = 3_600;
const UNIT_S: Readonly<Record<string, number>> = { H: HOUR_S, M: 60, S: 1 };

export type CallHeaders = Record<string, string | string[] | undefined>;

/** Mends what grpc-js would misread. `raw`: name and value in turn. */
export function headersError(headers: CallHeaders, raw: readonly string[]): SymbolonError | undefined {
  if (isTooLong(raw)) {
    return new SymbolonError('invalid_argument', `The metadata must be at most ${MAX_METADATA_BYTES} bytes`);
  }
  return headers['grpc-timeout'] === undefined ? undefined : timeoutError(headers, String(headers['grpc-timeout']));
}

export function isTooLong(raw: readonly string[]): boolean {
  let bytes = 0;
  for (const text of raw) {
    bytes += text.length;
  }
  return bytes > MAX_METADATA_BYTES;
}

function timeoutError(headers: CallHeaders, timeout: string): SymbolonError | undefined {
  const [, value, unit = ''] = TIMEOUT_FORM.exec(timeout) ?? [];
  if (value === undefined) {
    return new SymbolonError(
      'invalid_argument',
      'grpc-timeout must be 1 to 8 digits and a unit: H, M, S, m, u or n. Send 500m for half a second',
    );
  }
  // grpc-js counts in 32 bits of milliseconds. No call may take so long anyway.
  if (Number(value) * (UNIT_S[unit] ?? 0) > HOUR_S) {
    headers['grpc-timeout'] = '1H';
  }
  return undefined;
}
