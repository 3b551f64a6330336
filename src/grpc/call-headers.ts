/** What is wrong with the header block of a call, before its message is read. */
import { grpcTimeoutMs } from '../calls/deadline.ts';
import { SymbolonError } from '../core/errors.ts';

/** grpc-js and Node bound this only far above. */
const MAX_METADATA_BYTES = 8 * 1_024;
const HOUR_MS = 3_600_000;

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
  try {
    // grpc-js counts in 32 bits of milliseconds. No call may take so long anyway.
    if (grpcTimeoutMs(timeout) > HOUR_MS) {
      headers['grpc-timeout'] = '1H';
    }
    return undefined;
  } catch (error) {
    return error as SymbolonError;
  }
}
