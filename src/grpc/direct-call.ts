/** One call that is answered without grpc-js: what `src/calls/run.ts` asks of it, read off its stream. */
import type { ServerHttp2Stream } from 'node:http2';
import { CallRecord, type Door } from '../calls/call-record.ts';
import { grpcTimeoutMs, newDeadline } from '../calls/deadline.ts';
import { REQUEST_ID_KEY, requestIdOf } from '../calls/request-id.ts';
import type { ReceivedCall } from '../calls/run.ts';
import { SymbolonError } from '../core/errors.ts';
import type { Instant } from '../core/model.ts';
import type { CallHeaders } from './call-headers.ts';
import { Malformed } from './messages/decode.ts';

export class DirectCall<Request> extends CallRecord implements ReceivedCall<Request> {
  readonly #stream: ServerHttp2Stream;
  readonly #headers: CallHeaders;
  readonly #message: Request | Malformed;
  readonly #began: Instant;
  #requestId: string | undefined;

  /** `began`: when its headers came, in real time. */
  constructor(stream: ServerHttp2Stream, headers: CallHeaders, message: Request | Malformed, began: Instant) {
    super();
    this.#stream = stream;
    this.#headers = headers;
    this.#message = message;
    this.#began = began;
  }

  get record(): CallRecord {
    return this;
  }

  override get door(): Door {
    return 'grpc';
  }

  override get route(): string {
    return String(this.#headers[':path']);
  }

  get authorization(): string | undefined {
    return this.header('authorization');
  }

  /** Values that came several times are joined with commas, which none of those that are asked for has. */
  override header(name: string): string | undefined {
    const value = this.#headers[name];
    return typeof value === 'string' && !value.includes(',') ? value : undefined;
  }

  get request(): Request {
    if (this.#message instanceof Malformed) {
      throw new SymbolonError('invalid_argument', this.#message.message);
    }
    return this.#message;
  }

  /** Making one up costs more than most of the call, so that is done only for those who ask. */
  override get requestId(): string {
    this.#requestId ??= requestIdOf(this.#headers[REQUEST_ID_KEY]);
    return this.#requestId;
  }

  get deadline(): Instant {
    const timeout = this.#headers['grpc-timeout'];
    const latest = newDeadline();
    return typeof timeout === 'string' ? Math.min(latest, this.#began + grpcTimeoutMs(timeout)) : latest;
  }

  get isCancelled(): boolean {
    return this.#stream.closed || this.#stream.destroyed;
  }

  override get remoteAddress(): string | undefined {
    return this.#stream.session?.socket.remoteAddress;
  }
}
