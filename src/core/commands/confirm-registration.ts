import { answer, type Decision, drop, refuse, set } from '../changes.ts';
import { INVALID_CODE } from '../errors.ts';
import type { Digest } from '../model.ts';
import { lockRow, one } from '../plan.ts';
import { type FailureCounter, lockCounters, readCounters } from '../rules/counters.ts';
import { deviceTypeOf } from '../rules/device-types.ts';
import { endGuess } from '../rules/guesses.ts';
import { unmet } from '../rules/refusals.ts';
import { ledTo, registrationIn } from '../rules/registrations.ts';
import { entry, rule } from '../rules/rule.ts';
import { NOT_OWNER, refuseOwner } from '../rules/targets.ts';
import { SINGLE_USE } from '../tables/single-use.ts';
import { SUBJECT } from '../tables/subjects.ts';
import { TENANT } from '../tables/tenants.ts';

/** A user has typed the PIN that a device shows, and will own it. */
export interface ConfirmRegistration {
  readonly kind: 'confirm_registration';
  readonly tenantId: string;
  /** The user. */
  readonly subjectId: string;
  readonly pinDigest: Digest;
  readonly deviceName: string | null;
  /** A device that the user owns, which the registration is for; null: for a new one. */
  readonly boundDeviceId: string | null;
  /** What the typed PIN was counted to. */
  readonly counters: readonly FailureCounter[];
}

export const confirmRegistration = rule<ConfirmRegistration>()({
  kind: 'confirm_registration',
  plan: ({ tenantId, pinDigest, boundDeviceId, counters }) => ({
    locks: [lockRow(TENANT, { tenantId }), ...lockCounters(tenantId, counters)],
    reads: {
      tenant: one(TENANT, { tenantId }),
      pin: one(SINGLE_USE, { digest: pinDigest }),
      bound: one(SUBJECT, boundDeviceId === null ? undefined : { subjectId: boundDeviceId, tenantId }),
      failures: readCounters(tenantId, counters),
    },
  }),
  follow: ({ pin }) => ({ row: one(SINGLE_USE, ledTo(pin)) }),
  decide: (state, command, now): Decision<{ readonly registrationId: string }> => {
    const { tenant, pin, row, bound, failures } = state;
    const { tenantId, subjectId, pinDigest, deviceName, boundDeviceId, counters } = command;
    const registration = registrationIn(row, tenantId);
    const isOpen = pin?.purpose === 'registration_pin' && pin.tenantId === tenantId && pin.expireTime > now;
    if (tenant === undefined || tenant.disabled || row === undefined || registration?.state !== 'begun' || !isOpen) {
      return refuse(INVALID_CODE);
    }
    if (boundDeviceId !== null && refuseOwner(bound, subjectId) !== undefined) {
      return refuse(NOT_OWNER);
    }
    if (bound !== undefined && deviceTypeOf(bound) !== registration.deviceType) {
      return refuse(unmet('The device is of another type than the one that shows the PIN'));
    }
    const payload = { ...registration, state: 'confirmed', userId: subjectId, deviceName, boundDeviceId };
    return answer({ registrationId: registration.registrationId }, [
      set(SINGLE_USE, { digest: row.digest }, { subjectId, payload }),
      drop(SINGLE_USE, { digest: pinDigest }),
      // Right, but not forgotten: who has a device of its own must not guess others' PINs without an end.
      ...counters.flatMap((counter) => endGuess(tenant, counter, failures, 'given_back', now)),
    ]);
  },
  audit: ({ tenantId, subjectId }) => entry(tenantId, 'confirm_registration', 'user', subjectId),
});
