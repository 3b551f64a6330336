/** What the methods of a gRPC service ask of a token. */
import { requireOption } from '../../../client/src/internal.ts';
import { checkScopes, type GuardOptions } from './admit.ts';

export interface MethodOptions extends GuardOptions {
  /** Paths of methods that anybody may call, such as `/grpc.health.v1.Health/Check`. None unless set. */
  readonly publicMethods?: readonly string[];
  /** The scopes that a method needs, all of them, by its path, such as `/shop.v1.Orders/List`. */
  readonly scopes?: Readonly<Record<string, readonly string[]>>;
}

const PATH = /^\/[\w.]+\/\w+$/;

/** The scopes of a method, by its path; undefined: it is public. @throws SymbolonError when an option is wrong */
export function methodScopes({ publicMethods = [], scopes = {} }: MethodOptions): (path: string) => Scopes | undefined {
  requireOption(Array.isArray(publicMethods), 'publicMethods must be a list of paths of methods');
  requireOption(typeof scopes === 'object' && scopes !== null, 'scopes must have lists of scopes by paths of methods');
  const known = new Map(Object.entries(scopes));
  for (const path of [...publicMethods, ...known.keys()]) {
    requireOption(PATH.test(path), 'publicMethods and scopes must name methods as /package.Service/Method');
  }
  for (const list of known.values()) {
    checkScopes('scopes', list);
  }
  const open = new Set(publicMethods);
  requireOption(![...known.keys()].some((path) => open.has(path)), 'scopes must not name one of publicMethods');
  return (path) => (open.has(path) ? undefined : (known.get(path) ?? []));
}

type Scopes = readonly string[];
