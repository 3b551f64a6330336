/** `@symbolon/server/express`: guards an application, a router or a route of Express. */
import type { Request, RequestHandler } from 'express';
import type { Names } from '../../../client/src/internal.ts';
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
import { Refusal } from './refusals.ts';

export type { Caller } from '../caller.ts';
export type { Checker, GuardOptions } from './admit.ts';

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

const NAMES: Names<RouteOptions> = { realm: true, scopes: true };

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
  return async (request, response, next) => {
    try {
      delete request.caller;
      const { realm = (request as Admitted)[REALM] } = options;
      const outcome = await admit(verifier, authorizationIn(request), scopes, realm === undefined ? {} : { realm });
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
