/** After how long to repeat, as gRPC tells it. */
import { RetryInfo } from '../../../../../gen/ts/google/rpc/error_details.ts';
import { Status } from '../../../../../gen/ts/google/rpc/status.ts';
import type { Refusal } from './refusals.ts';

export const RETRY_INFO = 'google.rpc.RetryInfo';

/** Bytes of a RetryInfo. */
export function retryInfo({ retryAfterMs = 0 }: Refusal): Uint8Array {
  const seconds = Math.floor(retryAfterMs / 1_000);
  const nanos = Math.floor((retryAfterMs % 1_000) * 1_000_000);
  return RetryInfo.encode({ retryDelay: { seconds, nanos } }).finish();
}

/** What goes into `grpc-status-details-bin`. */
export function statusDetails(refusal: Refusal): Buffer {
  const details = [{ typeUrl: `type.googleapis.com/${RETRY_INFO}`, value: Buffer.from(retryInfo(refusal)) }];
  return Buffer.from(Status.encode({ code: refusal.grpcCode, message: refusal.message, details }).finish());
}
