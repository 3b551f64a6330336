import { answer, refuse } from '../changes.ts';
import type { Target } from '../model.ts';
import { lockRow, one } from '../plan.ts';
import { namedClient } from '../rules/clients.ts';
import { notFound } from '../rules/refusals.ts';
import { setOf } from '../rules/revoking.ts';
import { entry, rule } from '../rules/rule.ts';
import { isThere, lockTarget, readTarget, refuseOwner, refuseOwnerOfDisabled } from '../rules/targets.ts';
import { TENANT } from '../tables/tenants.ts';

/** Lets a target log in again; its cutoff stays, so nothing revives. */
export interface Enable {
  readonly kind: 'enable';
  readonly tenantId: string;
  readonly target: Target;
  /** The user who acts as the owner of a device. */
  readonly ownerId?: string | undefined;
}

export const enable = rule<Enable>()({
  kind: 'enable',
  plan: ({ tenantId, target }) => ({
    locks: [lockRow(TENANT, { tenantId }), ...lockTarget(target)],
    reads: { tenant: one(TENANT, { tenantId }), ...readTarget(target) },
  }),
  decide: (state, { tenantId, target, ownerId }) => {
    if (state.tenant === undefined || !isThere(state, target, tenantId)) {
      return refuse(notFound(target.kind, target.id));
    }
    const refusal = refuseOwner(state.subject, ownerId) ?? refuseOwnerOfDisabled(state.subject, ownerId);
    return refusal === undefined ? answer({}, [setOf(target, { disabled: false })]) : refuse(refusal);
  },
  touches: (state, command) => namedClient(state, command),
  // What is enabled already is no record: an owner of a device must not fill the log.
  audit: ({ tenantId, target }, { tenant, client, subject }) => {
    const row = target.kind === 'tenant' ? tenant : (client ?? subject);
    return row?.disabled === true ? entry(tenantId, 'enable', target.kind, target.id) : undefined;
  },
});
