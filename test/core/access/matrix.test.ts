/**
 * Which token may do what at which API of ARTIK: a row for each that a token decides, and what it asks Check. What a token does not decide
 * is listed below with the reason.
 */
import { describe, expect, it } from 'vitest';
import {
  ACCESS_RULES,
  type AccessPermission,
  type AccessReason,
  type AccessTarget,
} from '../../../src/core/rules/access.ts';
import { ANN, access, device, LAMP, TOKENS, user } from './rows.ts';

type Row = readonly [
  api: string,
  permissions: readonly AccessPermission[],
  target: AccessTarget | undefined,
  user: AccessReason,
  application: AccessReason,
  device: AccessReason,
];

const [YES, NEVER, OTHER, MISSING] = ['allowed', 'kind_not_allowed', 'not_this_device', 'target_missing'] as const;
const [ANNS, ITS] = [user(ANN), device(LAMP)];

const MATRIX: readonly Row[] = [
  ['GET /users/self', ['read_profile'], undefined, YES, MISSING, NEVER],
  ['PUT /users/self', ['write_profile'], undefined, YES, MISSING, NEVER],
  ['/users/{uid}/properties', ['keep_properties'], ANNS, YES, YES, NEVER],
  ['GET /users/{uid}/devices', ['list_devices'], ANNS, YES, YES, NEVER],
  ['POST /devices', ['add_device'], ANNS, YES, NEVER, NEVER],
  ['GET /devices/{did}', ['read_device'], ITS, YES, YES, YES],
  ['PUT, DELETE /devices/{did}', ['write_device'], ITS, YES, YES, NEVER],
  ['GET, PUT, DELETE /devices/{did}/tokens', ['manage_device_token'], ITS, YES, YES, NEVER],
  ['PUT /devices/registrations/pin', ['confirm_registration'], undefined, YES, NEVER, NEVER],
  ['POST /messages, a message', ['send_message'], ITS, YES, YES, YES],
  ['POST /messages, an action', ['send_action'], ITS, YES, YES, NEVER],
  ['GET /messages of a device', ['read_messages'], ITS, YES, YES, YES],
  ['GET /messages of a user', ['read_messages'], ANNS, YES, YES, OTHER],
  ['GET /messages without uid and sdid', ['read_messages'], undefined, YES, MISSING, YES],
  ['export', ['export_messages'], ANNS, YES, YES, NEVER],
  ['export without uid', ['export_messages'], undefined, YES, MISSING, NEVER],
  ['WS /live of a device', ['read_messages'], ITS, YES, YES, YES],
  ['WS /live by device type', ['read_messages'], ANNS, YES, YES, OTHER],
  ['WS /websocket, register', ['read_messages', 'send_message'], ITS, YES, YES, YES],
  ['MQTT, CoAP', ['connect_device'], ITS, NEVER, NEVER, YES],
  ['POST, DELETE, GET /subscriptions/{id}', ['subscribe'], ANNS, YES, YES, NEVER],
  ['GET /subscriptions', ['act_as_application'], undefined, NEVER, YES, NEVER],
  ['GET /notifications/{id}/messages', ['subscribe'], ANNS, YES, YES, NEVER],
  ['/rules', ['manage_rules'], ANNS, YES, YES, NEVER],
  ['/rules without uid', ['manage_rules'], undefined, YES, MISSING, NEVER],
  ['/devices/{did}/shares', ['share_device'], ITS, YES, NEVER, NEVER],
  ['PUT /applications/{aid}', ['act_as_application'], undefined, NEVER, YES, NEVER],
];

/** A client certificate; no token; the trials of a platform; the token itself, which DescribeToken tells. */
const NOT_BY_A_TOKEN = ['cert/devices/registrations', 'POST /subscriptions/{id}/validate', '/trials', 'tokenInfo'];

describe.each(MATRIX)('%s', (_api, permissions, target, byUser, byApplication, byDevice) => {
  it.each([
    ['a token by consent', TOKENS.consented, byUser],
    ['a token by password', TOKENS.password, byUser],
    ['an application token', TOKENS.application, byApplication],
    ['the token of the device', TOKENS.device, byDevice],
  ] as const)('with %s', (_kind, token, expected) => {
    for (const permission of permissions) {
      expect(access(token, permission, target).reason, permission).toBe(expected);
    }
  });

  it('is an admin’s in its tenant, and nobody’s without a name', () => {
    for (const permission of permissions) {
      const isOfApplication = permission === 'act_as_application';
      expect(access(TOKENS.admin, permission, target ?? ANNS).reason).toBe('allowed');
      expect(access(TOKENS.anonymous, permission, target).reason).toBe('kind_not_allowed');
      expect(access(TOKENS.stranger, permission, target).reason).toBe(
        isOfApplication ? 'allowed' : byApplication === YES ? 'no_consent' : byApplication,
      );
    }
  });
});

it('has every permission there is', () => {
  const named = new Set(MATRIX.flatMap(([, permissions]) => permissions));
  expect([...named].sort()).toEqual(Object.keys(ACCESS_RULES).sort());
  expect(NOT_BY_A_TOKEN).toHaveLength(4);
});
