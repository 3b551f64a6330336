/** The second step of a login: a time-based one-time password (RFC 6238) or a recovery code. */
import type { CompleteMfa, FailureCounter, SecondFactor } from '../commands.ts';
import { lockRefusal } from '../decide/login.ts';
import type { Totp } from '../directory-model.ts';
import { INVALID_SECOND_FACTOR, type Refusal, SymbolonError } from '../errors.ts';
import { nameCounter } from '../handles.ts';
import { familyId, ID_BYTES } from '../ids.ts';
import { digestOf, isToken } from '../secrets.ts';
import type { Services } from '../services.ts';
import { matchingStep } from '../totp.ts';
import type { Call } from './authenticate.ts';
import { type IssuedTokens, issuedTokens, makePair } from './new-tokens.ts';
import { requireText } from './validate.ts';

export type GivenFactor =
  | { readonly by: 'totp'; readonly code: string }
  | { readonly by: 'recovery_code'; readonly code: string };

export interface SecondFactorCredential {
  readonly kind: 'second_factor';
  readonly mfaToken: string;
  readonly factor: GivenFactor;
}

const LONGEST_TOKEN = 4_096;
const LONGEST_CODE = 64;

/** Begins the family of a login whose password was right. */
export async function completeLogin(
  services: Services,
  call: Call,
  { mfaToken, factor }: SecondFactorCredential,
): Promise<IssuedTokens> {
  requireText(mfaToken, 'mfa_token', LONGEST_TOKEN);
  const { store, random } = services;
  const { tenantId, clientId: refreshClientId } = call.caller;
  const challengeDigest = digestOf(mfaToken);
  const challenge = isToken(mfaToken) ? await store.readMfaChallenge(tenantId, challengeDigest) : undefined;
  if (challenge === undefined) {
    throw SymbolonError.of(INVALID_SECOND_FACTOR);
  }
  const { subjectId, clientId } = challenge;
  const counters = secondFactorCounters(subjectId, call.address);
  const proven = await proveSecondFactor(services, call, subjectId, factor);
  const { pair, tokens } = makePair(random, 'USER');
  const command: CompleteMfa = {
    kind: 'complete_mfa',
    tenantId,
    clientId,
    subjectId,
    refreshClientId,
    challengeDigest,
    factor: proven,
    counters: [...counters, nameCounter(subjectId)],
    familyId: familyId(random(ID_BYTES)),
    tokens,
  };
  const outcome = await store.execute(command, call);
  if ('refusal' in outcome) {
    throw SymbolonError.of(outcome.refusal);
  }
  return issuedTokens(outcome.answer.issued, pair);
}

/** Checks a factor against what the user has enrolled; a wrong one is counted, over all logins of the user. */
export async function proveSecondFactor(
  services: Services,
  call: Call,
  subjectId: string,
  factor: GivenFactor,
): Promise<SecondFactor> {
  requireText(factor.code, factor.by === 'totp' ? 'totp_code' : 'recovery_code', LONGEST_CODE);
  const { store } = services;
  const { tenantId } = call.caller;
  return counted(services, call, subjectId, INVALID_SECOND_FACTOR, async () => {
    const totp = await store.readTotp(tenantId, subjectId);
    return totp?.active === true ? check(services, totp, factor) : undefined;
  });
}

/** Runs a check unless too many have failed, and counts it when it finds nothing. */
export async function counted<T>(
  { store, clock }: Services,
  call: Call,
  subjectId: string,
  refusal: Refusal,
  check: () => Promise<T | undefined>,
): Promise<T> {
  const { tenantId } = call.caller;
  const counters = secondFactorCounters(subjectId, call.address);
  const keys = counters.map(({ key }) => key);
  const locked = lockRefusal(counters, await store.readLoginFailures(tenantId, keys), clock());
  if (locked !== undefined) {
    throw SymbolonError.of(locked);
  }
  const found = await check();
  if (found !== undefined) {
    return found;
  }
  const outcome = await store.execute({ kind: 'fail_login', tenantId, counters }, call);
  throw SymbolonError.of('refusal' in outcome ? outcome.refusal : refusal);
}

/** A code that was used before is as wrong as any other. */
function check({ keys, clock }: Services, totp: Totp, { by, code }: GivenFactor): SecondFactor | undefined {
  if (by === 'totp') {
    const step = matchingStep(openSecret(keys, totp), code, clock());
    return step === undefined || step <= totp.lastStep ? undefined : { by, sealed: totp.sealed, step };
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

/** People type them with or without the hyphen, in any case. */
export function recoveryDigest(keys: Services['keys'], subjectId: string, code: string): Uint8Array {
  return keys.digest('recovery code', `${subjectId}\0${code.replace(/[\s-]/g, '').toUpperCase()}`);
}

export function secondFactorCounters(subjectId: string, address: string | undefined): FailureCounter[] {
  const counters: FailureCounter[] = [{ kind: 'second_factor', key: `second_factor:${subjectId}` }];
  if (address !== undefined) {
    counters.push({ kind: 'address', key: `address:${address}` });
  }
  return counters;
}
