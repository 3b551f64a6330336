/** Ending tokens. Every door that ends some goes through here: one event in the tenant's revocation log, at its next revision. */
import { type Change, drop, insert, set } from '../changes.ts';
import type { Instant, RevocationCause, Target } from '../model.ts';
import type { Where } from '../table.ts';
import { CLIENT } from '../tables/clients.ts';
import { END_NODE_LOGIN, type EndNode } from '../tables/end-nodes.ts';
import { FAMILY } from '../tables/families.ts';
import { REVOCATION, type RevocationScope } from '../tables/revocations.ts';
import { SUBJECT } from '../tables/subjects.ts';
import { TENANT, type Tenant } from '../tables/tenants.ts';

/** What a command that may end tokens answers. */
export interface Revoked {
  readonly revision: number;
  /** Whether this command ended something; false for what was unknown or revoked before. */
  readonly revoked: boolean;
}

export interface Ended {
  readonly revision: number;
  readonly changes: readonly Change[];
}

/** The tenant first, as those change it that lock it; when another took this revision meanwhile, the event's key is taken. */
export function logRevocation(
  tenant: Tenant,
  scope: RevocationScope,
  key: string,
  cause: RevocationCause,
  now: Instant,
): Ended {
  const { tenantId } = tenant;
  const revision = tenant.revision + 1;
  return {
    revision,
    changes: [
      set(TENANT, { tenantId }, { revision }),
      insert(REVOCATION, { tenantId, revision, scope, key, cause, eventTime: now }),
    ],
  };
}

/** `endNodes`: those for which the login got tokens, which end with it. */
export function endFamily(
  tenant: Tenant,
  familyId: string,
  cause: RevocationCause,
  now: Instant,
  endNodes: readonly Behind[],
): Ended {
  const { revision, changes } = logRevocation(tenant, 'family', familyId, cause, now);
  const ended = { revision, changes: [set(FAMILY, { familyId }, { revokedRevision: revision }), ...changes] };
  return withEndNodes(tenant, ended, endNodes, cause, now);
}

/**
 * One cutoff and its event: every token of the target dies, however many there are. `endNodes`: those of a gateway, which may hold tokens
 * of them.
 */
export function endTokensOf(
  tenant: Tenant,
  target: Target,
  cause: RevocationCause,
  now: Instant,
  endNodes: readonly Behind[],
): Ended {
  const { revision, changes } = logRevocation(tenant, target.kind, target.id, cause, now);
  const ended = { revision, changes: [...changes, setOf(target, { cutoff: revision })] };
  return withEndNodes(tenant, ended, endNodes, cause, now);
}

/** A device behind a gateway. */
type Behind = Pick<EndNode, 'subjectId'>;

/** Each at a revision of its own, for those who follow the log. */
function withEndNodes(
  tenant: Tenant,
  first: Ended,
  endNodes: readonly Behind[],
  cause: RevocationCause,
  now: Instant,
): Ended {
  const changes = [...first.changes];
  let { revision } = first;
  for (const { subjectId } of endNodes) {
    const ended = endTokensOf({ ...tenant, revision }, { kind: 'device', id: subjectId }, cause, now, []);
    changes.push(...ended.changes, drop(END_NODE_LOGIN, { subjectId }));
    revision = ended.revision;
  }
  return { revision, changes };
}

/** Sets what tenants, clients and subjects have in common. */
export function setOf(target: Target, fields: { readonly cutoff?: number; readonly disabled?: boolean }): Change {
  switch (target.kind) {
    case 'tenant':
      return set(TENANT, { tenantId: target.id }, fields);
    case 'client':
      return set(CLIENT, { clientId: target.id }, fields);
    case 'user':
    case 'device':
      return set(SUBJECT, { subjectId: target.id } satisfies Where<{ subjectId: string }>, fields);
  }
}

/** The first cutoff of something new: had there been another of the same id, deleted since, its tokens must not revive. */
export function firstCutoff(tenant: Tenant): number {
  return tenant.revision;
}
