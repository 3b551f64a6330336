/**
 * A proxy of gRPC before the real server, which counts the calls of each method and does to them what lines and proxies do: an answer
 * is lost after the server has given it, or is late, or the server can't be reached. Calls of one answer only; without TLS.
 */
import {
  type ClientHttp2Session,
  connect,
  constants,
  createServer,
  type Http2Server,
  type IncomingHttpHeaders,
  type OutgoingHttpHeaders,
  type ServerHttp2Session,
  type ServerHttp2Stream,
} from 'node:http2';
import type { AddressInfo } from 'node:net';

const OK = '0';
const UNAVAILABLE = '14';
/** Of RFC 9113 section 8.2.2 and what each side says of itself. */
const OWN_HEADERS = [':path', ':method', ':scheme', ':authority', ':status'];

/** `cut`: the line ends when the answer has come. `silence`: the answer never comes. `refuse`: the server is never asked. `hold`: the answer waits. */
export type Mishap = 'cut' | 'silence' | 'refuse' | 'hold';

interface Order {
  readonly does: Mishap;
  times: number;
}

interface Reply {
  readonly headers: OutgoingHttpHeaders;
  readonly body: Buffer;
  readonly trailers: OutgoingHttpHeaders | undefined;
}

export class Gate implements AsyncDisposable {
  readonly #server: Http2Server = createServer();
  readonly #sessions = new Set<ServerHttp2Session>();
  readonly #arrived = new Map<string, number>();
  readonly #answered = new Map<string, number>();
  readonly #orders = new Map<string, Order>();
  #held: (() => void)[] = [];
  #far: ClientHttp2Session | undefined;
  #targetPort: number;
  #isAway = false;
  port = 0;

  private constructor(targetPort: number) {
    this.#targetPort = targetPort;
    this.#server.on('session', (session) => {
      session.on('error', () => undefined);
      if (this.#isAway) {
        session.destroy();
        return;
      }
      this.#sessions.add(session);
      session.on('close', () => this.#sessions.delete(session));
    });
    this.#server.on('sessionError', () => undefined);
    this.#server.on('stream', (stream, headers) => void this.#serve(stream, headers));
  }

  static async start(targetPort: number): Promise<Gate> {
    const gate = new Gate(targetPort);
    await new Promise<void>((resolve) => gate.#server.listen(0, '127.0.0.1', resolve));
    gate.port = (gate.#server.address() as AddressInfo).port;
    return gate;
  }

  leadTo(targetPort: number): void {
    this.#targetPort = targetPort;
    this.#far?.destroy();
    this.#far = undefined;
  }

  /** How many calls of a method came. */
  arrived(method: string): number {
    return this.#arrived.get(method) ?? 0;
  }

  /** How many of them the server has answered, whether or not the caller knows. */
  answered(method: string): number {
    return this.#answered.get(method) ?? 0;
  }

  /** Does this to the next calls of a method, so many `times`. */
  order(method: string, does: Mishap, times: number): void {
    this.#orders.set(method, { does, times });
  }

  /** Lets all answers go that are held, and from now on nothing is done to calls. */
  release(): void {
    this.#orders.clear();
    const held = this.#held;
    this.#held = [];
    for (const go of held) {
      go();
    }
  }

  /** Nobody can reach the server, and every connection ends, until it is back. */
  set isAway(isAway: boolean) {
    this.#isAway = isAway;
    if (isAway) {
      for (const session of this.#sessions) {
        session.destroy();
      }
    }
  }

  async #serve(stream: ServerHttp2Stream, headers: IncomingHttpHeaders): Promise<void> {
    // A caller that gives up, and a line that is cut.
    stream.on('error', () => undefined);
    const method = (headers[':path'] ?? '').split('/').at(-1) ?? '';
    this.#arrived.set(method, this.arrived(method) + 1);
    const does = this.#next(method);
    if (does === 'refuse') {
      refuse(stream);
      return;
    }
    let reply: Reply;
    try {
      reply = await this.#ask(stream, headers);
    } catch {
      refuse(stream);
      return;
    }
    this.#answered.set(method, this.answered(method) + 1);
    if (does === 'hold') {
      await new Promise<void>((resolve) => this.#held.push(resolve));
    }
    if (does === 'cut') {
      stream.session?.destroy();
    } else if (does !== 'silence') {
      give(stream, reply);
    }
  }

  #next(method: string): Mishap | undefined {
    const order = this.#orders.get(method);
    if (order === undefined || order.times === 0) {
      return undefined;
    }
    order.times -= 1;
    return order.does;
  }

  #ask(stream: ServerHttp2Stream, headers: IncomingHttpHeaders): Promise<Reply> {
    if (this.#far === undefined || this.#far.closed || this.#far.destroyed) {
      this.#far = connect(`http://127.0.0.1:${this.#targetPort}`);
      this.#far.on('error', () => undefined);
    }
    const request = this.#far.request({ ':method': 'POST', ':path': headers[':path'], ...without(headers) });
    stream.pipe(request);
    stream.on('aborted', () => request.close(constants.NGHTTP2_CANCEL));
    return new Promise((resolve, reject) => {
      let head: OutgoingHttpHeaders = {};
      let trailers: OutgoingHttpHeaders | undefined;
      const pieces: Buffer[] = [];
      request.on('response', (received) => {
        head = { ':status': received[':status'], ...without(received) };
      });
      request.on('trailers', (received) => {
        trailers = without(received);
      });
      request.on('data', (piece: Buffer) => pieces.push(piece));
      request.on('error', reject);
      request.on('aborted', () => reject(new Error('the server gave up')));
      request.on('end', () => resolve({ headers: head, body: Buffer.concat(pieces), trailers }));
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.release();
    this.#far?.destroy();
    this.isAway = true;
    await new Promise((resolve) => this.#server.close(resolve));
  }
}

function without(headers: IncomingHttpHeaders): OutgoingHttpHeaders {
  return Object.fromEntries(Object.entries(headers).filter(([name]) => !OWN_HEADERS.includes(name)));
}

/** As a proxy says that it can't reach its server. */
function refuse(stream: ServerHttp2Stream): void {
  if (!stream.destroyed && !stream.headersSent) {
    const failed = { 'grpc-status': UNAVAILABLE, 'grpc-message': 'no healthy upstream' };
    stream.respond({ ':status': 200, 'content-type': 'application/grpc', ...failed }, { endStream: true });
  }
}

function give(stream: ServerHttp2Stream, { headers, body, trailers }: Reply): void {
  if (stream.destroyed) {
    return;
  }
  if (trailers === undefined && body.length === 0) {
    stream.respond(headers, { endStream: true });
    return;
  }
  stream.respond(headers, { waitForTrailers: true });
  stream.on('wantTrailers', () => stream.sendTrailers(trailers ?? { 'grpc-status': OK }));
  stream.end(body);
}
