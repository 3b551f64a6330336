/** Tokens, and from when each must be denied. */
import type { Ids, Target } from '../../../../sdk/typescript/server/src/core/protocol.ts';
import type { Scope } from './plan.ts';

export interface Token extends Ids {
  readonly token: string;
  readonly expiresAt: number;
  /** The revision that ended it, and when that could be answered. */
  endedRevision?: number;
  endedAt?: number;
  /** When all that wait for it were told that no check says active any more. */
  promisedAt?: number;
  /** When a refresh replaced it, which is not an event. */
  replacedAt?: number;
}

/** What an event of this scope ends, and how it looks to a verifier. */
export function targetOf(scope: Scope, { familyId, subjectId, clientId }: Ids): Target {
  switch (scope) {
    case 'family':
      return { kind: 'family', id: familyId };
    case 'subject':
      return { kind: 'subject', id: subjectId };
    case 'client':
      return { kind: 'client', id: clientId };
    case 'consent':
      return { kind: 'consent', subjectId, clientId };
    case 'tenant':
      return { kind: 'tenant' };
    case 'unknown':
      return undefined;
  }
}

export function isHit(scope: Scope, named: Token, token: Token): boolean {
  switch (scope) {
    case 'family':
      return token.familyId === named.familyId;
    case 'subject':
      return token.subjectId === named.subjectId;
    case 'client':
      return token.clientId === named.clientId;
    case 'consent':
      return token.subjectId === named.subjectId && token.clientId === named.clientId;
    case 'tenant':
      return true;
    case 'unknown':
      return token === named;
  }
}

/** `rate` is that of the verifier's clock: on a slow one, B takes longer. */
export interface Limits {
  readonly boundMs: number;
  readonly maxAgeMs: number;
  readonly rate: number;
}

/** Whether no check that begins now may say active. */
export function mustDeny(token: Token, now: number, { boundMs, maxAgeMs, rate }: Limits): boolean {
  const slow = Math.max(1, 1 / rate);
  const { endedAt, promisedAt, replacedAt, expiresAt } = token;
  return (
    promisedAt !== undefined ||
    (endedAt !== undefined && now > endedAt + boundMs * slow) ||
    (replacedAt !== undefined && now > replacedAt + maxAgeMs * slow) ||
    // What is left of a token is counted from the call's sending, by this clock.
    now > expiresAt + maxAgeMs * (slow - 1)
  );
}
