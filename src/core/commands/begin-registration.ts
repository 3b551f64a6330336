import { answer, type Change, type Decision, drop, insert, put, refuse, set } from '../changes.ts';
import type { Digest, Instant } from '../model.ts';
import { lockRow, one } from '../plan.ts';
import { notFound, taken } from '../rules/refusals.ts';
import { digestOfHex, hexOf, ledTo, type RegistrationPayload, registrationIn } from '../rules/registrations.ts';
import { rule } from '../rules/rule.ts';
import { SINGLE_USE, type SingleUse } from '../tables/single-use.ts';
import { TENANT } from '../tables/tenants.ts';

/** A device asks to be registered. What it asked before is worth nothing from then on. */
export interface BeginRegistration {
  readonly kind: 'begin_registration';
  readonly tenantId: string;
  readonly digest: Digest;
  readonly pinDigest: Digest;
  /** Of the device itself: the same each time. */
  readonly deviceDigest: Digest;
  readonly payload: RegistrationPayload;
  /** Until when its state is told. */
  readonly expireTime: Instant;
}

export const beginRegistration = rule<BeginRegistration>()({
  kind: 'begin_registration',
  plan: ({ tenantId, pinDigest, deviceDigest }) => ({
    locks: [lockRow(TENANT, { tenantId })],
    reads: {
      tenant: one(TENANT, { tenantId }),
      pin: one(SINGLE_USE, { digest: pinDigest }),
      last: one(SINGLE_USE, { digest: deviceDigest }),
    },
  }),
  follow: ({ last }) => ({
    before: one(SINGLE_USE, ledTo(last)),
  }),
  decide: ({ tenant, pin, before }, command, now): Decision<Record<never, never>> => {
    const { tenantId, digest, pinDigest, deviceDigest, payload, expireTime } = command;
    if (tenant === undefined || tenant.disabled) {
      return refuse(notFound('tenant', tenantId));
    }
    if (pin !== undefined && pin.expireTime > now) {
      return refuse(taken('pin', ''));
    }
    const common = { tenantId, subjectId: '', clientId: '', familyId: null } as const;
    const ref = { registration: hexOf(digest) };
    return answer({}, [
      ...supersede(before, tenantId),
      insert(SINGLE_USE, { ...common, digest, purpose: 'registration', payload: { ...payload }, expireTime }),
      put(SINGLE_USE, {
        ...common,
        digest: pinDigest,
        purpose: 'registration_pin',
        payload: ref,
        expireTime: payload.openUntil,
      }),
      put(SINGLE_USE, { ...common, digest: deviceDigest, purpose: 'registration', payload: ref, expireTime }),
    ]);
  },
});

function supersede(row: SingleUse | undefined, tenantId: string): Change[] {
  const before = registrationIn(row, tenantId);
  if (row === undefined || before === undefined || before.state === 'registered') {
    return [];
  }
  return [
    set(SINGLE_USE, { digest: row.digest }, { payload: { ...before, state: 'superseded' } }),
    drop(SINGLE_USE, { digest: digestOfHex(before.pin) }),
  ];
}
