/** `@symbolon/server/fastify`: a plugin that guards each route of the instance that it is registered with. */
import type {
  FastifyContextConfig,
  FastifyInstance,
  FastifyPluginAsync,
  FastifyReply,
  FastifyRequest,
  RegisterOptions,
} from 'fastify';
import { type Names, requireOption } from '../../../client/src/internal.ts';
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

declare module 'fastify' {
  interface FastifyRequest {
    /** Who calls. Undefined in a route that is public. */
    caller: Caller | undefined;
  }
  interface FastifyContextConfig {
    /** Under `config` of a route: all that the token must have. None unless set. */
    scopes?: readonly string[];
    /** Under `config` of a route: `true` lets anybody in. */
    public?: boolean;
  }
}

export interface PluginOptions extends GuardOptions {
  readonly verifier: Checker;
}

/** Guards the routes of the instance that it is registered with, also those that nobody serves, and of all that are registered in it. */
export const guard: FastifyPluginAsync<PluginOptions> = Object.assign(plugin, {
  // Fastify reads it of a plugin that is for the instance around it, as every decorator is that routes use.
  [Symbol.for('skip-override')]: true,
  [Symbol.for('fastify.display-name')]: '@symbolon/server',
});

/** The last three are Fastify's own, for any plugin. */
const NAMES: Names<PluginOptions & RegisterOptions> = {
  ...{ verifier: true, realm: true, audience: true, prefix: true, logLevel: true, logSerializers: true },
};

async function plugin(fastify: FastifyInstance, options: PluginOptions): Promise<void> {
  const { verifier } = options;
  checkGuard(verifier, options, NAMES);
  fastify.decorateRequest('caller', undefined);
  // Of routes that come later. Those that are there already are looked at when they are asked for.
  fastify.addHook('onRoute', ({ config }) => void scopesOf(config));
  fastify.addHook('onRequest', async (request, reply) => {
    const scopes = scopesOf(request.routeOptions.config);
    if (scopes === undefined) {
      return;
    }
    const outcome = await admit(verifier, authorizationIn(request.raw), scopes, options);
    if (outcome instanceof Refusal) {
      // An answer in a hook is the end: neither later hooks nor the handler run.
      return reply.code(outcome.httpStatus).headers(outcome.headers).send();
    }
    request.caller = outcome;
  });
}

/**
 * A hook of a route that lets requests through whose token may do this, alone or behind the guard: `{ preHandler: requirePermission(verifier,
 * 'READ_DEVICE', (request) => ({ deviceId: request.params.id })) }`. Without `target` it is about the user or device that the token stands
 * for. What `target` throws goes to the instance's error handler.
 *
 * @throws SymbolonError when an option is wrong
 */
export function requirePermission<Request extends FastifyRequest = FastifyRequest>(
  verifier: PermissionChecker,
  permission: Permission,
  target?: (request: Request) => Target | Promise<Target>,
  options: GuardOptions = {},
): (request: FastifyRequest, reply: FastifyReply) => Promise<unknown> {
  const permit = admitPermission(verifier, permission, target, options);
  return async (request, reply) => {
    request.caller = undefined;
    const outcome = await permit(authorizationIn(request.raw), () => target?.(request as Request) ?? {});
    if (outcome instanceof Refusal) {
      return reply.code(outcome.httpStatus).headers(outcome.headers).send();
    }
    request.caller = outcome;
    return undefined;
  };
}

/** What the token must have; undefined: anybody may come. @throws SymbolonError when a route says what can't be */
function scopesOf(config: FastifyContextConfig | undefined): readonly string[] | undefined {
  const isPublic = config?.public === true;
  const scopes = config?.scopes ?? [];
  checkScopes('config.scopes', scopes);
  requireOption(
    !isPublic || config.scopes === undefined,
    'config.public must not stand beside config.scopes: leave one of them out',
  );
  return isPublic ? undefined : scopes;
}

/**
 * Who calls.
 *
 * @throws SymbolonError in a request that no guard let in, such as one of a public route
 */
export function callerOf({ caller }: Pick<FastifyRequest, 'caller'>): Caller {
  if (!isCaller(caller)) {
    throw noGuard('register guard before the routes, and leave config.public out');
  }
  return caller;
}
