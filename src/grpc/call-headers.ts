/** What is wrong with the header block of a call, before its message is read. */
import { grpcTimeoutMs } from '../calls/deadline.ts';
import { hasTwice, TWO_CALLERS } from '../calls/raw-headers.ts';
import { SymbolonError } from '../core/errors.ts';

/** grpc-js and Node bound this only far above. */
const MAX_METADATA_BYTES = 8 * 1_024;
const HOUR_MS = 3_600_000;

export type CallHeaders = Record<string, string | string[] | undefined>;

/**
 * What is wrong, or within how many milliseconds the call must be answered. Mends what grpc-js would misread. `raw`: name and value in
 * turn.
 */
export function timeoutOrError(headers: CallHeaders, raw: readonly string[]): SymbolonError | number {
  if (isTooLong(raw)) {
    return new SymbolonError('invalid_argument', `The metadata must be at most ${MAX_METADATA_BYTES} bytes`);
  }
  if (hasTwice(raw, 'authorization')) {
    return new SymbolonError('invalid_argument', TWO_CALLERS);
  }
  return headers['grpc-timeout'] === undefined
    ? Number.POSITIVE_INFINITY
    : timeoutOf(headers, String(headers['grpc-timeout']));
}

export function isTooLong(raw: readonly string[]): boolean {
  let bytes = 0;
  for (const text of raw) {
    bytes += text.length;
  }
  return bytes > MAX_METADATA_BYTES;
}

function timeoutOf(headers: CallHeaders, timeout: string): SymbolonError | number {
  try {
    const timeoutMs = grpcTimeoutMs(timeout);
    // grpc-js counts in 32 bits of milliseconds. No call may take so long anyway.
    if (timeoutMs > HOUR_MS) {
      headers['grpc-timeout'] = '1H';
    }
    return timeoutMs;
  } catch (error) {
    return error as SymbolonError;
  }
}
