/**
 * The streams of all connections, before grpc-js sees them: how many there may be, and for how long. grpc-js hands a call over when its
 * message is whole, and until then it would hold what has arrived for as long as the connection lasts.
 */
import { constants, type Http2Session, type OutgoingHttpHeaders, type ServerHttp2Stream } from 'node:http2';
import type { Bounds, Tally } from '../calls/bounds.ts';
import { REQUEST_ID_KEY, requestIdOf } from '../calls/request-id.ts';
import { type CallHeaders, isTooLong, timeoutOrError } from './call-headers.ts';
import { correctStatus } from './compressed-calls.ts';
import type { Connection } from './connections.ts';
import { answer, onAnswer } from './http2-answers.ts';
import { CROWDED, EXPIRED, FULL, LATE, REFLECTED } from './refusals.ts';
import { trailersOf } from './status-details.ts';
import { ARRIVAL_SPAN, ARRIVAL_TICKS, arrivalTicks, TICK_MS } from './ticks.ts';

/** Calls whose message is on its way. Of each up to 192 KiB are held. */
const MAX_ARRIVING = 256;
/** More for each further thread: what one connection may send at once is on its way for a moment, in all threads at once. */
const MORE_ARRIVING = 128;
/** How many give way at once: to find them takes a look at all. */
const MAKING_ROOM = 32;
/** Calls of one connection that were ended here within a short time: all that it may have open, twice. Then it is ended itself. */
const MAX_ENDED = 256;
/** What a header block that is too long counts for: its text was held, however soon it was refused. */
const LONG_HEADERS = 32;
/** All but watches, which are bounded where they are served. */
const MAX_OPEN = 4_096;
/** Tools keep one open while they ask, and an answer is the whole contract. */
const MAX_REFLECTIONS = 16;
/** Of the oldest, how many are looked at for one that may give way. */
const MAX_LOOKED_AT = 64;
const ENDED_TICKS = 15_000 / TICK_MS;
/** More than a message and an answer may take. What is open then was answered, and its client takes no answer. */
const LIFE_TICKS = 30_000 / TICK_MS;

const WATCH = '/grpc.health.v1.Health/Watch';
/** Begun, it is one of the watchers, which src/watch bounds. */
const WATCH_REVOCATIONS = '/symbolon.v1.TokenService/WatchRevocations';
const REFLECTION = '/grpc.reflection.';

export class Streams {
  /** The oldest first: the tick in which each came, times the span, and within how many its message must be whole. */
  readonly #open = new Map<ServerHttp2Stream, number>();
  readonly #reflections = new Set<ServerHttp2Stream>();
  readonly #watches = new Set<ServerHttp2Stream>();
  /** Ended here, and not closed yet. */
  readonly #ending = new Set<ServerHttp2Stream>();
  readonly #connectionOf: (session: Http2Session | undefined) => Connection | undefined;
  readonly #openTally: Tally;
  readonly #arriving: Tally;
  readonly #reflecting: Tally;
  readonly #maxArriving: number;
  #tick = 0;

  constructor(connectionOf: (session: Http2Session | undefined) => Connection | undefined, bounds: Bounds) {
    this.#connectionOf = connectionOf;
    this.#openTally = bounds.tally('grpc-streams');
    this.#arriving = bounds.tally('grpc-arriving');
    this.#reflecting = bounds.tally('reflections');
    this.#maxArriving = MAX_ARRIVING + (bounds.threads - 1) * MORE_ARRIVING;
  }

  get size(): number {
    return this.#open.size + this.#watches.size;
  }

  /** False: the stream was answered here. */
  admit(stream: ServerHttp2Stream, headers: CallHeaders, raw: readonly string[]): boolean {
    const timeout = timeoutOrError(headers, raw);
    const refusal =
      typeof timeout === 'number' ? this.#fullness() : trailersOf(timeout, requestIdOf(headers[REQUEST_ID_KEY]));
    const connection = this.#connectionOf(stream.session);
    if (refusal !== undefined) {
      const { session } = stream;
      answer(stream, refusal);
      this.#countEnded(session, connection, isTooLong(raw) ? LONG_HEADERS : 0);
      return false;
    }
    const path = headers[':path'];
    if (typeof path === 'string' && path.startsWith('/grpc.') && !this.#admitSpecial(stream, path)) {
      return false;
    }
    if (headers['grpc-encoding'] !== undefined && headers['grpc-encoding'] !== 'identity') {
      correctStatus(stream, () => requestIdOf(headers[REQUEST_ID_KEY]));
    }
    if (connection !== undefined) {
      connection.openStreams += 1;
    }
    this.#open.set(stream, this.#tick * ARRIVAL_SPAN + arrivalTicks(timeout as number));
    this.#openTally.add();
    this.#arriving.add();
    if (path === WATCH_REVOCATIONS) {
      onAnswer(stream, () => this.#onWatch(stream, connection));
    }
    stream.once('end', () => this.#onWhole(stream, connection));
    stream.once('close', () => this.#onClose(stream, connection));
    if (this.#arriving.all > this.#maxArriving) {
      this.#makeRoom();
    }
    return true;
  }

  /** Every `TICK_MS`. */
  tick(): void {
    this.#tick += 1;
    for (const [stream, arrival] of this.#open) {
      const age = this.#tick - Math.floor(arrival / ARRIVAL_SPAN);
      const allowed = arrival % ARRIVAL_SPAN;
      const isLate = age > LIFE_TICKS;
      if (isLate && stream.closed) {
        // The reset does not go out: the client does not even read.
        stream.session?.destroy();
      } else if (isLate) {
        this.#end(stream, LATE);
      } else if (age >= allowed && this.#isArriving(stream) && !this.#reflections.has(stream)) {
        this.#end(stream, allowed < ARRIVAL_TICKS ? EXPIRED : LATE);
      }
    }
  }

  #onWhole(stream: ServerHttp2Stream, connection: Connection | undefined): void {
    connection?.onCall();
    if (!this.#ending.has(stream) && !this.#watches.has(stream)) {
      this.#arriving.remove();
    }
  }

  /** Its caller is known and it was answered, so it is not a stranger's any more, and may last. */
  #onWatch(stream: ServerHttp2Stream, connection: Connection | undefined): void {
    if (this.#ending.has(stream)) {
      return;
    }
    connection?.onCall();
    if (this.#isArriving(stream)) {
      this.#arriving.remove();
    }
    this.#forget(stream);
    this.#watches.add(stream);
  }

  #onClose(stream: ServerHttp2Stream, connection: Connection | undefined): void {
    if (connection !== undefined) {
      connection.openStreams -= 1;
      connection.idleTicks = 0;
    }
    if (this.#isArriving(stream)) {
      this.#arriving.remove();
    }
    this.#forget(stream);
    this.#ending.delete(stream);
    this.#watches.delete(stream);
    if (this.#reflections.delete(stream)) {
      this.#reflecting.remove();
    }
  }

  #forget(stream: ServerHttp2Stream): void {
    if (this.#open.delete(stream)) {
      this.#openTally.remove();
    }
  }

  #isArriving(stream: ServerHttp2Stream): boolean {
    return !stream.readableEnded && !this.#ending.has(stream) && !this.#watches.has(stream);
  }

  #admitSpecial(stream: ServerHttp2Stream, path: string): boolean {
    if (path === WATCH) {
      // From then on it is one of the watches.
      stream.once('end', () => this.#forget(stream));
    } else if (path.startsWith(REFLECTION)) {
      if (this.#reflecting.all >= MAX_REFLECTIONS) {
        answer(stream, REFLECTED);
        return false;
      }
      this.#reflections.add(stream);
      this.#reflecting.add();
    }
    return true;
  }

  #fullness(): OutgoingHttpHeaders | undefined {
    if (this.#openTally.all < MAX_OPEN) {
      return undefined;
    }
    let looked = 0;
    for (const stream of this.#open.keys()) {
      // One that was answered, or whose message is on its way: nothing is computed for it.
      if (!stream.closed && (stream.headersSent || this.#isArriving(stream))) {
        this.#end(stream, CROWDED);
        return undefined;
      }
      looked += 1;
      if (looked === MAX_LOOKED_AT) {
        break;
      }
    }
    return FULL;
  }

  /** The oldest go, of the peer that has most. */
  #makeRoom(): void {
    const ofPeers = new Map<string, ServerHttp2Stream[]>();
    let greediest: ServerHttp2Stream[] = [];
    for (const stream of this.#open.keys()) {
      if (this.#isArriving(stream)) {
        const peer = this.#connectionOf(stream.session)?.peer ?? '';
        const own = ofPeers.get(peer) ?? [];
        own.push(stream);
        ofPeers.set(peer, own);
        greediest = own.length > greediest.length ? own : greediest;
      }
    }
    for (const stream of greediest.slice(0, MAKING_ROOM)) {
      this.#end(stream, CROWDED);
    }
  }

  #end(stream: ServerHttp2Stream, trailers: OutgoingHttpHeaders): void {
    if (this.#isArriving(stream)) {
      this.#arriving.remove();
    }
    this.#ending.add(stream);
    const { session } = stream;
    answer(stream, trailers);
    this.#countEnded(session, this.#connectionOf(session), 1);
  }

  /** A connection whose calls have to be ended again and again is ended itself. */
  #countEnded(session: Http2Session | undefined, connection: Connection | undefined, weight: number): void {
    if (connection === undefined || weight === 0) {
      return;
    }
    if (this.#tick - connection.endedSince > ENDED_TICKS) {
      connection.endedSince = this.#tick;
      connection.endedStreams = 0;
    }
    connection.endedStreams += weight;
    if (connection.endedStreams >= MAX_ENDED && session !== undefined && !session.destroyed) {
      session.goaway(constants.NGHTTP2_ENHANCE_YOUR_CALM);
      session.destroy();
    }
  }
}
