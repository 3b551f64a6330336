import type { Change, Decision } from '../changes.ts';
import type { CreateClient, CreateSubject, CreateTenant } from '../commands.ts';
import type { Refusal } from '../errors.ts';
import type { Client, Instant, Tenant } from '../model.ts';
import { handlesOf, type State } from '../state.ts';
import { refuse } from './decision.ts';

function taken(what: string): Refusal {
  return { code: 'already_exists', message: `${what} is taken` };
}

/** The first cutoff of a new principal: had there been another of the same id, deleted since, its tokens must not revive. */
function bornAt(tenant: Tenant): number {
  return tenant.revision;
}

/** A tenant comes with a public client of the same id, which is what legacy clients name as their app. */
export function createTenant(state: State, command: CreateTenant, now: Instant): Decision<CreateTenant> {
  const { tenantId, displayName, policy } = command;
  if (state.tenant !== undefined || state.client !== undefined) {
    return refuse(taken(`The id ${tenantId}`));
  }
  const tenant = { tenantId, displayName, policy, disabled: false, revision: 0, cutoff: 0, createTime: now };
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

export function createClient(state: State, command: CreateClient, now: Instant): Decision<CreateClient> {
  const { secret } = command;
  const { clientId, tenantId } = command.client;
  if (state.tenant === undefined) {
    return refuse({ code: 'not_found', message: `There is no tenant ${tenantId}` });
  }
  if (state.client !== undefined) {
    return refuse(taken(`The client id ${clientId}`));
  }
  const client: Client = { ...command.client, disabled: false, cutoff: bornAt(state.tenant), createTime: now };
  const changes: Change[] = [{ change: 'insert_client', client }];
  if (secret !== undefined) {
    changes.push({ change: 'insert_client_secret', secret: { ...secret, clientId } });
  }
  return { changes, outcome: { answer: {} } };
}

export function createSubject(state: State, command: CreateSubject, now: Instant): Decision<CreateSubject> {
  const { tenantId, subjectId } = command.subject;
  if (state.tenant === undefined) {
    return refuse({ code: 'not_found', message: `There is no tenant ${tenantId}` });
  }
  if (state.subject !== undefined) {
    return refuse(taken(`The id ${subjectId}`));
  }
  const [clash] = state.takenHandles;
  if (clash !== undefined) {
    return refuse(taken(`The ${clash.kind.replace('_', ' ')} ${clash.key}`));
  }
  const subject = { ...command.subject, disabled: false, cutoff: bornAt(state.tenant), createTime: now };
  return { changes: [{ change: 'insert_subject', subject, handles: handlesOf(subject) }], outcome: { answer: {} } };
}
