/** The ways by which a scenario ends a token: those of the faults' tests, and what nobody can do twice. */
import { device, user } from '../../grpc/methods/bed.ts';
import { tokensIn } from '../../issue-result.ts';
import { type Admin, type Ending, WAYS as REPEATABLE } from '../typescript/faults/ends.ts';

type Made = Omit<Ending, 'how'>;

const PASSWORD = 'correct horse battery';

let count = 0;

async function ofUser(admin: Admin, ends: (userId: string, refreshToken: string) => Ending['end']): Promise<Made> {
  const loginName = `w${++count}-${Math.trunc(performance.timeOrigin)}`;
  const registered = await admin.call('registerUser', { loginName, password: PASSWORD });
  const credential = { $case: 'userPassword' as const, value: { username: loginName, password: PASSWORD } };
  const { accessToken = '', refreshToken = '' } = tokensIn(await admin.call('issue', { credential })) ?? {};
  return { token: accessToken, end: ends(registered.user?.userId ?? '', refreshToken) };
}

async function ofDevice(admin: Admin, ends: (deviceId: string) => Ending['end']): Promise<Made> {
  const vendorId = `w${++count}-${Math.trunc(performance.timeOrigin)}`;
  const registered = await admin.call('registerDevice', { vendorId, password: PASSWORD });
  const credential = { $case: 'devicePassword' as const, value: { ...device.vendorId(vendorId), password: PASSWORD } };
  const { accessToken = '' } = tokensIn(await admin.call('issue', { credential })) ?? {};
  return { token: accessToken, end: ends(registered.device?.deviceId ?? '') };
}

export const WAYS: Readonly<Record<string, (admin: Admin) => Promise<Made>>> = {
  ...REPEATABLE,
  revokeRefreshToken: (admin) =>
    ofUser(admin, (_, value) => (by, wait) => by.call('revoke', { target: { $case: 'token', value }, wait })),
  deleteUser: (admin) => ofUser(admin, (id) => (by, wait) => by.call('deleteUser', { user: user.id(id), wait })),
  deleteClient: async (admin) => {
    const { client, clientSecret } = await admin.call('createClient', { tenantId: admin.tenantId, confidential: true });
    const clientId = client?.clientId ?? '';
    const token = await admin.issueToClient(clientId, clientSecret);
    return { token, end: (by, wait) => by.call('deleteClient', { clientId, wait }) };
  },
  revokeDevice: (admin) =>
    ofDevice(admin, (value) => (by, wait) => by.call('revokeAll', { target: { $case: 'deviceId', value }, wait })),
  disableDevice: (admin) =>
    ofDevice(admin, (id) => (by, wait) => by.call('disableDevice', { device: device.id(id), wait })),
  changeDevicePassword: (admin) =>
    ofDevice(
      admin,
      (id) => (by, wait) =>
        by.call('changeDevicePassword', { device: device.id(id), newPassword: `${PASSWORD}!`, wait }),
    ),
  deleteDevice: (admin) =>
    ofDevice(admin, (id) => (by, wait) => by.call('deleteDevice', { device: device.id(id), wait })),
};
