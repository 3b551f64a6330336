/** The record of a request: what the log, numbers and traces know of it. */
import type { FastifyReply, FastifyRequest } from 'fastify';
import { CallRecord, type Door } from '../calls/call-record.ts';
import type { Answer } from './answer.ts';
import type { FailedRequest } from './dialect.ts';
import type { Failure } from './failure.ts';

declare module 'fastify' {
  interface FastifyRequest {
    record: RequestRecord;
  }
  interface FastifyContextConfig {
    /** The route's name in the log. */
    operation?: string;
    /** Logged at debug level when all is well. */
    isQuiet?: boolean;
    /** How the route writes a failure, where it is not as its dialect does; `thrown` may tell more. */
    failure?: (failure: Failure, thrown: unknown, request: FailedRequest) => Answer;
  }
}

export class RequestRecord extends CallRecord {
  readonly #request: FastifyRequest;
  readonly #reply: FastifyReply;
  /** Gone from a socket that was closed, which a request is logged after. */
  readonly #remoteAddress: string | undefined;

  constructor(request: FastifyRequest, reply: FastifyReply) {
    super();
    this.#request = request;
    this.#reply = reply;
    this.#remoteAddress = request.socket.remoteAddress;
  }

  /** Once the answer is sent, or its connection lost. Of an operation whose client went away nobody knows here how it ended. */
  end(): void {
    if (this.code === 'ok' && !this.#reply.raw.writableFinished) {
      this.code = 'aborted';
    }
  }

  override get door(): Door {
    return 'http';
  }

  override get route(): string | undefined {
    return this.#request.routeOptions.url;
  }

  override get httpMethod(): string {
    return this.#request.method;
  }

  override get status(): number | undefined {
    return this.#reply.raw.writableFinished ? this.#reply.statusCode : undefined;
  }

  override get isForOperation(): boolean {
    return this.#request.routeOptions.config?.operation !== undefined;
  }

  override get requestId(): string {
    return this.#request.id;
  }

  override get remoteAddress(): string | undefined {
    return this.#remoteAddress;
  }

  override header(name: string): string | undefined {
    const value = this.#request.headers[name];
    return typeof value === 'string' ? value : undefined;
  }
}

export function nameOf(request: FastifyRequest): string {
  const { config } = request.routeOptions;
  return config?.operation ?? (request.method === 'OPTIONS' && !request.is404 ? 'preflight' : 'unmatched');
}
