/** How a failed call is told over gRPC: its status, and a `grpc-status-details-bin` trailer. */
import type { OutgoingHttpHeaders } from 'node:http2';
import { Metadata, type StatusObject } from '@grpc/grpc-js';
import { Status } from '../../gen/ts/google/rpc/status.ts';
import { REQUEST_ID_KEY } from '../calls/request-id.ts';
import { toStatus } from '../calls/status.ts';
import type { SymbolonError } from '../core/errors.ts';

export const STATUS_DETAILS_KEY = 'grpc-status-details-bin';

export function grpcStatus(error: SymbolonError, requestId: string): StatusObject {
  const told = toStatus(error, requestId);
  const metadata = new Metadata();
  metadata.set(STATUS_DETAILS_KEY, Buffer.from(Status.encode(told).finish()));
  if (requestId !== '') {
    metadata.set(REQUEST_ID_KEY, requestId);
  }
  return { code: told.code, details: told.message, metadata };
}

/** The same as trailers on HTTP/2, for what grpc-js does not answer. Without an id where nothing else tells of the call. */
export function trailersOf(error: SymbolonError, requestId = ''): OutgoingHttpHeaders {
  const { code, details, metadata } = grpcStatus(error, requestId);
  return { 'grpc-status': code, 'grpc-message': encodeURI(details.toWellFormed()), ...metadata.toHttp2Headers() };
}
