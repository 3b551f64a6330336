/** Keeps a stream to the server for as long as the verifier lives. */
import { randomBytes } from 'node:crypto';
import type { ErrorReason } from '../../../../gen/ts/symbolon/v1/error_reason.ts';
import { WatchRevocationsResponse } from '../../../../gen/ts/symbolon/v1/token_service.ts';
import type { Caller } from './caller.ts';
import type { Connection, WatchCall } from './connection.ts';
import { backoffMs, patienceMs } from './core/backoff.ts';
import { HEARTBEAT_MS, MAX_BOUND_MS } from './core/limits.ts';
import type { Stream, VerifierState } from './core/state.ts';
import { isHopeless, toSymbolonError } from './errors.ts';
import { toMessage } from './messages.ts';
import type { OnWatchEnd } from './options.ts';

/** A stream that lived for as long as this was no failure. */
const HEALTHY_MS = 2_000;

const REPLACED: keyof typeof ErrorReason = 'WATCHER_REPLACED';

export class Watch {
  readonly #state: VerifierState<Caller>;
  readonly #connection: Connection;
  readonly #onEnd: OnWatchEnd;
  readonly #beats: NodeJS.Timeout;
  #verifierId = newVerifierId();
  #call: WatchCall | undefined;
  #begunAt = 0;
  /** Whether the server said anything on it. */
  #isHeard = false;
  /** Since the last stream that went well. */
  #failures = 0;
  /** Lines that brought nothing, since the last that did. */
  #silentLines = 0;
  #retry: NodeJS.Timeout | undefined;

  constructor(state: VerifierState<Caller>, connection: Connection, onEnd: OnWatchEnd) {
    this.#state = state;
    this.#connection = connection;
    this.#onEnd = onEnd;
    this.#beats = setInterval(() => this.#beat(), HEARTBEAT_MS);
    this.#begin();
  }

  /** Something was mended: the next stream need not wait. */
  retryNow(): void {
    // Also for a stream that is being begun, and is going to end by what was wrong.
    this.#failures = 0;
    if (this.#retry !== undefined) {
      clearTimeout(this.#retry);
      this.#begin();
    }
  }

  close(): void {
    clearInterval(this.#beats);
    clearTimeout(this.#retry);
    this.#retry = undefined;
    const call = this.#call;
    this.#call = undefined;
    call?.cancel();
  }

  #begin(): void {
    this.#retry = undefined;
    const stream = this.#state.begin();
    const call = this.#connection.watch();
    this.#call = call;
    this.#begunAt = performance.now();
    this.#isHeard = false;
    call.on('data', (bytes: Buffer) => this.#receive(call, stream, bytes));
    call.on('error', (error) => this.#ended(call, error));
    call.on('end', () => this.#ended(call, new Error('the server ended the stream')));
    const { resumeRevision } = stream;
    const start = { verifierId: this.#verifierId, ...(resumeRevision === undefined ? {} : { resumeRevision }) };
    call.write({ start, heartbeat: this.#state.beat(), acknowledgedRevision: 0 });
  }

  #beat(): void {
    const call = this.#call;
    if (call === undefined) {
      return;
    }
    if (this.#state.silentMs >= patienceMs(MAX_BOUND_MS, this.#silentLines)) {
      this.#silentLines += 1;
      this.#connection.renew();
      this.#giveUp(call, new Error('the server answers no heartbeat'));
      return;
    }
    if (!this.#isHeard && !this.#connection.isConnected) {
      // All would leave together once it is, and that is more than a server takes.
      return;
    }
    // Its number before anything else: that is when its time is taken.
    const heartbeat = this.#state.beat();
    call.write({ start: undefined, heartbeat, acknowledgedRevision: this.#state.acknowledged });
  }

  #receive(call: WatchCall, stream: Stream, bytes: Buffer): void {
    try {
      const response = WatchRevocationsResponse.decode(bytes);
      const outcome = this.#state.receive(stream, toMessage(response));
      if (outcome === 'broken') {
        this.#giveUp(call, new Error('the server left out events'));
      } else if (outcome === 'applied') {
        this.#isHeard = true;
        this.#silentLines = this.#state.isOpen ? 0 : this.#silentLines;
        if (response.acknowledgeNow) {
          call.write({ start: undefined, heartbeat: 0, acknowledgedRevision: this.#state.acknowledged });
        }
      }
    } catch (error) {
      // It could not be read, or was applied in part: nothing that is kept can be trusted.
      if (call === this.#call) {
        this.#state.lose();
      }
      this.#giveUp(call, error);
    }
  }

  #giveUp(call: WatchCall, error: unknown): void {
    this.#ended(call, error);
    call.cancel();
  }

  /** Of a stream that is the current one no longer, nothing matters. */
  #ended(call: WatchCall, cause: unknown): void {
    if (call !== this.#call) {
      return;
    }
    this.#call = undefined;
    const error = toSymbolonError('The watch ended', cause);
    if (error.code === 'OUT_OF_RANGE') {
      this.#state.lose();
    }
    if (error.reason === REPLACED) {
      // Somebody else has this id, as two processes of one snapshot do.
      this.#verifierId = newVerifierId();
      this.#state.lose();
    }
    const earlier = performance.now() - this.#begunAt < HEALTHY_MS ? this.#failures : 0;
    this.#failures = earlier + 1;
    const { retryAfterMs } = error;
    const retryInMs = Math.ceil(backoffMs({ earlier, isHopeless: isHopeless(error), retryAfterMs }, Math.random()));
    this.#retry = setTimeout(() => this.#begin(), retryInMs);
    queueMicrotask(() => this.#onEnd(error, retryInMs));
  }
}

function newVerifierId(): string {
  return randomBytes(16).toString('base64url');
}
