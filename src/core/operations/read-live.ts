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

/**
 * Reads the token's family when the token is live; its use shows that it arrived. `audience`: who takes it. What is for a resource server,
 * or for the pages, proves nobody elsewhere.
 */
export async function readLive(
  services: Services,
  tenantId: string | null,
  { token, digest }: BearerCredential,
  audience: string | null = null,
): Promise<LiveReading | undefined> {
  const { store, tagKeys, clock } = services;
  if (token.use !== 'access' || (await tagKeys.judge(token)) === 'made_up') {
    return undefined;
  }
  const { reading, ...versions } = await store.readFamily(tenantId, token.familyId);
  if (reading === undefined || reading.family.audience !== audience || !isLive(reading, digest, clock())) {
    return undefined;
  }
  confirmUse(services, reading, clock());
  return { reading, ...versions };
}
