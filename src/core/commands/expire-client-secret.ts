import { answer, refuse, set } from '../changes.ts';
import type { Instant } from '../model.ts';
import { one } from '../plan.ts';
import { namedClient, planClient, requireClient } from '../rules/clients.ts';
import { entry, rule } from '../rules/rule.ts';
import { CLIENT_SECRET } from '../tables/clients.ts';

/** Ends one secret of a client, at once or later. */
export interface ExpireClientSecret {
  readonly kind: 'expire_client_secret';
  readonly tenantId: string;
  readonly clientId: string;
  readonly secretId: string;
  readonly expireTime: Instant;
}

export const expireClientSecret = rule<ExpireClientSecret>()({
  kind: 'expire_client_secret',
  plan: (command) => {
    const { locks, reads } = planClient(command);
    const { clientId, secretId } = command;
    return { locks, reads: { ...reads, secret: one(CLIENT_SECRET, { clientId, secretId }) } };
  },
  decide: (state, command) => {
    const found = requireClient(state, command);
    if ('refusal' in found) {
      return refuse(found.refusal);
    }
    const { secret } = state;
    if (secret === undefined) {
      return refuse({ code: 'not_found', message: 'secret_id is not a secret of this client' });
    }
    const { clientId, secretId } = secret;
    // Never later than before: one that has ended must not revive.
    const expireTime = Math.min(secret.expireTime ?? Number.POSITIVE_INFINITY, command.expireTime);
    return answer({}, [set(CLIENT_SECRET, { clientId, secretId }, { expireTime })]);
  },
  touches: (state, command) => namedClient(state, command),
  audit: ({ tenantId, clientId, secretId }) => entry(tenantId, 'expire_client_secret', 'client', clientId, [secretId]),
});
