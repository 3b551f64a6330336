/** A line of TCP that can be frozen, as a cut cable freezes it: nothing arrives, and nobody is told. It can also be slow. */
import { connect, createServer, type Server, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

/** What a slow line does to what comes back. */
export interface Slowness {
  /** How long each piece is on its way. */
  readonly delayMs: number;
  /** As many bytes pass at once, and then none for a moment. */
  readonly pieceBytes?: number;
}

const PIECE_PAUSE_MS = 2;
const FROZEN_PAUSE_MS = 5;

export class Line implements AsyncDisposable {
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  /** Those that were there when it froze. */
  #frozen: ReadonlySet<Socket> = new Set();
  readonly #flowing = new WeakSet<Socket>();
  #isFrozen = false;
  #slowness: Slowness | undefined;
  #freezesAt: string | undefined;
  #targetPort: number;
  port = 0;

  private constructor(targetPort: number) {
    this.#targetPort = targetPort;
    this.#server = createServer((near) => {
      const far = connect(this.#targetPort, '127.0.0.1');
      for (const [from, to] of [
        [near, far],
        [far, near],
      ] as const) {
        this.#sockets.add(from);
        let queue: Promise<void> | undefined;
        from.on('data', (data) => {
          if (this.#freezesAt !== undefined && data.includes(this.#freezesAt)) {
            this.freeze();
          }
          // What is slow stays before what comes after it.
          if (queue !== undefined || (this.#slowness !== undefined && from === far)) {
            const mine = this.#passSlowly(queue, data, to).then(() => {
              queue = queue === mine ? undefined : queue;
            });
            queue = mine;
            return;
          }
          if (!this.#isFrozen || this.#flowing.has(from)) {
            to.write(data);
          }
        });
        from.on('error', () => to.destroy());
        from.on('close', () => {
          this.#sockets.delete(from);
          to.destroy();
        });
        if (this.#isFrozen) {
          from.pause();
        }
      }
    });
  }

  static async start(targetPort: number): Promise<Line> {
    const line = new Line(targetPort);
    await new Promise<void>((resolve) => line.#server.listen(0, '127.0.0.1', resolve));
    const address = line.#server.address();
    line.port = typeof address === 'object' && address !== null ? address.port : 0;
    return line;
  }

  async #passSlowly(before: Promise<void> | undefined, data: Buffer, to: Socket): Promise<void> {
    const { delayMs, pieceBytes = data.length } = this.#slowness ?? { delayMs: 0 };
    await Promise.all([before, sleep(delayMs)]);
    for (let at = 0; at < data.length && !to.destroyed; at += pieceBytes) {
      while (this.#isFrozen && !to.destroyed) {
        await sleep(FROZEN_PAUSE_MS);
      }
      to.write(data.subarray(at, at + pieceBytes));
      await (pieceBytes < data.length ? sleep(PIECE_PAUSE_MS) : undefined);
    }
  }

  /** From now on, of what comes back; undefined: at once again. */
  slow(slowness: Slowness | undefined): void {
    this.#slowness = slowness;
  }

  /** New connections go there; those that there are stay where they are. */
  leadTo(targetPort: number): void {
    this.#targetPort = targetPort;
  }

  /** Freezes when this text comes along, which is lost. */
  freezeAt(text: string): void {
    this.#freezesAt = text;
  }

  freeze(): void {
    this.#isFrozen = true;
    this.#frozen = new Set(this.#sockets);
    for (const socket of this.#sockets) {
      socket.pause();
    }
  }

  /** Thaws the connections that were there when it froze, and no later one. */
  thawFirst(): void {
    for (const socket of this.#frozen) {
      this.#flowing.add(socket);
      socket.resume();
    }
  }

  thaw(): void {
    this.#isFrozen = false;
    this.#freezesAt = undefined;
    for (const socket of this.#sockets) {
      socket.resume();
    }
  }

  /** Ends all connections that there are; both ends notice. */
  cut(): void {
    for (const socket of this.#sockets) {
      socket.destroy();
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.cut();
    await new Promise((resolve) => this.#server.close(resolve));
  }
}
