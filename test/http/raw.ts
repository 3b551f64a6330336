/** A client that sends bytes and sees bytes. */
import { connect, type Socket } from 'node:net';
import type { HttpBed } from './support.ts';

export interface RawAnswer {
  readonly startLine: string;
  /** As they came: one line each. */
  readonly headerLines: readonly string[];
  readonly body: string;
}

/** A connection that sends and shows bytes. */
export class RawConnection {
  readonly socket: Socket;
  /** What arrived, by read. */
  readonly reads: string[] = [];
  readonly closed: Promise<void>;
  #waiting: (() => void)[] = [];

  private constructor(socket: Socket) {
    this.socket = socket;
    socket.on('data', (chunk) => {
      this.reads.push(chunk.toString('latin1'));
      this.#wake();
    });
    // A reset is a way of closing.
    socket.on('error', () => undefined);
    this.closed = new Promise((resolve) => {
      socket.once('close', () => {
        resolve();
        this.#wake();
      });
    });
  }

  static async open(address: string): Promise<RawConnection> {
    const colon = address.lastIndexOf(':');
    const host = address.slice(0, colon).replace(/[[\]]/g, '');
    return RawConnection.over(connect(Number(address.slice(colon + 1)), host), 'connect');
  }

  /** `event` tells that the socket is connected. */
  static async over(socket: Socket, event: 'connect' | 'secureConnect'): Promise<RawConnection> {
    await new Promise<void>((resolve, reject) => {
      socket.once(event, resolve);
      socket.once('error', reject);
    });
    return new RawConnection(socket);
  }

  send(bytes: string | Uint8Array): void {
    this.socket.write(bytes);
  }

  /** The next answer that has a Content-Length; undefined when the connection closes before it is whole. */
  async answer(): Promise<RawAnswer | undefined> {
    for (;;) {
      const text = this.reads.join('');
      const end = text.indexOf('\r\n\r\n');
      const [startLine = '', ...headerLines] = text.slice(0, end).split('\r\n');
      const length = /^content-length: (\d+)$/im.exec(headerLines.join('\n'))?.[1];
      const whole = end + 4 + Number(length);
      if (end >= 0 && text.length >= whole) {
        this.reads.splice(0, this.reads.length, text.slice(whole));
        return { startLine, headerLines, body: text.slice(end + 4, whole) };
      }
      if (this.socket.closed) {
        return undefined;
      }
      await new Promise<void>((resolve) => this.#waiting.push(resolve));
    }
  }

  #wake(): void {
    for (const resolve of this.#waiting.splice(0)) {
      resolve();
    }
  }
}

/** Sends one request on a connection of its own. */
export async function rawAnswer(bed: HttpBed, request: string | Uint8Array): Promise<RawAnswer | undefined> {
  const connection = await RawConnection.open(bed.http.address);
  connection.send(request);
  const answer = await connection.answer();
  connection.socket.destroy();
  return answer;
}

/** A request as bytes, with a Content-Length. */
export function rawPost(target: string, headerLines: readonly string[], body: string): string {
  const head = [
    `POST ${target} HTTP/1.1`,
    'Host: localhost',
    ...headerLines,
    `Content-Length: ${Buffer.byteLength(body)}`,
  ];
  return `${head.join('\r\n')}\r\n\r\n${body}`;
}
