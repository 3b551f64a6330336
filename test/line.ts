/** A line of TCP that can be frozen, as a cut cable freezes it: nothing arrives, and nobody is told. */
import { connect, createServer, type Server, type Socket } from 'node:net';

export class Line implements AsyncDisposable {
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  /** Those that were there when it froze. */
  #frozen: ReadonlySet<Socket> = new Set();
  readonly #flowing = new WeakSet<Socket>();
  #isFrozen = false;
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
        from.on('data', (data) => {
          if (this.#freezesAt !== undefined && data.includes(this.#freezesAt)) {
            this.freeze();
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
