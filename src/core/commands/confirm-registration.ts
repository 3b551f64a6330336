import { answer, type Decision, drop, refuse, set } from '../changes.ts';
import { INVALID_CODE } from '../errors.ts';
import type { Digest } from '../model.ts';
import { lockRow, one } from '../plan.ts';
import { type FailureCounter, lockCounters, readCounters } from '../rules/counters.ts';
import { endGuess } from '../rules/guesses.ts';
import { ledTo, registrationIn } from '../rules/registrations.ts';
import { entry, rule } from '../rules/rule.ts';
import { SINGLE_USE } from '../tables/single-use.ts';
import { TENANT } from '../tables/tenants.ts';

/** A user has typed the PIN that a device shows, and will own it. */
export interface ConfirmRegistration {
  readonly kind: 'confirm_registration';
  readonly tenantId: string;
  /** The user. */
  readonly subjectId: string;
  readonly pinDigest: Digest;
  readonly deviceName: string | null;
  /** What the typed PIN was counted to. */
  readonly counters: readonly FailureCounter[];
}

export const confirmRegistration = rule<ConfirmRegistration>()({
  kind: 'confirm_registration',
  plan: ({ tenantId, pinDigest, counters }) => ({
    locks: [lockRow(TENANT, { tenantId }), ...lockCounters(tenantId, counters)],
    reads: {
      tenant: one(TENANT, { tenantId }),
      pin: one(SINGLE_USE, { digest: pinDigest }),
      failures: readCounters(tenantId, counters),
    },
  }),
  follow: ({ pin }) => ({ row: one(SINGLE_USE, ledTo(pin)) }),
  decide: (state, command, now): Decision<{ readonly registrationId: string }> => {
    const { tenant, pin, row, failures } = state;
    const { tenantId, subjectId, pinDigest, deviceName, counters } = command;
    const registration = registrationIn(row, tenantId);
    const isOpen = pin?.purpose === 'registration_pin' && pin.tenantId === tenantId && pin.expireTime > now;
    if (tenant === undefined || tenant.disabled || row === undefined || registration?.state !== 'begun' || !isOpen) {
      return refuse(INVALID_CODE);
    }
    const payload = { ...registration, state: 'confirmed', userId: subjectId, deviceName };
    return answer({ registrationId: registration.registrationId }, [
      set(SINGLE_USE, { digest: row.digest }, { subjectId, payload }),
      drop(SINGLE_USE, { digest: pinDigest }),
      // Right, but not forgotten: who has a device of its own must not guess others' PINs without an end.
      ...counters.flatMap((counter) => endGuess(tenant, counter, failures, 'given_back', now)),
    ]);
  },
  audit: ({ tenantId, subjectId }) => entry(tenantId, 'confirm_registration', 'user', subjectId),
});
