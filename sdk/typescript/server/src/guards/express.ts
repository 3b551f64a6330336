/** `@symbolon/server/express`: guards an application, a router or a route of Express. */
import type { NextFunction, Request, RequestHandler, Response } from 'express';
import type { Names } from '../../../client/src/internal.ts';
import type { Permission, Target } from '../access.ts';
import type { Caller } from '../caller.ts';
import {
  admit,
  authorizationIn,
  type Checker,
  checkGuard,
  checkScopes,
  type GuardOptions,
  isCaller,
  noGuard,
} from './admit.ts';
import { admitPermission, type PermissionChecker } from './permit.ts';
import { Refusal } from './refusals.ts';

export type { Access, Permission, Target } from '../access.ts';
export type { Caller } from '../caller.ts';
export type { Checker, GuardOptions } from './admit.ts';
export type { PermissionChecker } from './permit.ts';

declare global {
  namespace Express {
    interface Request {
      /** Who calls, behind a guard. */
      caller?: Caller;
    }
  }
}

export interface RouteOptions extends GuardOptions {
  /** All that the token must have. None unless set. */
  readonly scopes?: readonly string[];
}

const NAMES: Names<RouteOptions> = { realm: true, audience: true, scopes: true };

/** In a request, the realm of the guard that let it in: one of a route tells it, too. */
const REALM = Symbol('realm');

interface Admitted extends Request {
  [REALM]?: string;
}

/**
 * Lets requests with a live token through, and answers all others itself: `app.use(guard(verifier))` for all that comes after it,
 * `app.get('/orders', guard(verifier, { scopes: ['orders.read'] }), …)` for one route.
 *
 * @throws SymbolonError when an option is wrong
 */
export function guard(verifier: Checker, options: RouteOptions = {}): RequestHandler {
  checkGuard(verifier, options, NAMES);
  const { scopes = [] } = options;
  checkScopes('scopes', scopes);
  return handlerOf(options, (request, told) =>
    admit(verifier, authorizationIn(request), scopes, { ...options, ...told }),
  );
}

/**
 * Lets requests through whose token may do this, alone or behind a guard: `app.get('/lamps/:id', requirePermission(verifier, 'READ_DEVICE',
 * (request) => ({ deviceId: request.params.id })), …)`. Without `target` it is about the user or device that the token stands for. What
 * `target` throws goes to the application's error handler.
 *
 * @throws SymbolonError when an option is wrong
 */
export function requirePermission(
  verifier: PermissionChecker,
  permission: Permission,
  target?: (request: Request) => Target | Promise<Target>,
  options: GuardOptions = {},
): RequestHandler {
  const permit = admitPermission(verifier, permission, target, options);
  return handlerOf(options, (request, { realm }) =>
    permit(authorizationIn(request), () => target?.(request) ?? {}, realm),
  );
}

function handlerOf(
  options: GuardOptions,
  letIn: (request: Request, told: { readonly realm?: string }) => Promise<Caller | Refusal>,
): RequestHandler {
  return async (request: Request, response: Response, next: NextFunction) => {
    try {
      delete request.caller;
      const { realm = (request as Admitted)[REALM] } = options;
      const outcome = await letIn(request, realm === undefined ? {} : { realm });
      if (outcome instanceof Refusal) {
        response.set(outcome.headers).status(outcome.httpStatus).end();
        return;
      }
      request.caller = outcome;
      if (realm !== undefined) {
        (request as Admitted)[REALM] = realm;
      }
    } catch (error) {
      // As of a response that has begun. Express 4 looks at no promise: the process would end.
      next(error);
      return;
    }
    next();
  };
}

/**
 * Who calls.
 *
 * @throws SymbolonError in a request that no guard let in
 */
export function callerOf({ caller }: Pick<Request, 'caller'>): Caller {
  if (!isCaller(caller)) {
    throw noGuard('put guard(verifier) before this handler');
  }
  return caller;
}
