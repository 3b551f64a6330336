import { describe, expect, it } from 'vitest';
import { type Caller, clientCredential } from '../../src/core/operations/authenticate.ts';
import {
  isPermitted,
  PERMISSIONS,
  type Permission,
  requirePermission,
  type Standing,
} from '../../src/core/permissions.ts';

/** Spelled out a second time: whoever changes the rights changes them here too. */
const WHO_MAY: Record<Permission, Record<Standing, boolean>> = {
  issue: { public: true, client: true, introspect: false, admin: false },
  refresh: { public: true, client: true, introspect: false, admin: false },
  introspect: { public: false, client: false, introspect: true, admin: true },
  revoke_token: { public: true, client: true, introspect: false, admin: false },
  revoke_own: { public: false, client: true, introspect: false, admin: false },
  revoke_any: { public: false, client: false, introspect: false, admin: true },
};

function callerWith(...standings: Standing[]): Caller {
  const credential = clientCredential('app', '');
  return { tenantId: 'acme', clientId: 'app', standings, revision: 0, clientVersion: 0, credential };
}

describe.each(Object.entries(WHO_MAY))('%s', (permission, table) => {
  it.each(Object.entries(table))('by a caller with the standing %s alone: %s', (standing, expected) => {
    expect(isPermitted(callerWith(standing as Standing), permission as Permission)).toBe(expected);
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
    expect(isPermitted(admin, permission), permission).toBe(true);
  }
});
