import { AUDIT_START } from '../audit.ts';
import type { Change, Decision } from '../changes.ts';
import type { CreateTenant, UpdateTenant } from '../directory-commands.ts';
import { refusePolicy } from '../lifetimes.ts';
import type { Client, Instant, Tenant } from '../model.ts';
import type { State } from '../state.ts';
import { notFound, refuse, taken } from './decision.ts';

/** A tenant comes with a public client of the same id, which is what legacy clients name as their app. */
export function createTenant(state: State, command: CreateTenant, now: Instant): Decision<CreateTenant> {
  const { tenantId, displayName, policy } = command;
  if (state.tenant !== undefined || state.client !== undefined) {
    return refuse(taken('id', tenantId));
  }
  const refusal = refusePolicy(policy);
  if (refusal !== undefined) {
    return refuse(refusal);
  }
  const tenant: Tenant = {
    tenantId,
    displayName,
    policy,
    disabled: false,
    revision: 0,
    cutoff: 0,
    createTime: now,
    auditSequence: 0,
    auditHash: AUDIT_START,
  };
  const client: Client = {
    clientId: tenantId,
    tenantId,
    displayName,
    confidential: false,
    roles: [],
    scopes: command.publicScopes,
    disabled: false,
    cutoff: 0,
    createTime: now,
  };
  const changes: Change[] = [
    { change: 'insert_tenant', tenant },
    { change: 'insert_client', client },
  ];
  return { changes, outcome: { answer: {} } };
}

export function updateTenant(state: State, command: UpdateTenant): Decision<UpdateTenant> {
  if (state.tenant === undefined) {
    return refuse(notFound('tenant', command.tenantId));
  }
  const policy = { ...state.tenant.policy, ...command.policy };
  const refusal = refusePolicy(policy);
  if (refusal !== undefined) {
    return refuse(refusal);
  }
  const tenant = { ...state.tenant, displayName: command.displayName ?? state.tenant.displayName, policy };
  return { changes: [{ change: 'update_tenant', tenant }], outcome: { answer: { tenant } } };
}
