/** grpc-js answers a compressed message that it can't read with INTERNAL, and gives no other way to say that the caller is at fault. */
import type { OutgoingHttpHeaders, ServerHttp2Stream, ServerStreamResponseOptions } from 'node:http2';
import { status } from '@grpc/grpc-js';
import { SymbolonError } from '../core/errors.ts';
import { trailersOf } from './status-details.ts';

/** What grpc-js says then, percent-encoded as on the wire. */
const CANNOT_DECOMPRESS = encodeURI('Failed to decompress message');
const ENCODINGS = 'identity,deflate,gzip';

/** Of a call whose messages are compressed. */
export function correctStatus(stream: ServerHttp2Stream, requestId: () => string): void {
  const respond = stream.respond.bind(stream);
  stream.respond = (headers?: OutgoingHttpHeaders, options?: ServerStreamResponseOptions) =>
    respond(corrected(headers ?? {}, requestId), options);
}

function corrected(headers: OutgoingHttpHeaders, requestId: () => string): OutgoingHttpHeaders {
  const { 'grpc-status': code, 'grpc-message': message } = headers;
  if (code === status.INTERNAL && message === CANNOT_DECOMPRESS) {
    const error = new SymbolonError(
      'invalid_argument',
      'The message could not be decompressed. Compress it as grpc-encoding says',
    );
    return { ...headers, ...trailersOf(error, requestId()) };
  }
  // The caller has to be told what it may send instead (compression.md of the gRPC protocol).
  return code === status.UNIMPLEMENTED ? { ...headers, 'grpc-accept-encoding': ENCODINGS } : headers;
}
