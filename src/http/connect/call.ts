/** A request as a call of the contract. */
import type { FastifyRequest } from 'fastify';
import type { CallRecord } from '../../calls/call-record.ts';
import { grpcTimeoutMs, newDeadline } from '../../calls/deadline.ts';
import type { ReceivedCall } from '../../calls/run.ts';
import { SymbolonError } from '../../core/errors.ts';
import type { Instant } from '../../core/model.ts';
import type { Spoken } from './spoken.ts';

/** Milliseconds (the Connect protocol, "Timeout-Milliseconds"). */
const TIMEOUT_FORM = /^[0-9]{1,10}$/;
const VERSION = '1';

export class HttpCall<Request> implements ReceivedCall<Request> {
  readonly #request: FastifyRequest;
  readonly #spoken: Spoken;
  readonly #read: (body: Buffer) => Request;
  readonly #beginTime = Date.now();

  /** `read` throws `invalid_argument`. */
  constructor(request: FastifyRequest, spoken: Spoken, read: (body: Buffer) => Request) {
    this.#request = request;
    this.#spoken = spoken;
    this.#read = read;
  }

  get record(): CallRecord {
    return this.#request.record;
  }

  get authorization(): string | undefined {
    return this.#request.headers.authorization;
  }

  get request(): Request {
    const { headers, body } = this.#request;
    const version = headers['connect-protocol-version'];
    if (this.#spoken.protocol === 'connect' && version !== undefined && version !== VERSION) {
      throw new SymbolonError('invalid_argument', `connect-protocol-version must be ${VERSION}`);
    }
    return this.#read(Buffer.isBuffer(body) ? body : Buffer.alloc(0));
  }

  get deadline(): Instant {
    return Math.min(newDeadline(), this.#beginTime + this.#timeoutMs());
  }

  get isCancelled(): boolean {
    return this.#request.socket.destroyed;
  }

  #timeoutMs(): number {
    const isConnect = this.#spoken.protocol === 'connect';
    const name = isConnect ? 'connect-timeout-ms' : 'grpc-timeout';
    const value = this.#request.headers[name];
    if (value === undefined) {
      return Number.POSITIVE_INFINITY;
    }
    const text = String(value);
    if (!isConnect) {
      return grpcTimeoutMs(text);
    }
    if (!TIMEOUT_FORM.test(text)) {
      throw new SymbolonError('invalid_argument', `${name} must be 1 to 10 digits, in milliseconds`);
    }
    return Number(text);
  }
}
