/** What is known of a request for its one log line: never a body, a query, a header, a token or a password. */
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Logger } from 'pino';
import { causesOf } from '../calls/errors.ts';
import { mayLogStranger } from '../calls/log-budget.ts';
import type { Answer } from './answer.ts';
import type { Failure, FailureCode } from './failure.ts';

export interface RequestRecord {
  readonly startTime: number;
  code: FailureCode | 'ok';
  /** Why the server failed, when it did. */
  cause: unknown;
  tenantId: string | undefined;
}

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
    failure?: (failure: Failure, thrown: unknown) => Answer;
  }
}

export function newRecord(): RequestRecord {
  return { startTime: performance.now(), code: 'ok', cause: undefined, tenantId: undefined };
}

export function logRequest(log: Logger, request: FastifyRequest, reply: FastifyReply): void {
  const { code, cause, startTime, tenantId } = request.record;
  const { config } = request.routeOptions;
  const isAnswered = reply.raw.writableFinished;
  const level = code === 'internal' ? 'error' : code === 'ok' && config?.isQuiet === true ? 'debug' : 'info';
  if (!log.isLevelEnabled(level)) {
    return;
  }
  const method = config?.operation ?? (request.method === 'OPTIONS' && !request.is404 ? 'preflight' : 'unmatched');
  // Of an operation whose client went away nobody knows here how it ended.
  const outcome = isAnswered || code !== 'ok' ? code : 'aborted';
  const isOfNoUse = outcome !== 'ok' || config?.operation === undefined;
  if (level === 'info' && isOfNoUse && !mayLogStranger(log, `${method} ${outcome}`)) {
    return;
  }
  const fields = {
    requestId: request.id,
    method,
    status: isAnswered ? reply.statusCode : undefined,
    code: outcome,
    ms: Number((performance.now() - startTime).toFixed(3)),
    tenant: tenantId,
  };
  log[level](cause === undefined ? fields : { ...fields, cause: causesOf(cause) }, 'request');
}
