/** The sockets' limits. A slow, silent or greedy client costs a bounded time and a bounded part of the memory. */
import { createServer as createHttpServer, type RequestListener, type Server, type ServerOptions } from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import type { ServerOpts as NetServerOptions } from 'node:net';
import type { TlsFiles } from '../calls/tls.ts';
import { CanonicalResponse } from './header-case.ts';

const SECOND_MS = 1_000;

const LIMITS: ServerOptions & NetServerOptions = {
  // A client that has sent all it will is answered nevertheless (RFC 9112 section 9.6).
  allowHalfOpen: true,
  ServerResponse: CanonicalResponse,
  // Old firmware sends an absolute-form target and no Host (KiiThingSDK-Embedded-Core); nothing here depends on it.
  requireHostHeader: false,
  maxHeaderSize: 8 * 1_024,
  headersTimeout: 5 * SECOND_MS,
  requestTimeout: 10 * SECOND_MS,
  // How often the two above are looked after.
  connectionsCheckingInterval: SECOND_MS,
  // More than the 60 s after which common load balancers drop a connection, so that they, and not we, close it.
  keepAliveTimeout: 65 * SECOND_MS,
};
const MAX_HEADERS = 100;
const MAX_CONNECTIONS = 4_096;
const TLS_HANDSHAKE_MS = 5 * SECOND_MS;
/** For a client that takes no answer; longer than any request may take. */
const SOCKET_IDLE_MS = 30 * SECOND_MS;

export function createNodeServer(tls: TlsFiles | undefined, listener: RequestListener): Server {
  const server =
    tls === undefined
      ? createHttpServer(LIMITS, listener)
      : createHttpsServer(
          { ...LIMITS, ...contextOf(tls), ...clientsOf(tls), handshakeTimeout: TLS_HANDSHAKE_MS },
          listener,
        );
  // RFC 9110 section 10.1.1: an expectation that nobody knows may be ignored; Node would answer it without a body.
  server.on('checkExpectation', listener);
  server.maxHeadersCount = MAX_HEADERS;
  server.maxConnections = MAX_CONNECTIONS;
  server.setTimeout(SOCKET_IDLE_MS);
  // As `allowHalfOpen` for the requests on it. Node has had it since its first versions, and no documentation of it.
  Object.assign(server, { httpAllowHalfOpen: true });
  return server;
}

/** What new connections get. */
export function contextOf({ certificate, key, clientCa }: TlsFiles) {
  return { cert: certificate, key, ...(clientCa === undefined ? {} : { ca: clientCa }) };
}

/** A client without a certificate of the right issuer gets no connection. */
function clientsOf({ clientCa }: TlsFiles) {
  return clientCa === undefined ? {} : { requestCert: true, rejectUnauthorized: true };
}
