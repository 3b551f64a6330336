/** Who may call the methods of a gRPC service. */
import { type Names, requireOption } from '../../../client/src/internal.ts';
import type { Caller } from '../caller.ts';
import { admit, type Checker, checkGuard, checkScopes, type GuardOptions } from './admit.ts';
import { Refusal } from './refusals.ts';

export interface MethodOptions extends GuardOptions {
  /** Paths of methods that anybody may call, such as `/grpc.health.v1.Health/Check`, with or without the first slash. None unless set. */
  readonly publicMethods?: readonly string[];
  /**
   * The scopes that a method needs, all of them, by its path, such as `/shop.v1.Orders/List`. Once one method is here, a method that is
   * not, and is not public, is refused: give it an empty list where a live token is enough.
   */
  readonly scopes?: Readonly<Record<string, readonly string[]>>;
}

/** Looks at each `authorization` of a call of one method. It never fails, as `admit` does not. */
type Admit = (authorization: readonly string[]) => Promise<Caller | Refusal>;

const NAMES: Names<MethodOptions> = { realm: true, audience: true, publicMethods: true, scopes: true };
/** Tools write a path without the first slash, too. */
const PATH = /^\/?([\w.]+\/\w+)$/;

/** Who is let in to a method, by its path; undefined: it is public. @throws SymbolonError when an option is wrong */
export function admitMethods(verifier: Checker, options: MethodOptions): (path: string) => Admit | undefined {
  checkGuard(verifier, options, NAMES);
  const { publicMethods = [], scopes = {} } = options;
  requireOption(Array.isArray(publicMethods), 'publicMethods must be a list of paths of methods');
  requireOption(typeof scopes === 'object' && scopes !== null, 'scopes must have lists of scopes by paths of methods');
  const known = new Map<string, readonly string[]>();
  for (const [name, list] of Object.entries(scopes)) {
    checkScopes('scopes', list);
    const path = pathOf(name);
    known.set(path, [...(known.get(path) ?? []), ...list]);
  }
  const open = new Set(publicMethods.map(pathOf));
  requireOption(![...known.keys()].some((path) => open.has(path)), 'scopes must not name one of publicMethods');
  return (path) => {
    if (open.has(path)) {
      return undefined;
    }
    // A typing error in a path must not open a method.
    const isForNobody = known.size > 0 && !known.has(path);
    return async (authorization) => {
      const outcome = await admit(verifier, authorization, known.get(path) ?? [], options);
      return isForNobody && !(outcome instanceof Refusal) ? new Refusal('for_nobody', { path }) : outcome;
    };
  };
}

function pathOf(name: string): string {
  const [, path] = PATH.exec(name) ?? [];
  requireOption(path !== undefined, 'publicMethods and scopes must name methods as /package.Service/Method');
  return `/${path}`;
}
