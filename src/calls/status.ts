/** A failed call as a google.rpc.Status: with an ErrorInfo and, where repeating helps, a RetryInfo. The same at every door. */
import { ErrorInfo, RetryInfo } from '../../gen/ts/google/rpc/error_details.ts';
import type { Status } from '../../gen/ts/google/rpc/status.ts';
import { DOMAIN } from '../../gen/ts/symbolon/domain.ts';
import type { SymbolonError } from '../core/errors.ts';
import { ERROR_TABLE, reasonName } from './errors.ts';

const TYPE_URL = 'type.googleapis.com/google.rpc';

/** What is told of an error. */
export type ToldError = Pick<SymbolonError, 'code' | 'message' | 'retryAfterMs'> &
  Partial<Pick<SymbolonError, 'about' | 'endedBy'>>;

export function toStatus(error: ToldError, requestId: string): Status {
  const { code, message, retryAfterMs } = error;
  const { grpc, reason } = ERROR_TABLE[code];
  const info = { reason: reasonName(reason), domain: DOMAIN, metadata: metadataOf(error, requestId) };
  const details = [{ typeUrl: `${TYPE_URL}.ErrorInfo`, value: Buffer.from(ErrorInfo.encode(info).finish()) }];
  if (retryAfterMs !== undefined) {
    const retryDelay = { seconds: Math.floor(retryAfterMs / 1_000), nanos: (retryAfterMs % 1_000) * 1_000_000 };
    details.push({ typeUrl: `${TYPE_URL}.RetryInfo`, value: Buffer.from(RetryInfo.encode({ retryDelay }).finish()) });
  }
  return { code: grpc, message, details };
}

/** Of what is taken the field alone: its value may be somebody's address. */
function metadataOf({ code, about, endedBy }: ToldError, requestId: string): Record<string, string> {
  return {
    ...(requestId === '' ? {} : { requestId }),
    ...(code === 'already_exists' && about !== undefined ? { field: about.field } : {}),
    // As RevocationCause has it, without its prefix.
    ...(endedBy === undefined ? {} : { endedBy: endedBy.toUpperCase() }),
  };
}
