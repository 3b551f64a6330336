/** Something that listens where a server should, and the verifier that meets it. */
import { connect, createServer, type Server, type Socket } from 'node:net';
import { Verifier, type VerifierOptions } from '../../../sdk/typescript/server/src/index.ts';
import { ScriptedServer } from './scripted-server.ts';

/** Empty SETTINGS (RFC 9113 section 6.5). */
const SETTINGS = Buffer.from([0, 0, 0, 4, 0, 0, 0, 0, 0]);
/** GOAWAY of no stream (section 6.8). */
const GOAWAY = Buffer.concat([Buffer.from([0, 0, 8, 7, 0, 0, 0, 0, 0]), Buffer.alloc(8)]);

/** What a peer does with a connection. */
export const MANNERS = {
  silent: () => undefined,
  'HTTP/1': (socket: Socket) =>
    socket.once('data', () => socket.write('HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n')),
  garbage: (socket: Socket) => socket.write(Buffer.alloc(4_096, 0xaa)),
  'no stream': (socket: Socket) => socket.once('data', () => socket.write(Buffer.concat([SETTINGS, GOAWAY]))),
  'no stream, and an end': (socket: Socket) => socket.once('data', () => socket.end(Buffer.concat([SETTINGS, GOAWAY]))),
  'a reset': (socket: Socket) => socket.resetAndDestroy(),
  'an end': (socket: Socket) => socket.destroy(),
} satisfies Record<string, (socket: Socket) => unknown>;

export type Manner = keyof typeof MANNERS;

export class Peer implements AsyncDisposable {
  /** How many connections there were, and how many there are. */
  connections = 0;
  readonly open = new Set<Socket>();
  mostOpen = 0;
  readonly #server: Server;
  readonly #good: ScriptedServer;
  #isGood = false;

  private constructor(manner: Manner, good: ScriptedServer) {
    this.#good = good;
    this.#server = createServer((socket) => {
      this.connections += 1;
      this.open.add(socket);
      this.mostOpen = Math.max(this.mostOpen, this.open.size);
      socket.on('close', () => this.open.delete(socket));
      socket.on('error', () => undefined);
      if (this.#isGood) {
        this.#lead(socket);
      } else {
        socket.resume();
        MANNERS[manner](socket);
      }
    });
  }

  static async start(manner: Manner): Promise<Peer> {
    const peer = new Peer(manner, await ScriptedServer.start());
    await new Promise<void>((resolve) => peer.#server.listen(0, '127.0.0.1', resolve));
    return peer;
  }

  verifier(options: Partial<VerifierOptions> = {}): Verifier {
    const { port } = this.#server.address() as { port: number };
    return new Verifier({ address: `127.0.0.1:${port}`, clientId: 'verifier', clientSecret: 'sys_secret', ...options });
  }

  /** From now on it leads to a server that answers. */
  becomeGood(): ScriptedServer {
    this.#isGood = true;
    for (const socket of this.open) {
      socket.destroy();
    }
    return this.#good;
  }

  #lead(socket: Socket): void {
    const inner = connect(this.#good.port, '127.0.0.1');
    inner.on('error', () => socket.destroy());
    socket.on('close', () => inner.destroy());
    inner.on('close', () => socket.destroy());
    socket.pipe(inner).pipe(socket);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#server.close();
    for (const socket of this.open) {
      socket.destroy();
    }
    await this.#good[Symbol.asyncDispose]();
  }
}
