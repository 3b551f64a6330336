import { answer, type Change, type Decision, drop, refuse, set } from '../changes.ts';
import type { RevocationCause, Target } from '../model.ts';
import { each, lockRow, one } from '../plan.ts';
import { namedClient } from '../rules/clients.ts';
import { dropPendingMessages, voidCode } from '../rules/codes.ts';
import { endOfOwner, forgetDeviceToken, readDeviceToken, readOwned } from '../rules/device-tokens.ts';
import { readEndNodes } from '../rules/end-nodes.ts';
import { afterProof, lockProof, type OwnProof, readProof, refuseProof } from '../rules/own-proofs.ts';
import { invalid, notFound } from '../rules/refusals.ts';
import { endTokensOf, type Revoked, setOf } from '../rules/revoking.ts';
import { entry, rule } from '../rules/rule.ts';
import { isThere, lockTarget, readTarget, refuseOwner, refuseOwnerOfDisabled } from '../rules/targets.ts';
import { CLIENT } from '../tables/clients.ts';
import { CODE_PURPOSES } from '../tables/codes.ts';
import { DEVICE_TOKEN } from '../tables/device-tokens.ts';
import { END_NODE } from '../tables/end-nodes.ts';
import { TABLES } from '../tables/index.ts';
import { SUBJECT, type Subject } from '../tables/subjects.ts';
import { TENANT } from '../tables/tenants.ts';

/** Ends every token of a target, and may disable or delete it. Enabling again revives nothing. */
export interface CutOff {
  readonly kind: 'cut_off';
  readonly tenantId: string;
  readonly target: Target;
  /** The user who acts as the owner of a device. */
  readonly ownerId?: string | undefined;
  readonly cause: Extract<RevocationCause, 'revoked' | 'disabled' | 'deleted'>;
  /** By which a user deletes itself in person. */
  readonly proof?: OwnProof | undefined;
}

/** One cutoff row ends all tokens, however many there are; of a user who is deleted the tokens of its devices end beside it. */
export const cutOff = rule<CutOff>()({
  kind: 'cut_off',
  plan: ({ tenantId, target, cause, proof }) => ({
    locks: [lockRow(TENANT, { tenantId }), ...lockTarget(target), ...lockProof(tenantId, proof)],
    reads: {
      tenant: one(TENANT, { tenantId }),
      ...readTarget(target),
      ...readProof(tenantId, target.id, proof),
      endNodes: readEndNodes(tenantId, target.kind === 'device' ? target.id : undefined),
      token: readDeviceToken(tenantId, target.kind === 'device' ? target.id : undefined),
      owned: readOwned(tenantId, cause === 'deleted' && target.kind === 'user' ? target.id : undefined),
    },
  }),
  follow: ({ owned }, { tenantId }) => ({
    ownedTokens: each(
      DEVICE_TOKEN,
      owned.map(({ subjectId }) => ({ subjectId, tenantId })),
    ),
  }),
  decide: (state, { tenantId, target, cause, ownerId, proof }, now): Decision<Revoked> => {
    const { tenant } = state;
    if (tenant === undefined || !isThere(state, target, tenantId)) {
      return refuse(notFound(target.kind, target.id));
    }
    const refusal =
      refuseOwner(state.subject, ownerId) ??
      (cause === 'deleted' ? refuseOwnerOfDisabled(state.subject, ownerId) : undefined) ??
      (state.subject === undefined ? undefined : refuseProof(state, state.subject, proof, now));
    if (refusal !== undefined) {
      return refuse(refusal);
    }
    if (target.kind === 'tenant' && cause === 'deleted') {
      // Its revisions would begin anew with the next tenant of that id, and old tokens would pass its cutoff.
      return refuse(invalid('A tenant can be disabled, but not deleted'));
    }
    if (target.kind === 'client' && target.id === tenantId && cause === 'deleted') {
      // Apps that know the tenant by this id would go on naming it, no matter who has it then.
      return refuse(invalid('The public client of a tenant can be disabled, but not deleted', 'client_id', target.id));
    }
    const ended = endTokensOf(tenant, target, cause, now, state.endNodes);
    const { revision, changes } = endOfOwner({ ...tenant, revision: ended.revision }, state.ownedTokens, now);
    const behind = cause === 'deleted' ? state.endNodes.map(({ subjectId }) => drop(END_NODE, { subjectId })) : [];
    const more = [...behind, ...(CHANGES[cause]?.(target) ?? []), ...disabledBy(ownerId, state.subject, cause)];
    return answer({ revision, revoked: true }, [
      ...ended.changes,
      ...changes,
      ...more,
      ...forgetDeviceToken(state.token, now),
      ...afterProof(tenantId, state, proof),
    ]);
  },
  // Of a whole tenant they may end too: its admin must be able to stop everything at once, and an operator logs in again.
  touches: (state, command) => namedClient(state, command),
  audit: ({ tenantId, target, cause }) => entry(tenantId, AUDIT_ACTIONS[cause], target.kind, target.id),
});

export const AUDIT_ACTIONS: Readonly<Record<CutOff['cause'], string>> = {
  revoked: 'revoke_all',
  disabled: 'disable',
  deleted: 'delete',
};

/** An owner who disables what an admin has disabled takes nothing over. */
function disabledBy(ownerId: string | undefined, subject: Subject | undefined, cause: CutOff['cause']): Change[] {
  if (cause !== 'disabled' || subject?.kind !== 'device') {
    return [];
  }
  const disabledByOwner = ownerId !== undefined && (!subject.disabled || subject.disabledByOwner);
  return [set(SUBJECT, { subjectId: subject.subjectId }, { disabledByOwner })];
}

/** What besides the tokens. */
const CHANGES: Readonly<Partial<Record<CutOff['cause'], (target: Target) => Change[]>>> = {
  disabled: (target) => [
    setOf(target, { disabled: true }),
    // Enabling again revives nothing.
    ...(target.kind === 'user' ? CODE_PURPOSES.flatMap((purpose) => voidCode(target.id, purpose)) : []),
  ],
  deleted: ({ kind, id }) =>
    kind === 'client'
      ? [...dropOwned({ clientId: id }), drop(CLIENT, { clientId: id })]
      : // Messages that were sent outlive it.
        [...dropOwned({ subjectId: id }), drop(SUBJECT, { subjectId: id }), dropPendingMessages(id)],
};

/** What hangs on it. */
function dropOwned(owner: { readonly subjectId: string } | { readonly clientId: string }): Change[] {
  return TABLES.filter(({ diesWith }) => diesWith.some((field) => field in owner)).map((table) => drop(table, owner));
}
