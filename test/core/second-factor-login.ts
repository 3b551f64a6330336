/** A login in two steps, as its caller makes it. */
import type { Call } from '../../src/core/operations/authenticate.ts';
import { issue } from '../../src/core/operations/issue.ts';
import type { IssuedTokens } from '../../src/core/operations/new-tokens.ts';
import type { GivenFactor } from '../../src/core/operations/prove-second-factor.ts';
import { totpCode } from '../../src/core/totp.ts';
import { ANN, type Enrolled, type World } from './fixtures.ts';

export const STEP_MS = 30_000;

/** Answers the secret that begins the second step. */
export async function firstStep({ services, backend }: World): Promise<string> {
  const result = await issue(services, backend, { credential: ANN });
  if (!('mfaToken' in result)) {
    throw new Error('no second factor was asked for');
  }
  return result.mfaToken;
}

export async function secondStep(
  { services, backend }: World,
  mfaToken: string,
  factor: GivenFactor,
  call: Call = backend,
): Promise<IssuedTokens> {
  const result = await issue(services, call, { credential: { kind: 'second_factor', mfaToken, factor } });
  if ('mfaToken' in result) {
    throw new Error('a second factor was asked for twice');
  }
  return result;
}

/** The code of this time step. */
export function codeOf({ clock }: World, { secret }: Enrolled): GivenFactor {
  return { by: 'totp', code: totpCode(secret, clock.now) };
}
