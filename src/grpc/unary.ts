/**
 * What every call goes through around its operation: request id, limits, the caller, the deadline, the error, the log. It wraps
 * the handlers, and is not an interceptor of grpc-js (decision 0012).
 */
import type { handleUnaryCall, Metadata, ServerUnaryCall } from '@grpc/grpc-js';
import type { Logger } from 'pino';
import { isOver, newDeadline, within } from '../calls/deadline.ts';
import { causesOf, publicError } from '../calls/errors.ts';
import { mayLogStranger } from '../calls/log-budget.ts';
import { addressOf, peerAddress } from '../calls/peer.ts';
import { REQUEST_ID_KEY, requestIdOf } from '../calls/request-id.ts';
import { SymbolonError } from '../core/errors.ts';
import type { Instant } from '../core/model.ts';
import {
  authenticate,
  type Call,
  type Caller,
  type CallerCredential,
  knownCaller,
  parseAuthorization,
} from '../core/operations/authenticate.ts';
import type { Services } from '../core/services/services.ts';
import { decodeMessage, Malformed } from './decode.ts';
import type { Method } from './methods/method.ts';
import { grpcStatus } from './status-details.ts';

/** What the calls of a server have in common. */
export interface CallContext {
  readonly services: Services;
  readonly log: Logger;
}

/** What is known of a call for its log line. */
class CallRecord {
  readonly startTime = performance.now();
  clientId: string | undefined;
  /** Whether nothing was shown that only some have: no caller, one that a name is enough for, or a token of nobody. */
  isStranger = true;
  readonly #metadata: Metadata;
  #requestId: string | undefined;

  constructor(metadata: Metadata) {
    this.#metadata = metadata;
  }

  /** Making one up costs more than most of the call, so that is done only for those who ask. */
  get requestId(): string {
    this.#requestId ??= requestIdOf(this.#metadata.get(REQUEST_ID_KEY)[0]);
    return this.#requestId;
  }
}

const MAX_CALLS_IN_FLIGHT = 4_096;
const RETRY_AFTER_MS = 500;

let callsInFlight = 0;

/** Makes a handler of grpc-js out of a method. */
export function unary<Request, Response>(
  context: CallContext,
  method: Method<Request, Response>,
): handleUnaryCall<Request | Malformed, Response> {
  return (call, callback) => {
    const record = new CallRecord(call.metadata);
    callsInFlight += 1;
    answer(context, method, call, record).then(
      (response) => {
        callsInFlight -= 1;
        if (context.log.isLevelEnabled(method.logLevel)) {
          logCall(context.log, method, record);
        }
        callback(null, response);
      },
      (thrown: unknown) => {
        callsInFlight -= 1;
        const error = publicError(thrown, record.requestId);
        logCall(context.log, method, record, error);
        callback(grpcStatus(error, record.requestId));
      },
    );
  };
}

/** A deserializer for grpc-js that hands malformed bytes on to the handler; thrown here they would be an INTERNAL error. */
export function lenient<T>(type: Parameters<typeof decodeMessage<T>>[0]): (bytes: Buffer) => T | Malformed {
  return (bytes) => decodeMessage(type, bytes);
}

/** The caller comes first: who is nobody learns nothing about the request. */
async function answer<Request, Response>(
  { services }: CallContext,
  method: Method<Request, Response>,
  call: ServerUnaryCall<Request | Malformed, Response>,
  record: CallRecord,
): Promise<Response> {
  requireRoom();
  const credential = credentialOf(call.metadata);
  // Known callers are answered without a promise: this is the path that is taken thousands of times a second.
  const known = method.takesKnownCaller ? knownCaller(services, credential) : undefined;
  const caller = known ?? (await authenticate(services, credential));
  record.clientId = caller.clientId;
  record.isStranger = caller.standings.includes('public') || caller.standings.includes('anonymous');
  const answering = answerFor(services, method, call, record, caller);
  if (known === undefined) {
    return answering;
  }
  // A caller that is known from before may have been cut off since, and then learns nothing about its request.
  return answering.catch(async (error: unknown): Promise<Response> => {
    const now = await authenticate(services, credential);
    // What it has no right to by what was known, it may have been given since.
    const isOld = now.clientVersion !== known.clientVersion && error instanceof SymbolonError;
    if (isOld && error.code === 'permission_denied') {
      return answerFor(services, method, call, record, now);
    }
    throw error;
  });
}

async function answerFor<Request, Response>(
  services: Services,
  method: Method<Request, Response>,
  call: ServerUnaryCall<Request | Malformed, Response>,
  record: CallRecord,
  caller: Caller,
): Promise<Response> {
  const { request } = call;
  if (request instanceof Malformed) {
    throw new SymbolonError('invalid_argument', request.message);
  }
  const deadline = deadlineOf(call);
  const context: Call = {
    caller,
    deadline,
    isAbandoned: () => call.cancelled || isOver(deadline),
    // Only logins and changes ask for these.
    get address() {
      return peerAddress(addressOf(call.getPeer()));
    },
    get requestId() {
      return record.requestId;
    },
  };
  return within(deadline, method.run(services, context, request));
}

function requireRoom(): void {
  if (callsInFlight > MAX_CALLS_IN_FLIGHT) {
    throw new SymbolonError('overloaded', 'Too many calls are in flight. Repeat this one later', {
      retryAfterMs: RETRY_AFTER_MS,
    });
  }
}

/** Parsed `authorization` values: callers send the same one thousands of times a second. */
const parsed = new Map<string, CallerCredential>();
const MAX_PARSED = 1_000;

function credentialOf(metadata: Metadata): CallerCredential | undefined {
  const values = metadata.get('authorization');
  const [value] = values;
  if (values.length !== 1 || typeof value !== 'string') {
    return undefined;
  }
  const known = parsed.get(value);
  if (known !== undefined) {
    return known;
  }
  const credential = parseAuthorization(value);
  if (credential !== undefined) {
    if (parsed.size >= MAX_PARSED) {
      parsed.clear();
    }
    parsed.set(value, credential);
  }
  return credential;
}

function deadlineOf(call: ServerUnaryCall<unknown, unknown>): Instant {
  const deadline = call.getDeadline();
  return Math.min(newDeadline(), typeof deadline === 'number' ? deadline : deadline.getTime());
}

function logCall(log: Logger, method: Method<never, unknown>, record: CallRecord, error?: SymbolonError): void {
  const level = error === undefined ? method.logLevel : error.code === 'internal' ? 'error' : 'info';
  if (
    level === 'info' &&
    error !== undefined &&
    record.isStranger &&
    !mayLogStranger(log, `${method.name} ${error.code}`)
  ) {
    return;
  }
  const { clientId, startTime, requestId } = record;
  const ms = Number((performance.now() - startTime).toFixed(3));
  const fields = { requestId, method: method.name, client: clientId, code: error?.code ?? 'ok', ms };
  log[level](error?.cause === undefined ? fields : { ...fields, cause: causesOf(error.cause) }, 'call');
}
