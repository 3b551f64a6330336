/** The `grpc-status-details-bin` trailer: a google.rpc.Status with an ErrorInfo and, where repeating helps, a RetryInfo. */
import type { OutgoingHttpHeaders } from 'node:http2';
import { Metadata, type StatusObject } from '@grpc/grpc-js';
import { ErrorInfo, RetryInfo } from '../../gen/ts/google/rpc/error_details.ts';
import { Status } from '../../gen/ts/google/rpc/status.ts';
import { DOMAIN } from '../../gen/ts/symbolon/domain.ts';
import { ERROR_TABLE, reasonName } from '../calls/errors.ts';
import type { SymbolonError } from '../core/errors.ts';

export const STATUS_DETAILS_KEY = 'grpc-status-details-bin';
const TYPE_URL = 'type.googleapis.com/google.rpc';

export function grpcStatus(error: SymbolonError, requestId: string): StatusObject {
  const { grpc: code, reason } = ERROR_TABLE[error.code];
  const details = [
    {
      typeUrl: `${TYPE_URL}.ErrorInfo`,
      value: Buffer.from(
        ErrorInfo.encode({
          reason: reasonName(reason),
          domain: DOMAIN,
          metadata: { requestId },
        }).finish(),
      ),
    },
  ];
  if (error.retryAfterMs !== undefined) {
    const retryDelay = {
      seconds: Math.floor(error.retryAfterMs / 1_000),
      nanos: (error.retryAfterMs % 1_000) * 1_000_000,
    };
    details.push({ typeUrl: `${TYPE_URL}.RetryInfo`, value: Buffer.from(RetryInfo.encode({ retryDelay }).finish()) });
  }
  const metadata = new Metadata();
  metadata.set(STATUS_DETAILS_KEY, Buffer.from(Status.encode({ code, message: error.message, details }).finish()));
  metadata.set('x-request-id', requestId);
  return { code, details: error.message, metadata };
}

/** The same as trailers on HTTP/2, for what grpc-js does not answer. Without an id where nothing else tells of the call. */
export function trailersOf(error: SymbolonError, requestId = ''): OutgoingHttpHeaders {
  const { code, details, metadata } = grpcStatus(error, requestId);
  return { 'grpc-status': code, 'grpc-message': encodeURI(details), ...metadata.toHttp2Headers() };
}
