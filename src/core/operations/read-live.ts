/** Reading what a token is that its bearer proves itself by. */
import { isLive, type TokenReading } from '../rules/liveness.ts';
import type { Services } from '../services/services.ts';
import type { IntrospectionReading } from '../services/store.ts';
import type { BearerCredential } from './authenticate.ts';
import { confirmUse } from './confirm-use.ts';

/** Of a token that is live. */
export interface LiveReading extends IntrospectionReading {
  readonly reading: TokenReading;
}

/** Which tokens a door takes besides those that have all rights of who bears them. */
export interface TakenTokens {
  /** Those for this audience, and no others. */
  readonly audience?: string | null;
  /** Those that a client got by a user's consent, too. */
  readonly takesConsented?: boolean;
}

/**
 * Reads the token's family when the token is live, and is taken here; its use shows that it arrived. What is for a resource server, or for
 * the pages, proves nobody elsewhere. Neither does what a client got by a user's consent: it has a few of the user's rights, and only who
 * looks at its scopes takes it (decision 0215).
 */
export async function readLive(
  services: Services,
  tenantId: string | null,
  { token, digest }: BearerCredential,
  { audience = null, takesConsented = false }: TakenTokens = {},
): Promise<LiveReading | undefined> {
  const { store, tagKeys, clock } = services;
  if (token.use !== 'access' || (await tagKeys.judge(token)) === 'made_up') {
    return undefined;
  }
  const { reading, ...versions } = await store.readFamily(tenantId, token.familyId);
  if (reading === undefined || !isLive(reading, digest, clock())) {
    return undefined;
  }
  const { family } = reading;
  if (family.audience !== audience || (family.consentId !== null && !takesConsented)) {
    return undefined;
  }
  confirmUse(services, reading, clock());
  return { reading, ...versions };
}
