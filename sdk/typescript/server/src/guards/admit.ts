/** Whether a request may come in: what every framework's guard asks. */
import { requireNames, requireOption, SymbolonError } from '../../../client/src/internal.ts';
import type { Caller } from '../caller.ts';
import { Refusal, type RefusalKind, unknownBy } from './refusals.ts';

/** What a guard needs of a Verifier. */
export interface Checker {
  check(token: string): Caller | undefined | Promise<Caller | undefined>;
}

export interface GuardOptions {
  /** What is protected, for people: `realm` of `WWW-Authenticate`. */
  readonly realm?: string;
  /** The id of this service as a resource server: a token that is not for it alone is refused as invalid (RFC 9700 section 2.3). Any unless set. */
  readonly audience?: string;
}

/** The scheme in any case (RFC 9110 section 11.1), and not the beginning of another, which is a token of section 5.6.2. */
const BEARER = /^bearer(?![!#$%&'*+.^_`|~\w-])/i;
/** Of RFC 6750 section 2.1: spaces and one b64token. */
const CREDENTIALS = /^bearer +([\w.~+/-]+=*)$/i;
/** scope-token of RFC 6749 section 3.3. */
const SCOPE = /^[\x21\x23-\x5b\x5d-\x7e]+$/;
const REALM = /^[\x20-\x7e]+$/;

/**
 * The caller, or why there is none. It never fails: what goes wrong is a refusal.
 *
 * @param authorization each `authorization` that came with the request
 * @param scopes all that the token must have
 */
export async function admit(
  checker: Checker,
  authorization: readonly string[],
  scopes: readonly string[],
  options: GuardOptions,
): Promise<Caller | Refusal> {
  const { realm } = options;
  const { token, wrong } = readBearer(authorization);
  if (token === undefined) {
    return new Refusal(wrong, { realm });
  }
  try {
    const caller: unknown = await checker.check(token);
    if (caller === undefined || caller === null) {
      return new Refusal('invalid_token', { realm });
    }
    if (!isCaller(caller)) {
      // Of a verifier that somebody wrote by hand. Nobody knows what it means.
      return new Refusal('unknown', {});
    }
    if (!isFor(caller, options)) {
      return new Refusal('invalid_token', { realm });
    }
    const isEnough = scopes.every((scope) => caller.scopes.includes(scope));
    return isEnough ? caller : new Refusal('insufficient_scope', { realm, scopes });
  } catch (error) {
    return unknownBy(error);
  }
}

/** Whether the token of this caller may be used here. */
export function isFor({ audience }: Caller, options: Pick<GuardOptions, 'audience'>): boolean {
  return options.audience === undefined || audience === options.audience;
}

/** Whether it is one as the Verifier makes them, and not `true`, or an answer of the contract, which has all fields also where it is not live. */
export function isCaller(value: unknown): value is Caller {
  const { kind, subjectId, scopes } = Object(value) as Record<keyof Caller, unknown>;
  return typeof kind === 'string' && typeof subjectId === 'string' && Array.isArray(scopes);
}

type Bearer =
  | { readonly token: string; readonly wrong?: never }
  | { readonly token?: never; readonly wrong: RefusalKind };

/** The one token that these headers carry, or what is wrong with them. */
export function readBearer(authorization: readonly string[]): Bearer {
  const [header = '', ...others] = authorization;
  if (others.length > 0) {
    return { wrong: 'invalid_request' };
  }
  const value = withoutBlanks(header);
  if (!BEARER.test(value)) {
    return { wrong: 'no_token' };
  }
  const [, token] = CREDENTIALS.exec(value) ?? [];
  return token === undefined ? { wrong: 'invalid_request' } : { token };
}

/** Blanks around the value of a field are not a part of it (RFC 9110 section 5.5). By hand: an expression takes the square of their number. */
function withoutBlanks(value: string): string {
  const isBlank = (index: number) => value[index] === ' ' || value[index] === '\t';
  let [begin, end] = [0, value.length];
  while (begin < end && isBlank(begin)) {
    begin += 1;
  }
  while (begin < end && isBlank(end - 1)) {
    end -= 1;
  }
  return value.slice(begin, end);
}

/** Each `authorization` of a request to a server of Node: its `headers` have the first one alone. */
export function authorizationIn({ rawHeaders }: { readonly rawHeaders: readonly string[] }): readonly string[] {
  return rawHeaders.filter((_, index) => index % 2 === 1 && rawHeaders[index - 1]?.toLowerCase() === 'authorization');
}

/** @throws SymbolonError that names the option and the mend */
export function checkGuard(checker: Checker, options: GuardOptions, names: Readonly<Record<string, true>>): void {
  checkGuardOptions(options, names);
  requireOption(typeof checker?.check === 'function', 'verifier must be a Verifier');
}

/** @throws SymbolonError that names the option and the mend */
export function checkGuardOptions(options: GuardOptions, names: Readonly<Record<string, true>>): void {
  requireNames(options, names);
  const { realm, audience } = options;
  requireOption(
    audience === undefined || (typeof audience === 'string' && audience !== ''),
    'audience must be the id of a resource server',
  );
  requireOption(
    realm === undefined || (typeof realm === 'string' && REALM.test(realm)),
    'realm must be a text of printable ASCII',
  );
}

/** @throws SymbolonError that names the option and the mend */
export function checkScopes(name: string, scopes: unknown): asserts scopes is readonly string[] {
  requireOption(
    Array.isArray(scopes) && scopes.every((scope) => typeof scope === 'string' && SCOPE.test(scope)),
    `${name} must be a list of scopes, each without a space`,
  );
}

/** What a handler is told that asks for the caller of a request that no guard let in. */
export function noGuard(mend: string): SymbolonError {
  return new SymbolonError('INTERNAL', `No guard let this request in: ${mend}`);
}
