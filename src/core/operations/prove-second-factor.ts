/** The second step of a login: a time-based one-time password (RFC 6238) or a recovery code. */
import { INVALID_SECOND_FACTOR, SymbolonError } from '../errors.ts';
import { given } from '../given.ts';
import { MAX_TOKEN } from '../names.ts';
import type { Permission } from '../permissions.ts';
import { all, one } from '../plan.ts';
import { addressCounters, type FailureCounter, nameCounter, secondFactorCounter } from '../rules/counters.ts';
import { isUsedStep, type ResealedFactor, type SecondFactor } from '../rules/second-factors.ts';
import { digestOf, isSecret, PENDING_LOGIN_PREFIX } from '../secrets.ts';
import { readSingleUse } from '../services/lookups.ts';
import type { Services } from '../services/services.ts';
import type { Store } from '../services/store.ts';
import { TOTP, type Totp } from '../tables/second-factors.ts';
import { MAX_CODE, toCode, toRecoveryCode } from '../text/codes.ts';
import { matchingStep } from '../totp.ts';
import type { Call } from './authenticate.ts';
import { guess } from './guess.ts';
import { authenticateAgain } from './machine-operator.ts';
import { type IssuedTokens, issuedTokens, newFamily } from './new-tokens.ts';
import { noteIssued } from './notes.ts';
import { perform } from './perform.ts';
import { requireText } from './validate.ts';

export type GivenFactor =
  | { readonly by: 'totp'; readonly code: string }
  | { readonly by: 'recovery_code'; readonly code: string };

export interface SecondFactorCredential {
  readonly kind: 'second_factor';
  readonly mfaToken: string;
  readonly factor: GivenFactor;
}

/** Begins the family of a login whose password was right. */
export async function completeLogin(
  services: Services,
  call: Call,
  { mfaToken, factor }: Omit<SecondFactorCredential, 'kind'>,
  { onPages = false }: { readonly onPages?: boolean } = {},
): Promise<IssuedTokens> {
  requireText(mfaToken, 'mfa_token', MAX_TOKEN);
  const { tenantId, clientId: refreshClientId } = call.caller;
  const pendingDigest = digestOf(mfaToken);
  const pending = isSecret(PENDING_LOGIN_PREFIX, mfaToken)
    ? await readSingleUse(services.store, tenantId, 'second_factor', pendingDigest)
    : undefined;
  if (pending === undefined) {
    await authenticateAgain(services, call);
    throw SymbolonError.of(INVALID_SECOND_FACTOR);
  }
  const { subjectId, clientId } = pending;
  call.notes?.note({ subject: subjectId });
  const { pair, begun } = await newFamily(services, 'USER', call);
  // A login whose name is locked is not completed either, and is forgotten with it when it is.
  const name = [nameCounter(subjectId)];
  const asked = { permission: 'issue', alsoLocked: name } as const;
  const { issued } = await guessSecondFactor(services, call, asked, subjectId, factor, (proven, counters) =>
    perform(services, call, 'issue', {
      kind: 'complete_mfa',
      tenantId,
      clientId,
      subjectId,
      refreshClientId,
      tokenKind: 'USER',
      pendingDigest,
      onPages,
      factor: proven,
      counters,
      nameCounters: name,
      ...begun,
    }),
  );
  noteIssued(call.notes, issued);
  return issuedTokens(issued, pair);
}

/** Checks a factor against what the user has enrolled, and does what it is for; a wrong one is counted, over all logins of the user. */
export function withSecondFactor<A>(
  services: Services,
  call: Call,
  permission: Permission,
  subjectId: string,
  factor: GivenFactor,
  act: Act<A>,
): Promise<A> {
  return guessSecondFactor(services, call, { permission }, subjectId, factor, act);
}

/** What a right factor is for. Its command forgets the failures of the counters. */
type Act<A> = (factor: SecondFactor, counters: readonly FailureCounter[]) => Promise<A>;

async function guessSecondFactor<A>(
  services: Services,
  call: Call,
  { permission, alsoLocked }: { permission: Permission; alsoLocked?: readonly FailureCounter[] },
  subjectId: string,
  factor: GivenFactor,
  act: Act<A>,
): Promise<A> {
  call.notes?.note({ credential: 'second_factor' });
  requireText(factor.code, factor.by === 'totp' ? 'totp_code' : 'recovery_code', MAX_CODE);
  const own = [secondFactorCounter(subjectId)];
  return guess(services, call, {
    permission,
    counters: { own, address: addressCounters(call.address), ...given({ alsoLocked }) },
    refusal: INVALID_SECOND_FACTOR,
    check: async () => {
      const totp = await readTotp(services.store, call.caller.tenantId, subjectId);
      return totp?.active === true ? check(services, totp, factor) : undefined;
    },
    act: (proven) => act(proven, own),
  });
}

/** What is asked for where a password alone proves nobody. */
export function requireFactor(factor: GivenFactor | undefined): GivenFactor {
  if (factor === undefined) {
    throw new SymbolonError(
      'permission_denied',
      'totp_code or recovery_code is missing. Only an admin may leave both out',
    );
  }
  return factor;
}

/** A code that was used before is as wrong as any other. */
function check({ keys, clock }: Services, totp: Totp, { by, code }: GivenFactor): SecondFactor | undefined {
  if (by === 'totp') {
    const step = matchingStep(openSecret(keys, totp), toCode(code), clock());
    return step === undefined || isUsedStep(totp, step) ? undefined : { by, sealed: totp.sealed, step };
  }
  const digest = recoveryDigest(keys, totp.subjectId, code);
  const isLeft = totp.recoveryDigests.some((each) => Buffer.from(each).equals(digest));
  return isLeft ? { by, digest } : undefined;
}

export const TOTP_PURPOSE = 'totp';

export function openSecret(keys: Services['keys'], { sealed }: Pick<Totp, 'sealed'>): string {
  const secret = keys.unseal(TOTP_PURPOSE, sealed);
  if (secret === undefined) {
    throw new SymbolonError(
      'internal',
      'The second factor can’t be opened: the server’s key is not the one it was sealed with',
    );
  }
  return secret;
}

export function recoveryDigest(keys: Services['keys'], subjectId: string, typed: string): Uint8Array {
  return keys.digest('recovery code', `${subjectId}\0${toRecoveryCode(typed)}`);
}

export async function readTotp(
  store: Pick<Store, 'read'>,
  tenantId: string,
  subjectId: string,
): Promise<Totp | undefined> {
  return (await store.read({ totp: one(TOTP, { subjectId, tenantId }) })).totp;
}

/** The second factors that the old key of the servers opens, sealed under the new one. */
export async function resealedFactors(
  store: Pick<Store, 'read'>,
  old: Services['keys'],
  renewed: Services['keys'],
): Promise<ResealedFactor[]> {
  const { factors } = await store.read({ factors: all(TOTP, {}) });
  return factors.flatMap(({ subjectId, sealed }) => {
    const secret = old.unseal(TOTP_PURPOSE, sealed);
    return secret === undefined ? [] : [{ subjectId, before: sealed, sealed: renewed.seal(TOTP_PURPOSE, secret) }];
  });
}
