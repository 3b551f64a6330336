/**
 * What every call of the contract goes through around its operation, whichever door it came by: limits, the caller, the deadline, the
 * error, the record of it. It wraps the handlers, and is not an interceptor of a library (decision 0012).
 */
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
import { Tally } from './bounds.ts';
import { beginCall, type CallAudience, type CallRecord, finishCall } from './call-record.ts';
import { isOver, newDeadline, within } from './deadline.ts';
import { publicError } from './errors.ts';
import type { Method } from './method.ts';
import { peerAddress } from './peer.ts';
import { timedServices } from './timed-services.ts';

/** What the calls of a server have in common. */
export interface CallContext extends CallAudience {
  readonly services: Services;
  /** The calls in flight at all doors of the process. Absent: of this thread. */
  readonly inFlight?: Tally | undefined;
  /** How a door knows its callers where a credential does not tell. Absent: by their `authorization`. */
  readonly findCaller?: (header: (name: string) => string | undefined) => Promise<Caller>;
}

/** A call of the contract as its door received it. What costs something is read only where it is needed. */
export interface ReceivedCall<Request> {
  readonly record: CallRecord;
  /** Undefined where there is none. Doors refuse several before they make a call of it. */
  readonly authorization: string | undefined;
  /** Throws `invalid_argument` for what could not be decoded. */
  readonly request: Request;
  /** Throws `invalid_argument` for a timeout that could not be read. */
  readonly deadline: Instant;
  readonly isCancelled: boolean;
}

const MAX_CALLS_IN_FLIGHT = 4_096;
const RETRY_AFTER_MS = 500;

/** Of all doors together, where one thread has them all. */
const ownInFlight = new Tally();

/** Answers by one of the two; what `fail` is given may be told to the caller. */
export function runCall<Request, Response>(
  context: CallContext,
  method: Method<Request, Response>,
  call: ReceivedCall<Request>,
  succeed: (response: Response) => void,
  fail: (error: SymbolonError) => void,
): void {
  const { record } = call;
  const { inFlight = ownInFlight } = context;
  inFlight.add();
  beginCall(context, record, method.name, method.logLevel);
  const now = answerNow(context, method, call);
  if (now !== undefined) {
    inFlight.remove();
    finishCall(context, record);
    succeed(now);
    return;
  }
  answer(context, method, call).then(
    (response) => {
      inFlight.remove();
      finishCall(context, record);
      succeed(response);
    },
    (thrown: unknown) => {
      inFlight.remove();
      const error = publicError(thrown, record.requestId);
      record.code = error.code;
      record.cause = error.cause;
      finishCall(context, record);
      fail(error);
    },
  );
}

/** The same for a door that begins and finishes its records itself: one of HTTP lasts until its answer is sent. */
export async function carryOut<Request, Response>(
  context: CallContext,
  method: Method<Request, Response>,
  call: ReceivedCall<Request>,
): Promise<Response> {
  const { inFlight = ownInFlight } = context;
  inFlight.add();
  try {
    return await answer(context, method, call);
  } finally {
    inFlight.remove();
  }
}

/** Without a promise; undefined where only `carryOut` can tell, or has to refuse. Who is known to call is in the record then. */
export function answerNow<Request, Response>(
  { services, findCaller, inFlight = ownInFlight }: CallContext,
  { runNow }: Method<Request, Response>,
  call: ReceivedCall<Request>,
): Response | undefined {
  const { record } = call;
  // A call whose trace is kept tells what it waited for.
  if (runNow === undefined || findCaller !== undefined || record.trace?.isSampled === true) {
    return undefined;
  }
  try {
    requireRoom(inFlight);
    const caller = knownCaller(services, credentialOf(call.authorization));
    if (caller === undefined || isOver(call.deadline)) {
      return undefined;
    }
    record.caller = caller;
    return runNow(services, { caller, notes: record }, call.request);
  } catch {
    // It is thrown again where it is answered.
    return undefined;
  }
}

/** The caller comes first: who is nobody learns nothing about the request. */
async function answer<Request, Response>(
  context: CallContext,
  method: Method<Request, Response>,
  call: ReceivedCall<Request>,
): Promise<Response> {
  requireRoom(context.inFlight ?? ownInFlight);
  const { record } = call;
  // Introspect is timed only where its trace is kept.
  const isTimed = method.logLevel === 'info' || record.trace?.isSampled === true;
  const services = isTimed ? timedServices(context.services, record) : context.services;
  if (context.findCaller !== undefined) {
    record.caller = await within(
      deadlineOfAnybody(call),
      context.findCaller((name) => record.header(name)),
    );
    return answerFor(services, method, call, record.caller);
  }
  const credential = credentialOf(call.authorization);
  // Known callers are answered without a promise: this is the path that is taken thousands of times a second.
  const known = method.takesKnownCaller ? (record.caller ?? knownCaller(services, credential)) : undefined;
  const caller = known ?? (await within(deadlineOfAnybody(call), authenticate(services, credential, record)));
  record.caller = caller;
  const answering = answerFor(services, method, call, caller);
  if (known === undefined) {
    return answering;
  }
  // A caller that is known from before may have been cut off since, and then learns nothing about its request.
  return answering.catch(async (error: unknown): Promise<Response> => {
    const now = await within(deadlineOfAnybody(call), authenticate(services, credential, record));
    // What it has no right to by what was known, it may have been given since.
    const isOld = now.clientVersion !== known.clientVersion && error instanceof SymbolonError;
    if (isOld && error.code === 'permission_denied') {
      return answerFor(services, method, call, now);
    }
    throw error;
  });
}

/** Who is nobody does not learn that its timeout is malformed; a caller does, before its method runs. */
function deadlineOfAnybody(call: Pick<ReceivedCall<unknown>, 'deadline'>): Instant {
  try {
    return call.deadline;
  } catch {
    return newDeadline();
  }
}

/** Who makes a call that lasts, for which nothing known from before will do. */
export async function callerOf(
  { services, findCaller }: CallContext,
  record: CallRecord & { readonly authorization: string | undefined },
): Promise<Caller> {
  return findCaller === undefined
    ? authenticate(services, credentialOf(record.authorization), record)
    : findCaller((name) => record.header(name));
}

async function answerFor<Request, Response>(
  services: Services,
  method: Method<Request, Response>,
  call: ReceivedCall<Request>,
  caller: Caller,
): Promise<Response> {
  const { record, request, deadline } = call;
  if (isOver(deadline)) {
    throw new SymbolonError('deadline_exceeded', 'The deadline passed before the call was begun. Nothing was done');
  }
  const context: Call = {
    caller,
    deadline,
    notes: record,
    isAbandoned: () => call.isCancelled || isOver(deadline),
    // Only logins and changes ask for these.
    get address() {
      return peerAddress(record.remoteAddress);
    },
    get agent() {
      return record.header('user-agent');
    },
    get requestId() {
      return record.requestId;
    },
  };
  return within(deadline, method.run(services, context, request));
}

function requireRoom(inFlight: Tally): void {
  if (inFlight.all > MAX_CALLS_IN_FLIGHT) {
    throw new SymbolonError('overloaded', 'Too many calls are in flight. Repeat this one later', {
      retryAfterMs: RETRY_AFTER_MS,
    });
  }
}

/** Parsed `authorization` values: callers send the same one thousands of times a second. */
const parsed = new Map<string, CallerCredential>();
const MAX_PARSED = 1_000;

function credentialOf(value: string | undefined): CallerCredential | undefined {
  if (value === undefined) {
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
