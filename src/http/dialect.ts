/** What a dialect brings: its routes, and how it writes a failure. */
import type { IncomingHttpHeaders } from 'node:http';
import type { FastifyInstance } from 'fastify';
import type { Tally } from '../calls/bounds.ts';
import type { CallAudience } from '../calls/call-record.ts';
import type { Services } from '../core/services/services.ts';
import type { Answer } from './answer.ts';
import type { Failure } from './failure.ts';

/** What the requests of a server have in common. */
export interface HttpContext extends CallAudience {
  readonly inFlight?: Tally | undefined;
  readonly services: Services;
}

/** What a failure is written by, besides its path. */
export interface FailedRequest {
  readonly id: string;
  /** As it was sent, with its query. */
  readonly url: string;
  readonly headers: IncomingHttpHeaders;
}

export interface Dialect {
  /** Every path that begins with it is this dialect's. */
  readonly prefix: string;
  /** Adds the routes to an instance that has the prefix. */
  register(instance: FastifyInstance, context: HttpContext): Promise<void>;
  /** `path`: that of the route where there is one, else as it was sent. */
  failure(failure: Failure, path: string, request: FailedRequest): Answer;
  /** What a person's browser is shown at a path that nothing is served at; undefined: what a program gets. */
  readonly forBrowser?: (failure: Failure, request: FailedRequest) => Answer | undefined;
}
