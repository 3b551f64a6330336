import type { Change, Decision } from '../changes.ts';
import type { AddClientSecret, CreateClient, ExpireClientSecret, UpdateClient } from '../directory-commands.ts';
import type { Refusal } from '../errors.ts';
import type { Client, Instant, Tenant } from '../model.ts';
import type { State } from '../state.ts';
import { bornAt, endTokensOf, invalid, notFound, refuse, taken } from './decision.ts';

/** More than a rotation needs; each costs a comparison at every login of the client. */
const MOST_LIVE_SECRETS = 10;

export function createClient(state: State, command: CreateClient, now: Instant): Decision<CreateClient> {
  const { secret } = command;
  const { clientId, tenantId } = command.client;
  if (state.tenant === undefined) {
    return refuse(notFound('tenant', tenantId));
  }
  if (state.client !== undefined) {
    return refuse(taken('client_id', clientId));
  }
  const client: Client = { ...command.client, disabled: false, cutoff: bornAt(state.tenant), createTime: now };
  const refusal = refuseRoles(client);
  if (refusal !== undefined) {
    return refuse(refusal);
  }
  const changes: Change[] = [{ change: 'insert_client', client }];
  if (secret !== undefined) {
    changes.push({ change: 'insert_client_secret', secret: { ...secret, clientId } });
  }
  return { changes, outcome: { answer: {} } };
}

/** Tokens that carry a scope which is taken away here keep it until they end. */
export function updateClient(state: State, command: UpdateClient): Decision<UpdateClient> {
  const found = clientOf(state, command);
  if ('refusal' in found) {
    return refuse(found.refusal);
  }
  const { displayName, roles, scopes } = command;
  const client: Client = {
    ...found.client,
    ...(displayName === undefined ? {} : { displayName }),
    ...(roles === undefined ? {} : { roles }),
    ...(scopes === undefined ? {} : { scopes }),
  };
  const refusal = refuseRoles(client);
  if (refusal !== undefined) {
    return refuse(refusal);
  }
  return { changes: [{ change: 'update_client', client }], outcome: { answer: { client } } };
}

/** Whoever names a public client is believed to be it. */
function refuseRoles({ confidential, roles }: Client): Refusal | undefined {
  return confidential || roles.length === 0 ? undefined : invalid('A public client can have no role', 'roles');
}

/** Secrets overlap, so that one can be replaced without an outage; `endTokens` is for one that leaked. */
export function addClientSecret(state: State, command: AddClientSecret, now: Instant): Decision<AddClientSecret> {
  const found = clientOf(state, command);
  if ('refusal' in found) {
    return refuse(found.refusal);
  }
  const { tenant, client } = found;
  const { clientId, secret, othersExpireTime, endTokens } = command;
  if (!client.confidential) {
    return refuse(invalid('A public client has no secret'));
  }
  const latest = othersExpireTime ?? Number.POSITIVE_INFINITY;
  const staying = state.clientSecrets.filter(({ expireTime }) => Math.min(expireTime ?? latest, latest) > now);
  if (staying.length >= MOST_LIVE_SECRETS) {
    return refuse(invalid(`The client holds ${MOST_LIVE_SECRETS} secrets already. Let some of them expire`));
  }
  const changes: Change[] = [{ change: 'insert_client_secret', secret: { ...secret, clientId } }];
  if (othersExpireTime !== undefined) {
    const exceptSecretId = secret.secretId;
    changes.push({ change: 'expire_client_secrets', clientId, exceptSecretId, expireTime: othersExpireTime });
  }
  if (!endTokens) {
    return { changes, outcome: { answer: { revision: tenant.revision, revoked: false } } };
  }
  const ended = endTokensOf(tenant, { kind: 'client', id: clientId }, 'secret_reset', now);
  return {
    changes: [...changes, ...ended.changes],
    outcome: { answer: { revision: ended.revision, revoked: true } },
  };
}

export function expireClientSecret(state: State, command: ExpireClientSecret): Decision<ExpireClientSecret> {
  const found = clientOf(state, command);
  if ('refusal' in found) {
    return refuse(found.refusal);
  }
  const { clientId, secretId } = command;
  const secret = state.clientSecrets.find((each) => each.secretId === secretId);
  if (secret === undefined) {
    return refuse({ code: 'not_found', message: 'The client has no such secret' });
  }
  // Never later than before: one that has ended must not revive.
  const expireTime = Math.min(secret.expireTime ?? Number.POSITIVE_INFINITY, command.expireTime);
  const change = { change: 'expire_client_secret', clientId, secretId, expireTime } as const;
  return { changes: [change], outcome: { answer: {} } };
}

function clientOf(
  { tenant, client }: State,
  { tenantId, clientId }: { readonly tenantId: string; readonly clientId: string },
): { tenant: Tenant; client: Client } | { refusal: Refusal } {
  return tenant === undefined || client?.tenantId !== tenantId
    ? { refusal: notFound('client', clientId) }
    : { tenant, client };
}
