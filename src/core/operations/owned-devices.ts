/** Devices of a user: the user adds one without a vendor's id and password, and sees which there are. */
import { SymbolonError } from '../errors.ts';
import { deviceId, ID_BYTES } from '../ids.ts';
import { DEVICE_TYPE_ATTRIBUTE } from '../rules/device-types.ts';
import type { Services } from '../services/services.ts';
import { SUBJECTS, type Subject } from '../tables/subjects.ts';
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

const READ_AT_ONCE = 500;
/** Of the tenant: there is no index by owner. */
const MOST_READ = 20_000;

/** In the order in which they were registered. */
export async function listOwnedDevices(
  { store, turns }: Services,
  tenantId: string,
  ownerId: string,
): Promise<readonly Subject[]> {
  const owned: Subject[] = [];
  let after: (string | number)[] | undefined;
  for (let read = 0; read < MOST_READ; read += READ_AT_ONCE) {
    const page = { limit: READ_AT_ONCE, ...(after === undefined ? {} : { after }) };
    const rows = await store.list(SUBJECTS, { tenantId, kind: 'device' }, page);
    owned.push(...rows.filter(({ ownerIds }) => ownerIds.includes(ownerId)));
    const last = rows.at(-1);
    if (last === undefined || rows.length < READ_AT_ONCE) {
      break;
    }
    after = [last.createTime, last.subjectId];
    await turns.next();
  }
  return owned;
}
