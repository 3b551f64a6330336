/** How an endpoint is served: its form, its client and its tenant, and nothing but POST. */
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { newDeadline } from '../../calls/deadline.ts';
import type { Method } from '../../calls/method.ts';
import { answerNow, carryOut, type ReceivedCall } from '../../calls/run.ts';
import { CALLER_UNAUTHENTICATED, SymbolonError } from '../../core/errors.ts';
import type { Instant } from '../../core/model.ts';
import type { Call } from '../../core/operations/authenticate.ts';
import type { Services } from '../../core/services/services.ts';
import { type Answer, sendAnswer } from '../answer.ts';
import type { HttpContext } from '../dialect.ts';
import { type Issuer, type Issuers, requireTenant } from '../issuers.ts';
import { refuseOthers } from '../methods.ts';
import { authorizationOf } from './client-auth.ts';
import { OAuthError, oauthFailure } from './errors.ts';
import { type Form, formOf } from './form.ts';

/** What an endpoint is asked. */
export interface Asked {
  readonly issuer: Issuer;
  readonly form: Form;
}

export interface Endpoint extends Method<Asked, Answer> {
  /** Below `oauth2`. */
  readonly path: string;
  /** Whether the token of a client will do in place of its secret. */
  readonly takesBearer?: true;
}

/** What endpoints are served by. */
export interface Serving {
  readonly scope: FastifyInstance;
  readonly context: HttpContext;
  readonly issuers: Issuers;
  /** What stands before the path of an endpoint, without the prefix of the scope. */
  readonly base: string;
}

export function serveEndpoint({ scope, context, issuers, base }: Serving, endpoint: Endpoint): void {
  const url = base + endpoint.path;
  const method = ofTenant(endpoint);
  const config = { operation: endpoint.name, isQuiet: endpoint.logLevel === 'debug', failure: oauthFailure };
  scope.post(url, { config }, async (request, reply) => {
    const issuer = issuers.at(request.params);
    try {
      const call = new FormCall(request, issuer, endpoint.takesBearer ?? false);
      return sendAnswer(reply, answerNow(context, method, call) ?? (await carryOut(context, method, call)));
    } catch (error) {
      // Who asks at no tenant learns that first, and not that it has no client of this name.
      if (error instanceof SymbolonError && (error instanceof OAuthError || error.code === 'caller_unauthenticated')) {
        await requireTenant(context.services, issuer);
      }
      throw error;
    }
  });
  refuseOthers(scope, url, config, ['POST', 'OPTIONS']);
}

/** Clients of another tenant are unknown. */
function ofTenant({ run, runNow, ...method }: Endpoint): Method<Asked, Answer> {
  const requireOwn = ({ caller }: Call, { issuer }: Asked) => {
    if (caller.tenantId !== issuer.tenantId) {
      throw SymbolonError.of(CALLER_UNAUTHENTICATED);
    }
  };
  const own: Method<Asked, Answer> = {
    ...method,
    run: async (services: Services, call: Call, asked: Asked) => {
      requireOwn(call, asked);
      return run(services, call, asked);
    },
  };
  return runNow === undefined
    ? own
    : {
        ...own,
        runNow: (services, call, asked) => {
          requireOwn(call, asked);
          return runNow(services, call, asked);
        },
      };
}

/** A request as a call. */
class FormCall implements ReceivedCall<Asked> {
  readonly record: FastifyRequest['record'];
  readonly authorization: string | undefined;
  readonly request: Asked;
  readonly deadline: Instant = newDeadline();
  readonly #request: FastifyRequest;

  constructor(request: FastifyRequest, issuer: Issuer, takesBearer: boolean) {
    this.#request = request;
    this.record = request.record;
    const form = formOf(request);
    this.request = { issuer, form };
    this.authorization = authorizationOf(request.headers.authorization, form, takesBearer);
  }

  get isCancelled(): boolean {
    return this.#request.socket.destroyed;
  }
}
