/** What failed logins have locked: telling it, and lifting it. */
import { given } from '../given.ts';
import type { Instant } from '../model.ts';
import { isPermitted, requirePermission } from '../permissions.ts';
import { one } from '../plan.ts';
import { type FailureCounter, lockEndOf, nameCounter, readCounters, secondFactorCounter } from '../rules/counters.ts';
import type { Services } from '../services/services.ts';
import type { Subject } from '../tables/subjects.ts';
import { TENANT } from '../tables/tenants.ts';
import { type DeviceRef, requireDevice, requireUser, type UserRef } from './access.ts';
import type { Call } from './authenticate.ts';
import { perform } from './perform.ts';

export interface Unlocked {
  /** Whether failures were counted, which need not have locked. */
  readonly hadFailures: boolean;
}

/** By an admin. The lock of a second factor goes too; that of a network address is over in a minute. */
export async function unlockUser(services: Services, call: Call, ref: UserRef): Promise<Unlocked> {
  requirePermission(call.caller, 'manage_subjects');
  return unlock(services, call, (await requireUser(services, call, ref)).subject);
}

export async function unlockDevice(services: Services, call: Call, ref: DeviceRef): Promise<Unlocked> {
  requirePermission(call.caller, 'manage_subjects');
  return unlock(services, call, (await requireDevice(services, call, ref)).subject);
}

async function unlock(services: Services, call: Call, { tenantId, subjectId, kind }: Subject): Promise<Unlocked> {
  const command = { kind: 'unlock', tenantId, subjectId, subjectKind: kind } as const;
  const { hadFailures } = await perform(services, call, 'manage_subjects', command);
  return { hadFailures };
}

/** Until when. Absent: not locked. */
export interface Locks {
  readonly lockedUntil?: Instant;
  readonly secondFactorLockedUntil?: Instant;
}

/** Subjects that are looked up together. */
const AT_ONCE = 100;

/** The locks of subjects of the caller's tenant, in their order, for admins. Others are told of none. */
export async function locksOf(services: Services, call: Call, subjects: readonly Subject[]): Promise<readonly Locks[]> {
  if (!isPermitted(call.caller, 'manage_subjects')) {
    return subjects.map(() => ({}));
  }
  const found: Locks[] = [];
  for (let i = 0; i < subjects.length; i += AT_ONCE) {
    found.push(...(await readLocks(services, call.caller.tenantId, subjects.slice(i, i + AT_ONCE))));
  }
  return found;
}

async function readLocks({ store, clock }: Services, tenantId: string, subjects: readonly Subject[]): Promise<Locks[]> {
  const counters = subjects.flatMap(({ subjectId }) => [nameCounter(subjectId), secondFactorCounter(subjectId)]);
  const { tenant, failures } = await store.read({
    tenant: one(TENANT, { tenantId }),
    failures: readCounters(tenantId, counters),
  });
  const now = clock();
  const endOf = (counter: FailureCounter) => lockEndOf(counter, { tenant, failures }, now);
  return subjects.map(({ subjectId }) =>
    given({
      lockedUntil: endOf(nameCounter(subjectId)),
      secondFactorLockedUntil: endOf(secondFactorCounter(subjectId)),
    }),
  );
}
