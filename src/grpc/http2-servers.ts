/** The HTTP/2 servers below grpc-js, which has no options for what strangers may hold: see decision 0065. */
import { constants, type Http2SecureServer, type Http2Server, type ServerHttp2Stream } from 'node:http2';
import type { Server, ServerDuplexStream } from '@grpc/grpc-js';
import type { TlsFiles } from '../calls/tls.ts';

/** As Node hands it over: the header block once as an object and once as it came, name and value in turn. */
export type OnStream = (
  stream: ServerHttp2Stream,
  headers: Record<string, string | string[] | undefined>,
  flags: number,
  rawHeaders: readonly string[],
) => void;

/** One for each address that was bound. */
export function http2ServersOf(server: Server): readonly Http2Server[] {
  const { http2Servers } = server as unknown as { http2Servers?: Map<Http2Server, unknown> };
  if (!(http2Servers instanceof Map) || http2Servers.size === 0) {
    throw new Error('this version of grpc-js keeps its HTTP/2 servers elsewhere, and their limits could not be set');
  }
  return [...http2Servers.keys()];
}

/** Puts `admit` before what grpc-js does with a stream; false: it never sees the stream. */
export function beforeStreams(server: Http2Server, admit: (...call: Parameters<OnStream>) => boolean): void {
  const listeners = server.listeners('stream') as OnStream[];
  server.removeAllListeners('stream');
  server.on('stream', (...call: Parameters<OnStream>) => {
    if (admit(...call)) {
      for (const listener of listeners) {
        listener.apply(server, call);
      }
    }
  });
}

/** Ends a call whose client takes nothing any more, not even its status. */
export function cutOff(call: ServerDuplexStream<unknown, unknown>): void {
  const { call: inner } = call as unknown as { call?: { stream?: ServerHttp2Stream } };
  if (typeof inner?.stream?.close !== 'function') {
    throw new Error('this version of grpc-js keeps the streams of its calls elsewhere, and one could not be cut off');
  }
  inner.stream.close(constants.NGHTTP2_CANCEL);
}

/** As grpc-js sets its own, for its providers of certificates are experiments, and refuse all connections while a file is broken. */
export function setCertificate(server: Server, { certificate, key }: TlsFiles): void {
  // As grpc-js reads it at the start.
  const ciphers = process.env.GRPC_SSL_CIPHER_SUITES;
  for (const each of http2ServersOf(server)) {
    (each as unknown as Http2SecureServer).setSecureContext({ cert: certificate, key, ciphers });
  }
}
