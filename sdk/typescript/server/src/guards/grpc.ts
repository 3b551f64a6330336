/** `@symbolon/server/grpc`: guards a server of grpc-js. */
import { Metadata, ServerInterceptingCall, type ServerInterceptor, type ServiceError } from '@grpc/grpc-js';
import { SymbolonError } from '../../../client/src/internal.ts';
import type { Permission, Target } from '../access.ts';
import type { Caller } from '../caller.ts';
import { type Checker, type GuardOptions, noGuard } from './admit.ts';
import { admitMethods, type MethodOptions } from './methods.ts';
import { admitPermission, type PermissionChecker } from './permit.ts';
import { Refusal } from './refusals.ts';
import { statusDetails } from './status-details.ts';
import { joinTwice } from './twice.ts';

export type { Access, Permission, Target } from '../access.ts';
export type { Caller } from '../caller.ts';
export type { Checker, GuardOptions } from './admit.ts';
export type { MethodOptions } from './methods.ts';
export type { PermissionChecker } from './permit.ts';

type AuthContext = ReturnType<ServerInterceptingCall['getAuthContext']>;

const CALLER: unique symbol = Symbol('caller');

type WithCaller = AuthContext & { readonly [CALLER]?: Caller };

/**
 * An interceptor that lets calls with a live token in, of unary methods and of streams: `new Server({ interceptors: [guard(verifier)] })`.
 * A token is looked at when its call begins, and not again while a stream lasts.
 *
 * @throws SymbolonError when an option is wrong
 */
export function guard(verifier: Checker, options: MethodOptions = {}): ServerInterceptor {
  const admitTo = admitMethods(verifier, options);
  joinTwice();
  return ({ path }, call) => {
    const admit = admitTo(path);
    return admit === undefined ? new ServerInterceptingCall(call) : new GuardedCall(call, admit);
  };
}

/**
 * Who calls.
 *
 * @throws SymbolonError in a call that no guard let in, such as one of a public method
 */
export function callerOf(call: { getAuthContext(): AuthContext }): Caller {
  const caller = (call.getAuthContext() as WithCaller)[CALLER];
  if (caller === undefined) {
    throw noGuard('give the Server interceptors: [guard(verifier)], and leave the method out of publicMethods');
  }
  return caller;
}

/**
 * A function that handlers call before all else, behind a guard or without one: it answers who calls, or fails with the status that the guard
 * would give. `const mayRead = requirePermission(verifier, 'READ_DEVICE', (call) => ({ deviceId: call.request.deviceId }))`, and in the handler
 * `await mayRead(call)`. Without `target` it is about the user or device that the token stands for. It fails as `target` does.
 *
 * @throws SymbolonError when an option is wrong
 */
export function requirePermission<Call extends { readonly metadata: Metadata }>(
  verifier: PermissionChecker,
  permission: Permission,
  target?: (call: Call) => Target | Promise<Target>,
  options: GuardOptions = {},
): (call: Call) => Promise<Caller> {
  const permit = admitPermission(verifier, permission, target, options);
  joinTwice();
  return async (call) => {
    const authorization = call.metadata.get('authorization').map(String);
    const outcome = await permit(authorization, () => target?.(call) ?? {}).catch(asGrpcError);
    if (outcome instanceof Refusal) {
      const status = refusalStatus(outcome);
      throw Object.assign(new Error(status.details), status) satisfies ServiceError;
    }
    return outcome;
  };
}

/** A handler hands it to grpc-js, which ends the process by an error whose metadata is not its own. */
function asGrpcError(error: unknown): never {
  if (error instanceof SymbolonError) {
    throw new Error(error.message, { cause: error });
  }
  throw error;
}

type Call = ConstructorParameters<typeof ServerInterceptingCall>[0];

class GuardedCall extends ServerInterceptingCall {
  #caller: Caller | undefined;

  constructor(call: Call, letIn: (authorization: readonly string[]) => Promise<Caller | Refusal>) {
    super(call, {
      start: (start) =>
        start({
          // No message is read, and no handler begins, before the metadata went on.
          onReceiveMetadata: (metadata, goOn) => {
            letIn(metadata.get('authorization').map(String))
              .then((outcome) => {
                if (outcome instanceof Refusal) {
                  call.sendStatus(refusalStatus(outcome));
                  return;
                }
                this.#caller = outcome;
                goOn(metadata);
              })
              .catch(() => call.sendStatus({ code: 2, details: 'Unknown error' }));
          },
        }),
    });
  }

  /** Interceptors after this one and the handler's call ask here, whatever metadata they were given. */
  override getAuthContext(): AuthContext {
    return { ...super.getAuthContext(), [CALLER]: this.#caller } as WithCaller;
  }
}

/** The refusal as grpc-js sends it, with what a client is told in the trailers. */
export function refusalStatus(refusal: Refusal): { code: number; details: string; metadata: Metadata } {
  const metadata = new Metadata();
  if (refusal.challenge !== undefined) {
    metadata.set('www-authenticate', refusal.challenge);
  }
  if (refusal.retryAfterMs !== undefined) {
    metadata.set('grpc-status-details-bin', statusDetails(refusal));
  }
  return { code: refusal.grpcCode, details: refusal.message, metadata };
}
