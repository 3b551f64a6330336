/** The sockets of a channel: grpc-js leaves those open that are still being set up when it is closed. */
import type { Socket } from 'node:net';
import type { ChannelCredentials } from '@grpc/grpc-js';

export interface SocketListener {
  /** A connection is about to be made. What it throws fails the attempt. */
  readonly connecting?: () => void;
  /** TCP has connected; TLS and HTTP/2 are to be set up, for which grpc-js waits for ever. */
  readonly connected: (socket: Socket) => void;
}

/** Each connection is told of from now on. `credentials`: of one channel alone. */
export function watchSockets(credentials: ChannelCredentials, { connecting, connected }: SocketListener): void {
  const create = credentials._createSecureConnector.bind(credentials);
  credentials._createSecureConnector = (...args) => {
    const connector = create(...args);
    const { connect, waitForReady } = connector;
    connector.waitForReady = async () => {
      connecting?.();
      await waitForReady.call(connector);
    };
    connector.connect = (socket) => {
      connected(socket);
      return connect.call(connector, socket);
    };
    return connector;
  };
}
