/** Who may call what: every method of the contract, by everybody. A method that is missing here fails. */
import { type ServiceError, status } from '@grpc/grpc-js';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Permission } from '../../../gen/ts/symbolon/v1/access_service.ts';
import { MessageChannel } from '../../../gen/ts/symbolon/v1/user_service.ts';
import { PASSWORD } from '../client.ts';
import {
  type DirectoryBed,
  device,
  METHODS,
  type MethodName,
  openDirectoryBed,
  type Partially,
  user,
  type Who,
} from './bed.ts';

let bed: DirectoryBed;

beforeAll(async () => {
  bed = await openDirectoryBed();
});

afterAll(() => bed.close());

const WHO = ['public', 'client', 'introspect', 'admin', 'operator', 'otherAdmin'] as const satisfies readonly Who[];
type Expected = readonly [string, string, string, string, string, string];

const DENIED = 'PERMISSION_DENIED';
const UNKNOWN = 'NOT_FOUND';
const TAKEN = 'ALREADY_EXISTS';

const admins = (...[admin, operator, otherAdmin]: [string, string, string]): Expected => {
  return [DENIED, DENIED, DENIED, admin, operator, otherAdmin];
};
const OPERATORS_ONLY = admins(DENIED, 'OK', DENIED);
const OWN_OR_OPERATOR = admins('OK', 'OK', UNKNOWN);
const OF_NOTHING = admins(UNKNOWN, DENIED, UNKNOWN);
const OWN = admins('OK', DENIED, UNKNOWN);
const INTROSPECTING: Expected = [DENIED, DENIED, 'OK', 'OK', DENIED, 'OK'];
const ANY = admins('OK', DENIED, 'OK');

function row<Name extends MethodName>(name: Name, request: Partially<Name>, expected: Expected) {
  return [name, request as Partially<MethodName>, expected] as const;
}

const ANN = user.id('user-ann');
const NOBODY = user.id('nobody');
const LAMP = device.id('th.lamp');
const NOTHING = device.vendorId('nothing');
const NOTHING_YET = device.vendorId('lamp-2');
const UNPROVEN = 'FAILED_PRECONDITION';
const FOR_ALL: Expected = [UNPROVEN, UNPROVEN, UNPROVEN, UNPROVEN, UNPROVEN, UNPROVEN];
const NO_GRANT: Expected = [DENIED, DENIED, DENIED, DENIED, DENIED, DENIED];
const NAMED = { displayName: 'Named', updateMask: ['display_name'] };

const TABLE = [
  row('createTenant', { tenantId: 'made' }, OPERATORS_ONLY),
  row('getServerStatus', {}, OPERATORS_ONLY),
  row('getTenant', { tenantId: 'acme' }, OWN_OR_OPERATOR),
  row('listTenants', {}, OPERATORS_ONLY),
  row('updateTenant', { tenantId: 'acme', ...NAMED }, OWN_OR_OPERATOR),
  row('disableTenant', { tenantId: 'nothing' }, admins(DENIED, UNKNOWN, DENIED)),
  row('enableTenant', { tenantId: 'nothing' }, admins(DENIED, UNKNOWN, DENIED)),
  // The ids that admins choose are their tenant's, so that nobody learns which are taken elsewhere.
  row('createClient', { clientId: 'plain' }, admins('INVALID_ARGUMENT', TAKEN, 'INVALID_ARGUMENT')),
  row('createResourceServer', { resourceServerId: 'x' }, admins('INVALID_ARGUMENT', DENIED, 'INVALID_ARGUMENT')),
  row('getResourceServer', { resourceServerId: 'urn:x' }, OF_NOTHING),
  row('listResourceServers', {}, ANY),
  row('updateResourceServer', { resourceServerId: 'urn:x', ...NAMED }, OF_NOTHING),
  row('deleteResourceServer', { resourceServerId: 'urn:x' }, OF_NOTHING),
  row('getClient', { clientId: 'plain' }, OWN_OR_OPERATOR),
  row('listClients', {}, admins('OK', 'OK', 'OK')),
  row('updateClient', { clientId: 'plain', ...NAMED }, OWN_OR_OPERATOR),
  row('addClientSecret', { clientId: 'plain' }, OWN_OR_OPERATOR),
  row('expireClientSecret', { clientId: 'plain', secretId: 'none' }, admins(UNKNOWN, UNKNOWN, UNKNOWN)),
  row('disableClient', { clientId: 'nothing' }, admins(UNKNOWN, UNKNOWN, UNKNOWN)),
  row('enableClient', { clientId: 'nothing' }, admins(UNKNOWN, UNKNOWN, UNKNOWN)),
  row('deleteClient', { clientId: 'nothing' }, admins(UNKNOWN, UNKNOWN, UNKNOWN)),
  row('registerUser', { loginName: 'ann', password: PASSWORD }, [TAKEN, TAKEN, TAKEN, TAKEN, TAKEN, 'OK']),
  row('getUser', { user: ANN }, OWN),
  row('listUsers', {}, ANY),
  row('updateUser', { user: ANN, ...NAMED }, OWN),
  row('changeUserPassword', { user: ANN, newPassword: PASSWORD }, OWN),
  row('requestPasswordReset', { user: NOBODY, channel: MessageChannel.EMAIL }, ['OK', 'OK', 'OK', 'OK', 'OK', 'OK']),
  row('completePasswordReset', { user: NOBODY, code: '1', newPassword: PASSWORD }, FOR_ALL),
  row('disableUser', { user: NOBODY }, OF_NOTHING),
  row('enableUser', { user: NOBODY }, OF_NOTHING),
  row('unlockUser', { user: NOBODY }, OF_NOTHING),
  row('deleteUser', { user: NOBODY }, OF_NOTHING),
  row('startEmailVerification', { user: NOBODY }, OF_NOTHING),
  row('confirmEmailVerification', { user: NOBODY, code: '1' }, OF_NOTHING),
  row('startPhoneVerification', { user: NOBODY }, OF_NOTHING),
  row('confirmPhoneVerification', { user: NOBODY, code: '1' }, OF_NOTHING),
  row('enrollTotp', { user: NOBODY }, OF_NOTHING),
  row('confirmTotp', { user: NOBODY, code: '1' }, OF_NOTHING),
  row('removeTotp', { user: NOBODY }, OF_NOTHING),
  row('registerDevice', { vendorId: 'lamp', password: PASSWORD }, [TAKEN, TAKEN, TAKEN, TAKEN, TAKEN, 'OK']),
  row('onboardDevice', { ...NOTHING_YET, password: PASSWORD }, ['OK', 'OK', 'OK', 'OK', 'OK', 'OK']),
  row('getDevice', { device: LAMP }, OWN),
  row('listDevices', {}, ANY),
  row('updateDevice', { device: LAMP, ...NAMED }, OWN),
  row('addDeviceOwner', { device: LAMP, userId: 'nobody' }, OF_NOTHING),
  row('removeDeviceOwner', { device: LAMP, userId: 'nobody' }, OF_NOTHING),
  row('changeDevicePassword', { device: LAMP, newPassword: PASSWORD }, OWN),
  row('attachEndNode', { gateway: LAMP, endNode: NOTHING }, OF_NOTHING),
  row('detachEndNode', { gateway: LAMP, endNode: NOTHING }, OF_NOTHING),
  row('listEndNodes', { gateway: LAMP }, OWN),
  row('giveDeviceToken', { device: LAMP }, OWN),
  row('getDeviceToken', { device: LAMP }, OWN),
  row('revokeDeviceToken', { device: LAMP }, OWN),
  row('disableDevice', { device: NOTHING }, OF_NOTHING),
  row('enableDevice', { device: NOTHING }, OF_NOTHING),
  row('unlockDevice', { device: NOTHING }, OF_NOTHING),
  row('deleteDevice', { device: NOTHING }, OF_NOTHING),
  row('batchIntrospect', { tokens: ['x'] }, INTROSPECTING),
  row('check', { token: 'x', permission: Permission.READ_PROFILE }, INTROSPECTING),
  row('batchCheck', { checks: [{ token: 'x', permission: Permission.READ_PROFILE }] }, INTROSPECTING),
  row('listConsents', { user: { $case: 'userId', value: 'user-ann' } }, OWN),
  row('withdrawConsent', { consentId: 'co_nothing' }, OF_NOTHING),
  row('beginDeviceAuthorization', {}, NO_GRANT),
  row('describeToken', { accessToken: 'x' }, FOR_ALL),
  row('listTokens', { subject: { $case: 'userId', value: 'user-ann' } }, OWN),
  row('countLogins', { target: { $case: 'userId', value: 'nobody' } }, OF_NOTHING),
  row('revokeAll', { target: { $case: 'userId', value: 'nobody' } }, OF_NOTHING),
  row('listUserMessages', {}, ANY),
  row('listAuditRecords', {}, ANY),
  row('verifyAuditLog', {}, ANY),
];

/** Who may do these is said where they are tested: it is not a matter of roles alone. */
const OF_TOKENS = ['issue', 'refresh', 'introspect', 'watchRevocations', 'revoke'];

describe('rights', () => {
  it('are told of every method', () => {
    const names = Object.keys(METHODS).filter((name) => !OF_TOKENS.includes(name));
    expect(TABLE.map(([name]) => name).sort()).toEqual(names.sort());
  });

  it.each(TABLE)('to %s are as in the table', async (name, request, expected) => {
    const outcomes: string[] = [];
    for (const who of WHO) {
      const outcome = await bed.call(name, request as never, bed.as[who]).then(
        () => 'OK',
        (error: ServiceError) => status[error.code],
      );
      outcomes.push(`${who}: ${outcome}`);
    }
    expect(outcomes).toEqual(WHO.map((who, i) => `${who}: ${expected[i]}`));
  });
});
