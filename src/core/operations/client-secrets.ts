/** The secrets of confidential clients: several overlap while one replaces the other. */
import { SymbolonError } from '../errors.ts';
import type { Instant } from '../model.ts';
import { requirePermission } from '../permissions.ts';
import type { Services } from '../services/services.ts';
import type { Call } from './authenticate.ts';
import { makeSecret, requireManageable } from './clients.ts';
import { perform } from './perform.ts';

export interface NewSecret {
  readonly clientId: string;
  /** Absent: never. */
  readonly expireTime?: Instant;
  /** How long the client's other secrets live on at most; absent: as they are. */
  readonly othersExpireInMs?: number;
  /** After a leak: ends the other secrets and every token of the client at once. */
  readonly reset: boolean;
}

export interface MadeSecret {
  readonly secretId: string;
  /** Told this once. */
  readonly clientSecret: string;
  readonly revision: number;
}

export async function addClientSecret(services: Services, call: Call, request: NewSecret): Promise<MadeSecret> {
  requirePermission(call.caller, 'manage_clients');
  const { clientId, expireTime = null, othersExpireInMs, reset } = request;
  const byRole = await requireManageable(services, call, clientId);
  const now = services.clock();
  if (expireTime !== null && expireTime <= now) {
    throw new SymbolonError('invalid_argument', 'expire_time must be in the future');
  }
  const { secret, stored } = makeSecret(services.random);
  const others = reset ? now : othersExpireInMs === undefined ? undefined : now + othersExpireInMs;
  const { revision } = await perform(services, call, ['manage_clients', ...byRole], {
    kind: 'add_client_secret',
    tenantId: call.caller.tenantId,
    clientId,
    secret: { ...stored, expireTime },
    ...(others === undefined ? {} : { othersExpireTime: others }),
    endTokens: reset,
  });
  return { secretId: stored.secretId, clientSecret: secret, revision };
}

/** Without a time: now. */
export async function expireClientSecret(
  services: Services,
  call: Call,
  clientId: string,
  secretId: string,
  expireTime: Instant = services.clock(),
): Promise<void> {
  requirePermission(call.caller, 'manage_clients');
  const byRole = await requireManageable(services, call, clientId);
  const { tenantId } = call.caller;
  await perform(services, call, ['manage_clients', ...byRole], {
    kind: 'expire_client_secret',
    tenantId,
    clientId,
    secretId,
    expireTime,
  });
}
