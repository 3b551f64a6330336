/** `@symbolon/server/nest`: a guard of Nest, for HTTP and for microservices over gRPC. */
import {
  type CanActivate,
  type CustomDecorator,
  createParamDecorator,
  type ExecutionContext,
  HttpException,
  SetMetadata,
} from '@nestjs/common';
import { type Names, requireOption, SymbolonError } from '../../../client/src/internal.ts';
import type { Permission, Target } from '../access.ts';
import type { Caller } from '../caller.ts';
import { admit, authorizationIn, type Checker, checkGuard, checkScopes, type GuardOptions, noGuard } from './admit.ts';
import { refusalStatus } from './grpc.ts';
import { admitPermission, type PermissionChecker } from './permit.ts';
import { Refusal } from './refusals.ts';
import { joinTwice } from './twice.ts';

export type { Access, Permission, Target } from '../access.ts';
export type { Caller } from '../caller.ts';
export type { Checker, GuardOptions } from './admit.ts';
export type { PermissionChecker } from './permit.ts';

const SCOPES = 'symbolon:scopes';
const PUBLIC = 'symbolon:public';
const CALLER = Symbol('caller');
const NAMES: Names<GuardOptions> = { realm: true, audience: true };

/**
 * All that the token must have, for a controller or a method; a method's own are in place of its controller's, also where that is public.
 *
 * @throws SymbolonError beside Public()
 */
export function Scopes(...scopes: string[]): CustomDecorator {
  checkScopes('Scopes', scopes);
  return decorator(SCOPES, scopes, PUBLIC);
}

/**
 * Lets anybody in, to a controller or a method. It is not handed down to controllers that extend this one.
 *
 * @throws SymbolonError beside Scopes()
 */
export function Public(): CustomDecorator {
  return decorator(PUBLIC, true, SCOPES);
}

/** `other`: what would say the contrary of the same controller or method. */
function decorator(key: string, value: unknown, other: string): CustomDecorator {
  const set = SetMetadata(key, value) as unknown as Decorate;
  const decorate: Decorate = (target, name, descriptor) => {
    const isContrary = Reflect.hasOwnMetadata(other, descriptor?.value ?? target);
    requireOption(!isContrary, 'Public() must not stand beside Scopes(): leave one of them out');
    return set(target, name, descriptor);
  };
  return Object.assign(decorate, { KEY: key }) as unknown as CustomDecorator;
}

type Decorate = (target: object, name?: string | symbol, descriptor?: { readonly value?: object }) => unknown;

/** Who calls, as a parameter of a handler. Its request fails where no guard let it in. */
export const CurrentCaller: () => ParameterDecorator = createParamDecorator((_: unknown, context: ExecutionContext) =>
  callerOf(context),
);

/** Who calls. @throws SymbolonError in a request that no guard let in, such as one of a public method */
export function callerOf(context: ExecutionContext): Caller {
  const caller = (requestOf(context) as { readonly [CALLER]?: Caller })[CALLER];
  if (caller === undefined) {
    throw noGuard('use SymbolonGuard for this handler, and leave Public() out');
  }
  return caller;
}

/**
 * Lets requests with a live token in: `app.useGlobalGuards(new SymbolonGuard(verifier))`, or `{ provide: APP_GUARD, useValue: … }`. In an
 * application with microservices these take it over with `inheritAppConfig: true`.
 */
export class SymbolonGuard implements CanActivate {
  readonly #verifier: Checker;
  readonly #options: GuardOptions;

  /** @throws SymbolonError when an option is wrong */
  constructor(verifier: Checker, options: GuardOptions = {}) {
    checkGuard(verifier, options, NAMES);
    joinTwice();
    this.#verifier = verifier;
    this.#options = options;
  }

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const scopes = scopesOf(context);
    if (scopes === undefined) {
      return true;
    }
    const outcome = await admit(this.#verifier, authorizationOf(context), scopes, this.#options);
    if (outcome instanceof Refusal) {
      return refuse(context, outcome);
    }
    Object.assign(requestOf(context), { [CALLER]: outcome });
    return true;
  }
}

/**
 * A guard of a handler or a controller that lets requests in whose token may do this, alone or behind a SymbolonGuard: `@UseGuards(
 * requirePermission(verifier, 'READ_DEVICE', (context) => ({ deviceId: context.switchToHttp().getRequest().params.id })))`. Without `target`
 * it is about the user or device that the token stands for. What `target` throws goes to Nest's exception filters.
 *
 * @throws SymbolonError when an option is wrong
 */
export function requirePermission(
  verifier: PermissionChecker,
  permission: Permission,
  target?: (context: ExecutionContext) => Target | Promise<Target>,
  options: GuardOptions = {},
): CanActivate {
  const permit = admitPermission(verifier, permission, target, options);
  joinTwice();
  return {
    async canActivate(context: ExecutionContext): Promise<boolean> {
      const outcome = await permit(authorizationOf(context), () => target?.(context) ?? {});
      if (outcome instanceof Refusal) {
        return refuse(context, outcome);
      }
      Object.assign(requestOf(context), { [CALLER]: outcome });
      return true;
    },
  };
}

/** What the token must have; undefined: anybody may come. What is nearest to the method counts, and nothing else. */
function scopesOf(context: ExecutionContext): readonly string[] | undefined {
  const [method, controller] = [context.getHandler(), context.getClass()];
  for (const target of [method, controller]) {
    // Who extends a controller that is public did not say so of what comes with that.
    if (Reflect.hasOwnMetadata(PUBLIC, target)) {
      return undefined;
    }
    // Who extends one that needs scopes has not opened it.
    const scopes: readonly string[] | undefined = Reflect.getMetadata(SCOPES, target);
    if (scopes !== undefined) {
      return scopes;
    }
  }
  return [];
}

function authorizationOf(context: ExecutionContext): readonly string[] {
  return context.getType() === 'http'
    ? authorizationIn(rawRequestOf(context))
    : grpcCallOf(context).metadata.get('authorization').map(String);
}

interface GrpcCall {
  readonly metadata: { get(name: string): readonly unknown[] };
  emit(event: 'error', status: object): boolean;
}

function isGrpcCall(each: unknown): each is GrpcCall {
  const { metadata, getPeer } = (each ?? {}) as { metadata?: { get?: unknown }; getPeer?: unknown };
  return typeof metadata?.get === 'function' && typeof getPeer === 'function';
}

/** The last argument of a handler; of one that is given the call itself, the first. */
function grpcCallOf(context: ExecutionContext): GrpcCall {
  const call = context.getType() === 'rpc' ? context.getArgs<unknown[]>().find(isGrpcCall) : undefined;
  if (call === undefined) {
    throw new SymbolonError(
      'UNIMPLEMENTED',
      `SymbolonGuard knows where HTTP and gRPC have a token, and not a request of ${context.getType()} that comes otherwise: ` +
        'guard it by a guard of your own, with check of the Verifier',
    );
  }
  return call;
}

interface RawRequest {
  readonly rawHeaders: readonly string[];
}

/** Of Express it is Node's own; Fastify has that in `raw`. */
function rawRequestOf(context: ExecutionContext): RawRequest {
  const request = context.switchToHttp().getRequest<RawRequest | { readonly raw: RawRequest }>();
  return 'raw' in request ? request.raw : request;
}

/** What lives as long as the request, and is of it alone. */
function requestOf(context: ExecutionContext): object {
  return context.getType() === 'http' ? context.switchToHttp().getRequest<object>() : grpcCallOf(context);
}

/** Fails with the exception that Nest makes the right answer of. */
async function refuse(context: ExecutionContext, refusal: Refusal): Promise<never> {
  if (context.getType() === 'http') {
    const response = context.switchToHttp().getResponse<{ header(name: string, value: string): unknown }>();
    for (const [name, value] of Object.entries(refusal.headers)) {
      response.header(name, value);
    }
    throw new HttpException(refusal.message, refusal.httpStatus);
  }
  const status = { ...refusalStatus(refusal), message: refusal.message };
  const [first] = context.getArgs<unknown[]>();
  if (isGrpcCall(first)) {
    // Of a GrpcStreamCall Nest answers no exception: the call would last for ever, and the process end by a rejection.
    first.emit('error', status);
    return new Promise(() => {});
  }
  // It is there: without it there are no such contexts. A service of HTTP alone does not have it.
  const { RpcException } = await import('@nestjs/microservices');
  throw new RpcException(status);
}
