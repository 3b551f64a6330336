/** What changes of tenants, clients and subjects after they were made. */
import type { Change, Decision } from '../changes.ts';
import type { AddClientSecret, ChangePassword, Principal, UpdateTenant } from '../commands.ts';
import { INVALID_CREDENTIALS } from '../errors.ts';
import type { Instant, RevocationCause, Tenant } from '../model.ts';
import type { State } from '../state.ts';
import { logRevocation, refuse } from './decision.ts';

/** More than a rotation needs; each costs a comparison at every login of the client. */
const MOST_LIVE_SECRETS = 10;

export function updateTenant(state: State, command: UpdateTenant): Decision<UpdateTenant> {
  if (state.tenant === undefined) {
    return refuse({ code: 'not_found', message: `There is no tenant ${command.tenantId}` });
  }
  const policy = { ...state.tenant.policy, ...command.policy };
  if (policy.defaultTokenLifetimeMs > policy.longestTokenLifetimeMs) {
    return refuse({ code: 'invalid_argument', message: 'The default token lifetime is longer than the longest' });
  }
  const tenant = { ...state.tenant, displayName: command.displayName ?? state.tenant.displayName, policy };
  return { changes: [{ change: 'update_tenant', tenant }], outcome: { answer: { tenant } } };
}

/** Every token of the subject dies with its old password: whoever knew that may hold some of them. */
export function changePassword(state: State, command: ChangePassword, now: Instant): Decision<ChangePassword> {
  const { tenant, subject } = state;
  const { tenantId, subjectId, oldHash, newHash } = command;
  if (tenant === undefined || subject?.tenantId !== tenantId) {
    return refuse({ code: 'not_found', message: `There is no user or device ${subjectId}` });
  }
  // By its owner, who must be able to log in, and whose old password may have been changed since it was checked.
  if (oldHash !== undefined && (subject.disabled || tenant.disabled || subject.passwordHash !== oldHash)) {
    return refuse(INVALID_CREDENTIALS);
  }
  const ended = endTokensOf(tenant, { kind: subject.kind, id: subjectId }, 'password_changed', now);
  const changes: Change[] = [{ change: 'set_password_hash', subjectId, passwordHash: newHash }, ...ended.changes];
  return { changes, outcome: { answer: { revision: ended.revision, revoked: true } } };
}

/** Secrets overlap, so that one can be replaced without an outage; `endTokens` is for one that leaked. */
export function addClientSecret(state: State, command: AddClientSecret, now: Instant): Decision<AddClientSecret> {
  const { tenant, client, clientSecrets } = state;
  const { tenantId, clientId, secret, othersExpireTime, endTokens } = command;
  if (tenant === undefined || client?.tenantId !== tenantId) {
    return refuse({ code: 'not_found', message: `There is no client ${clientId}` });
  }
  if (!client.confidential) {
    return refuse({ code: 'invalid_argument', message: 'A public client has no secret' });
  }
  const latest = othersExpireTime ?? Number.POSITIVE_INFINITY;
  const staying = clientSecrets.filter(({ expireTime }) => Math.min(expireTime ?? latest, latest) > now);
  if (staying.length >= MOST_LIVE_SECRETS) {
    const message = `The client holds ${MOST_LIVE_SECRETS} secrets already. Let some of them expire`;
    return refuse({ code: 'invalid_argument', message });
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

/** One cutoff and its event. */
function endTokensOf(
  tenant: Tenant,
  principal: Principal,
  cause: RevocationCause,
  now: Instant,
): { revision: number; changes: Change[] } {
  const { revision, change } = logRevocation(tenant, principal.kind, principal.id, cause, now);
  return { revision, changes: [change, { change: 'set_cutoff', principal, cutoff: revision }] };
}
