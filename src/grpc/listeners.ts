/** Where the gRPC server listens: at every address of a host, at one port. grpc-js would listen itself, but can't share a port with threads. */
import { lookup } from 'node:dns/promises';
import { createServer, type Server, type Socket } from 'node:net';

export interface ListenOptions {
  /** `host:port`; port 0 takes a free one. */
  readonly address: string;
  /** Whether other threads listen there too. */
  readonly sharesPort: boolean;
  readonly onConnection: (socket: Socket) => void;
}

export interface Listeners {
  readonly port: number;
  /** From now on nobody can connect. Connections that are open stay; resolves when they have ended. */
  close(): Promise<void>;
}

/** Rejects when it can't listen at any of the addresses. */
export async function listen({ address, sharesPort, onConnection }: ListenOptions): Promise<Listeners> {
  const at = address.lastIndexOf(':');
  const hosts = await lookup(address.slice(0, at).replace(/^\[|\]$/g, ''), { all: true });
  let port = Number(address.slice(at + 1));
  const servers: Server[] = [];
  const errors: unknown[] = [];
  for (const { address: host } of hosts) {
    try {
      const server = await listenAt({ host, port, reusePort: sharesPort }, onConnection);
      servers.push(server);
      ({ port } = server.address() as { port: number });
    } catch (error) {
      errors.push(error);
    }
  }
  if (servers.length === 0) {
    throw errors[0];
  }
  const close = async () => {
    await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
  };
  return { port, close };
}

function listenAt(
  options: { readonly host: string; readonly port: number; readonly reusePort: boolean },
  onConnection: (socket: Socket) => void,
): Promise<Server> {
  const server = createServer({ noDelay: true }, onConnection);
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(options, () => {
      server.off('error', reject);
      // A connection that can't be accepted, for want of descriptors for example, does not end the server.
      server.on('error', () => undefined);
      resolve(server);
    });
  });
}
