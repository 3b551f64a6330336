import { answer, type Decision, insert, refuse, set } from '../changes.ts';
import type { Instant } from '../model.ts';
import { all } from '../plan.ts';
import { namedClient, planClient, requireClient } from '../rules/clients.ts';
import { invalid } from '../rules/refusals.ts';
import { endTokensOf, type Revoked } from '../rules/revoking.ts';
import { entry, rule } from '../rules/rule.ts';
import { CLIENT_SECRET, type ClientSecret } from '../tables/clients.ts';

/** Another secret of a confidential client, beside the others or in their place. */
export interface AddClientSecret {
  readonly kind: 'add_client_secret';
  readonly tenantId: string;
  readonly clientId: string;
  readonly secret: Omit<ClientSecret, 'clientId'>;
  /** When the client's other secrets end at the latest; absent: they stay as they are. */
  readonly othersExpireTime?: Instant | undefined;
  /** Whether every token of the client ends too, as after a leak. */
  readonly endTokens: boolean;
}

/** More than a rotation needs; each costs a comparison at every login of the client. */
const MAX_LIVE_SECRETS = 10;

/** Secrets overlap, so that one can be replaced without an outage; `endTokens` is for one that leaked. */
export const addClientSecret = rule<AddClientSecret>()({
  kind: 'add_client_secret',
  plan: (command) => {
    const { locks, reads } = planClient(command);
    return { locks, reads: { ...reads, secrets: all(CLIENT_SECRET, { clientId: command.clientId }) } };
  },
  decide: (state, command, now): Decision<Revoked> => {
    const found = requireClient(state, command);
    if ('refusal' in found) {
      return refuse(found.refusal);
    }
    if (!found.client.confidential) {
      return refuse(invalid('A public client can’t have a secret'));
    }
    const { clientId, secret, othersExpireTime, endTokens } = command;
    const latest = othersExpireTime ?? Number.POSITIVE_INFINITY;
    const staying = state.secrets.filter(({ expireTime }) => Math.min(expireTime ?? latest, latest) > now);
    if (staying.length >= MAX_LIVE_SECRETS) {
      return refuse(invalid(`The client holds ${MAX_LIVE_SECRETS} secrets already. Let some of them expire`));
    }
    const changes = [insert(CLIENT_SECRET, { ...secret, clientId }), ...expireOthers(state.secrets, othersExpireTime)];
    const ended = endTokens
      ? endTokensOf(found.tenant, { kind: 'client', id: clientId }, 'secret_reset', now, [])
      : { revision: found.tenant.revision, changes: [] };
    return answer({ revision: ended.revision, revoked: endTokens }, [...changes, ...ended.changes]);
  },
  touches: (state, command) => namedClient(state, command),
  audit: ({ tenantId, clientId, secret, endTokens }) =>
    entry(tenantId, 'add_client_secret', 'client', clientId, [secret.secretId, ...(endTokens ? ['reset'] : [])]),
});

/** Unless they end sooner anyway. */
function expireOthers(secrets: readonly ClientSecret[], latest: Instant | undefined) {
  return latest === undefined
    ? []
    : secrets.map(({ clientId, secretId, expireTime }) =>
        set(CLIENT_SECRET, { clientId, secretId }, { expireTime: Math.min(expireTime ?? latest, latest) }),
      );
}
