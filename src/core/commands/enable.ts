import { answer, refuse } from '../changes.ts';
import type { Target } from '../model.ts';
import { lockRow, one } from '../plan.ts';
import { namedClient } from '../rules/clients.ts';
import {
  type FailureCounter,
  lockCounters,
  nameCounter,
  readCounters,
  secondFactorCounter,
} from '../rules/counters.ts';
import { forgetEarlier } from '../rules/guesses.ts';
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

/** Failed logins of a user or device that an admin lets in again. An owner of a device could else guess at its password without an end. */
function forgottenBy({ target: { kind, id }, ownerId }: Enable): FailureCounter[] {
  const isSubject = kind === 'user' || kind === 'device';
  return isSubject && ownerId === undefined ? [nameCounter(id), secondFactorCounter(id)] : [];
}

export const enable = rule<Enable>()({
  kind: 'enable',
  plan: (command) => {
    const { tenantId, target } = command;
    const counters = forgottenBy(command);
    return {
      locks: [lockRow(TENANT, { tenantId }), ...lockTarget(target), ...lockCounters(tenantId, counters)],
      reads: {
        tenant: one(TENANT, { tenantId }),
        ...readTarget(target),
        failures: readCounters(tenantId, counters),
      },
    };
  },
  decide: (state, command) => {
    const { tenantId, target, ownerId } = command;
    if (state.tenant === undefined || !isThere(state, target, tenantId)) {
      return refuse(notFound(target.kind, target.id));
    }
    const refusal = refuseOwner(state.subject, ownerId) ?? refuseOwnerOfDisabled(state.subject, ownerId);
    if (refusal !== undefined) {
      return refuse(refusal);
    }
    const forgotten = forgetEarlier(tenantId, forgottenBy(command), state.failures);
    return answer({}, [setOf(target, { disabled: false }), ...forgotten]);
  },
  touches: (state, command) => namedClient(state, command),
  // What is enabled already is no record: an owner of a device must not fill the log.
  audit: ({ tenantId, target }, { tenant, client, subject, failures }) => {
    const row = target.kind === 'tenant' ? tenant : (client ?? subject);
    return row?.disabled === true || failures.length > 0
      ? entry(tenantId, 'enable', target.kind, target.id)
      : undefined;
  },
});
