/** Executing a command, but for the store: which rows to lock and read, and what to change of them. */
import { type Actor, SERVER } from '../actor.ts';
import { type Change, type Decision, merged, refuse, set } from '../changes.ts';
import { CALLER_UNAUTHENTICATED } from '../errors.ts';
import type { Instant } from '../model.ts';
import type { Lock, Reads } from '../plan.ts';
import { AUDIT_START, type AuditHead, appendAudit } from '../rules/audit.ts';
import {
  authorityLocks,
  authorityReads,
  changedCallerReads,
  isAuthorized,
  type Moment,
  refuseOperators,
} from '../rules/authority.ts';
import { CLIENT, CLIENT_SECRET } from '../tables/clients.ts';
import { RESOURCE_SERVER } from '../tables/resource-servers.ts';
import { TENANT, type Tenant } from '../tables/tenants.ts';
import { type Command, ruleOf } from './index.ts';

/** Rows by the names of the reads. */
export type State = Readonly<Record<string, unknown>>;

export interface CommandPlan {
  readonly locks: readonly Lock[];
  readonly reads: Reads;
}

/** What is locked and read first. */
export function planOf(command: Command): CommandPlan {
  const { locks, reads } = ruleOf(command).plan(command);
  const { authority } = command;
  return {
    locks: [...locks, ...authorityLocks(authority, locks)],
    reads: { ...reads, ...authorityReads(authority) },
  };
}

/** What the first reads lead to; may be nothing. */
export function nextReadsOf(command: Command, first: State, moment: Moment): Reads {
  const followed = ruleOf(command).follow?.(first, command) ?? {};
  return { ...followed, ...changedCallerReads(command.authority, first, moment) };
}

/** What the command changes and answers, with its record for the audit log. Pure: all that it knows is in the state. */
export function decide(command: Command, state: State, moment: Moment): Decision<unknown> {
  const decision = decideWithRight(command, state, moment);
  const changes = [...decision.changes, ...clientVersionChange(decision, state)];
  return { ...decision, changes: merged([...changes, ...auditChanges(command, state, decision, moment.now)]) };
}

function decideWithRight(command: Command, state: State, moment: Moment): Decision<unknown> {
  const { decide: decideByRule, touches, countsGuess = false } = ruleOf(command);
  if (isAuthorized(command.authority, state, moment)) {
    const refusal = touches && refuseOperators(command.authority, touches(state, command));
    return refusal === undefined ? decideByRule(state, command, moment.now) : refuse(refusal);
  }
  return refuse(CALLER_UNAUTHENTICATED, countsGuess ? decideByRule(state, command, moment.now).changes : []);
}

/** Who remembers a client of the tenant learns from it that something was changed. */
function clientVersionChange({ changes }: Decision<unknown>, state: State): Change[] {
  const tenant = state.tenant as Tenant | undefined;
  const isChanged = changes.some(
    (change) =>
      CLIENT_TABLES.includes(change.table.name) ||
      (change.change === 'set' && change.table.name === TENANT.name && 'disabled' in change.fields),
  );
  if (!isChanged || tenant === undefined) {
    return [];
  }
  const { tenantId, clientVersion } = tenant;
  return [set(TENANT, { tenantId }, { clientVersion: clientVersion + 1 })];
}

/** A resource server too: what clients may know of tokens depends on it. */
const CLIENT_TABLES = [CLIENT.name, CLIENT_SECRET.name, RESOURCE_SERVER.name];

const NEW_TENANT: AuditHead = { auditSequence: 0, auditHash: AUDIT_START };

/**
 * The record of a change. What was refused is recorded when it changed something all the same: a family that was ended. Issue, Refresh
 * and guesses are not recorded; else strangers could make the log grow without end. That a guess locks is, up to a bound.
 */
function auditChanges(command: Command, state: State, decision: Decision<unknown>, now: Instant): readonly Change[] {
  const entry = decision.changes.length > 0 ? ruleOf(command).audit?.(command, state, decision) : undefined;
  const head = command.kind === 'create_tenant' ? NEW_TENANT : (state.tenant as Tenant | undefined);
  if (entry === undefined || head === undefined) {
    return [];
  }
  const result = 'refusal' in decision.outcome ? decision.outcome.refusal.code : 'ok';
  return appendAudit(head, { ...entry, actor: actorOf(command), result }, now);
}

function actorOf(command: Command): Actor {
  const { by = SERVER } = command;
  const { address, requestId } = by;
  return ruleOf(command).byServer === true ? { ...SERVER, address, requestId } : by;
}
