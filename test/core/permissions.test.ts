import { describe, expect, it } from 'vitest';
import {
  isPermitted,
  PERMISSIONS,
  type Permission,
  requirePermission,
  type Standing,
  type Standings,
} from '../../src/core/permissions.ts';

/** Spelled out a second time: who changes the rights changes them here too. */
const WHO_MAY: Record<Permission, readonly Standing[]> = {
  issue: ['public', 'client'],
  refresh: ['public', 'client'],
  introspect: ['introspect', 'admin', 'machine'],
  describe_token: ['public', 'client', 'machine'],
  revoke_token: ['public', 'client', 'machine'],
  revoke_own: ['client', 'machine'],
  revoke_any: ['admin', 'machine'],
  read_tenant: ['admin', 'operator', 'machine'],
  update_tenant: ['admin', 'operator', 'machine'],
  manage_tenants: ['operator', 'machine'],
  manage_clients: ['admin', 'operator', 'machine'],
  manage_resource_servers: ['admin', 'machine'],
  register: ['public', 'client', 'admin', 'machine'],
  manage_subjects: ['admin', 'machine'],
  act_for_user: ['public', 'client', 'admin', 'user', 'machine'],
  act_for_device: ['admin', 'user', 'device', 'machine'],
  read_public_profile: ['user', 'admin', 'machine'],
  list_tokens: ['admin', 'machine'],
  revoke_all: ['admin', 'machine'],
  read_messages: ['admin', 'machine'],
  read_audit: ['admin', 'machine'],
  read_server: ['operator', 'machine'],
};

const STANDINGS: readonly Standing[] = [
  'public',
  'client',
  'introspect',
  'admin',
  'operator',
  'user',
  'device',
  'anonymous',
  'machine',
];

function callerWith(...standings: Standing[]): Standings {
  return { standings };
}

describe.each(Object.entries(WHO_MAY))('%s', (permission, permitted) => {
  it.each(STANDINGS)('by a caller with the standing %s alone', (standing) => {
    expect(isPermitted(callerWith(standing), permission as Permission)).toBe(permitted.includes(standing));
  });

  it('is refused to a caller without any standing', () => {
    expect(() => requirePermission(callerWith(), permission as Permission)).toThrow(
      expect.objectContaining({ code: 'permission_denied' }),
    );
  });
});

it('knows a right for everything that is in the table, and nothing else', () => {
  expect(Object.keys(PERMISSIONS).sort()).toEqual(Object.keys(WHO_MAY).sort());
});

it('gives a proven client the rights of its roles as well', () => {
  const admin = callerWith('client', 'admin');
  for (const permission of Object.keys(WHO_MAY) as Permission[]) {
    expect(isPermitted(admin, permission), permission).toBe(!['manage_tenants', 'read_server'].includes(permission));
  }
});

it('gives the operator on the machine all but tokens', () => {
  const machine = callerWith('machine');
  for (const permission of Object.keys(WHO_MAY) as Permission[]) {
    expect(isPermitted(machine, permission), permission).toBe(permission !== 'issue' && permission !== 'refresh');
  }
});
