/** `@symbolon/server/connect`: guards a router of Connect, for its own protocol, gRPC and gRPC-Web. */
import { type Code, ConnectError, createContextKey, type HandlerContext, type Interceptor } from '@connectrpc/connect';
import type { Permission, Target } from '../access.ts';
import type { Caller } from '../caller.ts';
import { type Checker, type GuardOptions, noGuard } from './admit.ts';
import { admitMethods, type MethodOptions } from './methods.ts';
import { admitPermission, type PermissionChecker } from './permit.ts';
import { Refusal } from './refusals.ts';
import { RETRY_INFO, retryInfo } from './status-details.ts';
import { joinTwice } from './twice.ts';

export type { Access, Permission, Target } from '../access.ts';
export type { Caller } from '../caller.ts';
export type { Checker, GuardOptions } from './admit.ts';
export type { MethodOptions } from './methods.ts';
export type { PermissionChecker } from './permit.ts';

const CALLER = createContextKey<Caller | undefined>(undefined, { description: 'the caller that a guard let in' });

/**
 * An interceptor of a server that lets calls with a live token in, of unary methods and of streams. A token is looked at when its call
 * begins, and not again while a stream lasts.
 *
 * @throws SymbolonError when an option is wrong
 */
export function guard(verifier: Checker, options: MethodOptions = {}): Interceptor {
  const admitTo = admitMethods(verifier, options);
  joinTwice();
  return (next) => async (request) => {
    const admit = admitTo(`/${request.service.typeName}/${request.method.name}`);
    if (admit === undefined) {
      // Also where another guard let somebody in.
      request.contextValues.delete(CALLER);
      return next(request);
    }
    const authorization = request.header.get('authorization');
    const outcome = await admit(authorization === null ? [] : [authorization]);
    if (outcome instanceof Refusal) {
      throw toConnectError(outcome);
    }
    // Who gave up meanwhile repeats the call, and its handler would have run twice.
    request.signal.throwIfAborted();
    request.contextValues.set(CALLER, outcome);
    return next(request);
  };
}

/**
 * Who calls.
 *
 * @throws SymbolonError in a call that no guard let in, such as one of a public method
 */
export function callerOf(context: Pick<HandlerContext, 'values'>): Caller {
  const caller = context.values.get(CALLER);
  if (caller === undefined) {
    throw noGuard('give the router interceptors: [guard(verifier)], and leave the method out of publicMethods');
  }
  return caller;
}

/**
 * A function that handlers call before all else, behind a guard or without one: it answers who calls, or throws the error that the guard would.
 * `const mayRead = requirePermission(verifier, 'READ_DEVICE', (request) => ({ deviceId: request.deviceId }))`, and in the handler
 * `await mayRead(request, context)`. Without `target` it is about the user or device that the token stands for. It fails as `target` does.
 *
 * @throws SymbolonError when an option is wrong
 */
export function requirePermission<Request>(
  verifier: PermissionChecker,
  permission: Permission,
  target?: (request: Request, context: HandlerContext) => Target | Promise<Target>,
  options: GuardOptions = {},
): (request: Request, context: HandlerContext) => Promise<Caller> {
  const permit = admitPermission(verifier, permission, target, options);
  joinTwice();
  return async (request, context) => {
    const authorization = context.requestHeader.get('authorization');
    const all = authorization === null ? [] : [authorization];
    const outcome = await permit(all, () => target?.(request, context) ?? {});
    if (outcome instanceof Refusal) {
      throw toConnectError(outcome);
    }
    context.values.set(CALLER, outcome);
    return outcome;
  };
}

function toConnectError(refusal: Refusal): ConnectError {
  const error = new ConnectError(refusal.message, refusal.grpcCode as Code, refusal.headers);
  if (refusal.retryAfterMs !== undefined) {
    error.details = [{ type: RETRY_INFO, value: retryInfo(refusal) }];
  }
  return error;
}
