/** Answering streams of HTTP/2 before grpc-js does, and noticing that it does. */
import {
  constants,
  type OutgoingHttpHeaders,
  type ServerHttp2Stream,
  type ServerStreamResponseOptions,
} from 'node:http2';

/** Calls when a call is answered with more than its end. */
export function onAnswer(stream: ServerHttp2Stream, call: () => void): void {
  const respond = stream.respond.bind(stream);
  stream.respond = (headers?: OutgoingHttpHeaders, options?: ServerStreamResponseOptions) => {
    if (options?.endStream !== true) {
      call();
    }
    respond(headers, options);
  };
}

/** A status where nothing was said yet, and a reset: the client shall send no more. */
export function answer(stream: ServerHttp2Stream, trailers: OutgoingHttpHeaders): void {
  if (stream.destroyed || stream.closed) {
    return;
  }
  stream.on('error', () => undefined);
  if (stream.headersSent) {
    stream.close(stream.writableFinished ? constants.NGHTTP2_NO_ERROR : constants.NGHTTP2_CANCEL);
    return;
  }
  stream.respond({ ':status': 200, 'content-type': 'application/grpc+proto', ...trailers }, { endStream: true });
  // After a whole answer this only says that the rest of the request is of no use (RFC 9113 section 8.1).
  stream.close(constants.NGHTTP2_NO_ERROR);
}
