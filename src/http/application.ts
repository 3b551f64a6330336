/** What every request goes through around its handler: request id, limits, draining, failures, the log. */
import { type FastifyInstance, type FastifyReply, type FastifyRequest, fastify } from 'fastify';
import { beginCall, finishCall } from '../calls/call-record.ts';
import { hasTwice, TWO_CALLERS } from '../calls/raw-headers.ts';
import { REQUEST_ID_KEY, requestIdOf } from '../calls/request-id.ts';
import type { TlsFiles } from '../calls/tls.ts';
import { SymbolonError } from '../core/errors.ts';
import { type Answer, plainFailure, sendAnswer } from './answer.ts';
import type { Connections } from './connections.ts';
import type { Dialect, HttpContext } from './dialect.ts';
import { type Failure, failureOf, HttpError } from './failure.ts';
import { HEALTH, registerHealth, type ServingState } from './health.ts';
import { answerOptions, refuseTunnels, withKnownMethods } from './methods.ts';
import { createNodeServer } from './node-server.ts';
import { nameOf, RequestRecord } from './request-record.ts';
import { refuseUnreadable } from './unreadable.ts';

export interface ApplicationOptions {
  readonly context: HttpContext;
  readonly dialects: readonly Dialect[];
  readonly state: ServingState;
  readonly connections: Connections;
  readonly tls: TlsFiles | undefined;
}

const MAX_BODY_BYTES = 64 * 1_024;
const MAX_REQUESTS_IN_FLIGHT = 4_096;
/** On one connection, where a client sends the next before it was answered. */
const MAX_PIPELINED = 64;
const RETRY_AFTER_MS = 500;
/** Longer than any header, so that a name in a path that is too long is unknown and not another kind of error. */
const MAX_PATH_PARAMETER = 64 * 1_024;

/** No route has a schema. Fastify would load its compilers of them all the same, which takes a tenth of a second. */
const NO_SCHEMAS = { buildValidator: refuseSchema, buildSerializer: refuseSchema };

function refuseSchema(): never {
  throw new Error('no route has a schema');
}

export function buildApplication(options: ApplicationOptions): FastifyInstance {
  const { context, dialects, state, connections, tls } = options;
  const instance: FastifyInstance = fastify({
    // URLs may hold secrets; src/calls/call-log.ts says what is logged.
    logger: false,
    serverFactory: (handler) => createNodeServer(tls, withKnownMethods(handler)),
    genReqId: (request) => requestIdOf(request.headers[REQUEST_ID_KEY]),
    rewriteUrl: (request) => originForm(request.url ?? '/'),
    bodyLimit: MAX_BODY_BYTES,
    schemaController: { compilersFactory: NO_SCHEMAS },
    return503OnClosing: false,
    routerOptions: { ignoreTrailingSlash: true, maxParamLength: MAX_PATH_PARAMETER },
    clientErrorHandler: (error, socket) => refuseUnreadable(context.log, connections, error, socket),
    // These come before any hook.
    frameworkErrors: (error, request, reply) => {
      begin(options, request, reply);
      sendFailure(dialects, request, reply, error);
    },
  });
  connections.watch(instance.server, tls !== undefined);
  refuseTunnels(instance.server);
  // Each dialect reads bodies itself.
  instance.removeAllContentTypeParsers();
  addHooks(instance, options);
  answerOptions(instance);
  registerHealth(instance, context, state);
  for (const dialect of dialects) {
    instance.register((scope) => dialect.register(scope, context), { prefix: dialect.prefix });
  }
  return instance;
}

function addHooks(instance: FastifyInstance, options: ApplicationOptions): void {
  const { dialects, state, connections } = options;
  instance.addHook('onRequest', async (request, reply) => {
    begin(options, request, reply);
    requireRoom(request, state, connections);
    requireOneCaller(request);
  });
  instance.addHook('onSend', async ({ raw }, reply) => {
    // Node drops the answers after the one that says so.
    if (state.isDraining || (connections.isEnding(raw.socket) && connections.isLast(raw, reply.raw))) {
      reply.header('Connection', 'close');
    }
  });
  instance.setErrorHandler((error, request, reply) => sendFailure(dialects, request, reply, error));
  instance.setNotFoundHandler(() => {
    throw new HttpError('route_not_found', 'There is nothing at this path. Check it');
  });
}

function begin({ context, connections }: ApplicationOptions, request: FastifyRequest, reply: FastifyReply): void {
  const record = new RequestRecord(request, reply);
  request.record = record;
  beginCall(context, record, nameOf(request), request.routeOptions.config?.isQuiet === true ? 'debug' : 'info');
  reply.header('X-Request-Id', request.id);
  connections.begin(request.raw, reply.raw, () => {
    record.end();
    finishCall(context, record);
  });
}

/** Health is told whatever happens: a server that is only busy must not be taken for one that is down. */
function requireRoom({ raw, routeOptions }: FastifyRequest, state: ServingState, connections: Connections): void {
  if (routeOptions.config?.operation === HEALTH) {
    return;
  }
  if (state.isDraining) {
    throw new HttpError('draining', 'The server is shutting down. Repeat the request');
  }
  const { requestsInFlight } = connections;
  if (requestsInFlight > MAX_REQUESTS_IN_FLIGHT || connections.openOn(raw.socket) > MAX_PIPELINED) {
    throw new SymbolonError('overloaded', 'Too many requests are in flight. Repeat this one later', {
      retryAfterMs: RETRY_AFTER_MS,
    });
  }
}

function requireOneCaller({ raw }: FastifyRequest): void {
  if (hasTwice(raw.rawHeaders, 'authorization')) {
    throw new HttpError('malformed_request', TWO_CALLERS);
  }
}

function sendFailure(
  dialects: readonly Dialect[],
  request: FastifyRequest,
  reply: FastifyReply,
  thrown: unknown,
): FastifyReply {
  const failure = failureOf(thrown, request.id, request.routeOptions?.bodyLimit ?? MAX_BODY_BYTES);
  request.record.code = failure.code;
  request.record.cause = failure.cause;
  if (failure.code === 'body_too_large') {
    // Fastify would close at once, and the reset would overtake the answer while the client still sends. Node reads the rest
    // away, for as long as a request may take.
    reply.removeHeader('connection');
  }
  // The route's own path where there is one, for the one that was sent may be percent-encoded.
  const path = request.routeOptions?.url ?? request.url;
  const dialect = dialects.find(({ prefix }) => path.startsWith(prefix));
  const ofRoute = request.routeOptions?.config?.failure?.(failure, thrown, request);
  const forBrowser = request.routeOptions?.url === undefined ? pageFor(dialects, failure, request) : undefined;
  return sendAnswer(reply, ofRoute ?? forBrowser ?? dialect?.failure(failure, path, request) ?? plainFailure(failure));
}

function pageFor(dialects: readonly Dialect[], failure: Failure, request: FastifyRequest): Answer | undefined {
  for (const { forBrowser } of dialects) {
    const page = forBrowser?.(failure, request);
    if (page !== undefined) {
      return page;
    }
  }
  return undefined;
}

/** RFC 9112 section 3.2.2: a server must accept the absolute form, and embedded clients send it. */
function originForm(target: string): string {
  const rest = target.replace(/^https?:\/\/[^/?#]*/i, '');
  return rest.startsWith('/') || rest === '*' ? rest : `/${rest}`;
}
