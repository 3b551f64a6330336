/** Devices of a user: the user adds one without a vendor's id and password, and sees which there are. */
import { SymbolonError } from '../errors.ts';
import { deviceId, ID_BYTES } from '../ids.ts';
import { each } from '../plan.ts';
import { DEVICE_TYPE_ATTRIBUTE } from '../rules/device-types.ts';
import type { Services } from '../services/services.ts';
import { DEVICES_OF_OWNER } from '../tables/device-owners.ts';
import { SUBJECT, type Subject } from '../tables/subjects.ts';
import { requireDisplayName } from '../text/fields.ts';
import type { Call } from './authenticate.ts';
import { perform } from './perform.ts';
import { countRegistration } from './registration.ts';

export interface OwnedDevice {
  readonly displayName: string;
  /** Any text of at most 64 characters. */
  readonly deviceType: string;
}

/** By the user in person. The device gets no password: it is reached by the token that its owner gives it. */
export async function addOwnedDevice(
  services: Services,
  call: Call,
  { displayName, deviceType }: OwnedDevice,
): Promise<Subject> {
  const { tenantId, subject: user } = call.caller;
  if (user?.kind !== 'user') {
    throw new SymbolonError('permission_denied', 'Only a user may add a device of its own');
  }
  await countRegistration(services, call);
  const subjectId = deviceId(services.random(ID_BYTES));
  const { subject } = await perform(services, call, 'act_for_user', {
    kind: 'create_subject',
    subject: {
      subjectId,
      tenantId,
      kind: 'device',
      passwordHash: null,
      loginName: null,
      email: null,
      emailVerified: false,
      phone: null,
      phoneVerified: false,
      // No vendor gave it one.
      vendorId: `own.${subjectId.slice('th.'.length)}`,
      displayName: requireDisplayName(displayName),
      attributes: JSON.stringify({ [DEVICE_TYPE_ATTRIBUTE]: deviceType }),
      ownerIds: [user.id],
    },
  });
  return subject;
}

/** A user has as many as a household has; who has more is shown the oldest. */
const MOST_LISTED = 10_000;

/** In the order in which they were registered, from the `offset`-th on, and how many there are in all. */
export async function listOwnedDevices(
  { store }: Services,
  tenantId: string,
  ownerId: string,
  { offset, count }: { readonly offset: number; readonly count: number },
): Promise<{ readonly devices: readonly Subject[]; readonly total: number }> {
  const owned = await store.list(DEVICES_OF_OWNER, { tenantId, ownerId }, { limit: MOST_LISTED });
  const page = owned.slice(offset, offset + count);
  const { subjects } = await store.read({
    subjects: each(
      SUBJECT,
      page.map(({ subjectId }) => ({ subjectId })),
    ),
  });
  const known = new Map(subjects.map((subject) => [subject.subjectId, subject]));
  // One may be deleted, or given away, meanwhile.
  const devices = page.flatMap(({ subjectId }) => known.get(subjectId) ?? []);
  return { devices: devices.filter(({ ownerIds }) => ownerIds.includes(ownerId)), total: owned.length };
}
