/** Names that could be taken for somebody else's id or address are nobody's, at every door. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Call } from '../../../src/core/operations/authenticate.ts';
import { registerDevice } from '../../../src/core/operations/devices.ts';
import { registerUser, updateUser } from '../../../src/core/operations/users.ts';
import { callerOf, execute, makeClient, makeTenant, openMemoryTestBed, type TestBed } from '../../support.ts';
import { PASSWORD } from '../fixtures.ts';

let bed: TestBed;
let admin: Call;
let userId: string;
let deviceId: string;

beforeAll(async () => {
  bed = await openMemoryTestBed();
  const { store, services } = bed;
  await makeTenant(store, 'acme', { emailVerificationRequired: false });
  admin = { caller: await callerOf(services, 'admin', await makeClient(store, 'acme', 'admin', ['admin'])) };
  const ann = await registerUser(services, admin, { loginName: 'ann', email: 'ann@example.com', password: PASSWORD });
  const lamp = await registerDevice(services, admin, { vendorId: 'lamp', password: PASSWORD });
  [userId, deviceId] = [ann.subject.subjectId, lamp.subject.subjectId];
});

afterAll(() => bed.close());

const refused = (field: string) => ({ code: 'invalid_argument', about: { field } });
const FORMS = [() => userId, () => userId.toUpperCase(), () => deviceId, () => deviceId.toUpperCase()];
/** As Kii made them. */
const NOBODYS = ['0a1b2c3d4e5f-6789-abcd-ef01-23456789', 'th.zzzzzzzzzzzz-zzzz-zzzz-zzzz-zzzzzzzz'];

async function another(): Promise<string> {
  const { subject } = await registerUser(bed.services, admin, { withTokens: { scopes: [] } });
  return subject.subjectId;
}

describe('a name of the form of an id', () => {
  it('is no login name, when a user is registered or changed', async () => {
    const { services } = bed;
    for (const loginName of [...FORMS.map((form) => form()), ...NOBODYS]) {
      await expect(registerUser(services, admin, { loginName, password: PASSWORD })).rejects.toMatchObject(
        refused('login_name'),
      );
      const ref = { by: 'user_id', userId: await another() } as const;
      await expect(updateUser(services, admin, ref, { loginName, password: PASSWORD })).rejects.toMatchObject(
        refused('login_name'),
      );
    }
  });

  it('is no vendor id, when a device is registered or changed', async () => {
    const { services, store } = bed;
    for (const vendorId of [...FORMS.map((form) => form()), ...NOBODYS]) {
      await expect(registerDevice(services, admin, { vendorId, password: PASSWORD })).rejects.toMatchObject(
        refused('vendor_id'),
      );
      const change = { kind: 'update_subject', tenantId: 'acme', subjectKind: 'device', subjectId: deviceId } as const;
      expect(await execute(store, { ...change, set: { vendorId } })).toMatchObject({ refusal: refused('vendor_id') });
    }
    await registerDevice(services, admin, { vendorId: 'th.lamp-0001', password: PASSWORD });
  });
});

it('an e-mail address does not look like a name with its kind before it', async () => {
  for (const kind of ['EMAIL', 'email', 'LOGIN_NAME', 'PHONE', 'id']) {
    const email = `${kind}:ann@example.com`;
    await expect(registerUser(bed.services, admin, { email, password: PASSWORD })).rejects.toMatchObject(
      refused('email'),
    );
    const ref = { by: 'user_id', userId: await another() } as const;
    await expect(updateUser(bed.services, admin, ref, { email, password: PASSWORD })).rejects.toMatchObject(
      refused('email'),
    );
  }
});
