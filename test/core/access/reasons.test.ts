/** Why not, in the order in which the reasons are looked for; and by whose right, where it is allowed. */
import { describe, expect, it } from 'vitest';
import { ACCESS_RULES, type AccessPermission } from '../../../src/core/rules/access.ts';
import { ANN, access, device, LAMP, TOKENS, TYPE, user } from './rows.ts';

const PERMISSIONS = Object.keys(ACCESS_RULES) as AccessPermission[];
const encoded = encodeURIComponent(TYPE);

describe('a target', () => {
  it('that the tenant does not have is unknown, also of another tenant or kind', () => {
    for (const token of [TOKENS.password, TOKENS.application, TOKENS.admin]) {
      expect(access(token, 'read_messages', user('nobody')).reason).toBe('target_unknown');
      expect(access(token, 'read_messages', user('eve')).reason).toBe('target_unknown');
      expect(access(token, 'read_messages', user(LAMP)).reason).toBe('target_unknown');
      expect(access(token, 'read_device', device(ANN)).reason).toBe('target_unknown');
    }
  });

  it('must be of the kind that the permission is about', () => {
    for (const token of [TOKENS.password, TOKENS.application, TOKENS.admin]) {
      expect(access(token, 'read_profile', device(LAMP)).reason).toBe('target_missing');
      expect(access(token, 'send_message', user(ANN)).reason).toBe('target_missing');
    }
    expect(access(TOKENS.password, 'send_message').reason).toBe('target_missing');
  });

  it('that is disabled can be looked at and enabled by its owner, and nothing else', () => {
    const off = PERMISSIONS.filter((permission) =>
      (ACCESS_RULES[permission].targets as readonly string[]).includes('device'),
    );
    const reasons = off.map((permission) => [permission, access(TOKENS.password, permission, device('th.off')).reason]);
    expect(Object.fromEntries(reasons)).toEqual({
      ...Object.fromEntries(off.map((permission) => [permission, 'target_disabled'])),
      ...{ connect_device: 'kind_not_allowed', read_device: 'allowed', write_device: 'allowed' },
    });
    expect(access(TOKENS.application, 'read_profile', user('carl')).reason).toBe('target_disabled');
    expect(access(TOKENS.admin, 'read_profile', user('carl')).reason).toBe('allowed');
  });
});

describe('a user’s token', () => {
  it('reaches its own user and that user’s devices, and no others', () => {
    for (const token of [TOKENS.password, TOKENS.consented, TOKENS.bare]) {
      expect(access(token, 'read_profile', user('bob')).reason).toBe('not_the_user');
      expect(access(token, 'list_devices', user('bob')).reason).toBe('not_the_user');
      expect(access(token, 'read_device', device('th.bobs')).reason).toBe('not_the_owner');
    }
    expect(access(TOKENS.password, 'read_device', device(LAMP))).toEqual({ reason: 'allowed', userId: ANN });
  });

  it('that came by consent has its scopes, and by password all rights', () => {
    const needing = PERMISSIONS.filter((permission) => ACCESS_RULES[permission].scopes.length > 0);
    for (const permission of needing) {
      const target = (ACCESS_RULES[permission].targets as readonly string[]).includes('user')
        ? undefined
        : device(LAMP);
      expect(access(TOKENS.bare, permission, target).reason, permission).toBe('scope_missing');
      expect(access(TOKENS.password, permission, target).reason, permission).toBe('allowed');
      for (const scope of ACCESS_RULES[permission].scopes) {
        const scopes = ['read', 'write', 'profile.read', 'profile.write'].filter((each) => each !== scope);
        expect(access({ ...TOKENS.bare, scopes }, permission, target).reason, `${permission} ${scope}`).toBe(
          'scope_missing',
        );
      }
    }
    expect(access(TOKENS.bare, 'keep_properties').reason).toBe('allowed');
  });

  it('for a type of devices reaches devices of it, and lists and adds these', () => {
    expect(access(TOKENS.typed, 'read_device', device(LAMP)).reason).toBe('allowed');
    expect(access(TOKENS.typed, 'send_message', device(LAMP)).reason).toBe('allowed');
    expect(access(TOKENS.typed, 'list_devices', undefined, TYPE).reason).toBe('allowed');
    expect(access(TOKENS.typed, 'add_device', undefined, TYPE).reason).toBe('allowed');
    expect(access(TOKENS.typed, 'list_devices').reason).toBe('scope_missing');
    expect(access(TOKENS.typed, 'list_devices', undefined, 'another').reason).toBe('scope_missing');
    expect(access(TOKENS.typed, 'read_messages', user(ANN)).reason).toBe('scope_missing');
    expect(access(TOKENS.typed, 'read_profile').reason).toBe('scope_missing');
    expect(access({ ...TOKENS.typed, subjectId: 'bob' }, 'read_device', device('th.bobs')).reason).toBe(
      'scope_missing',
    );
    // What is asked for says nothing of a device that there is.
    const another = { ...TOKENS.typed, scopes: ['write:another'] };
    expect(access(another, 'send_message', device(LAMP), 'another').reason).toBe('scope_missing');
  });

  it.each([
    [`read:${encoded}`, 'allowed'],
    [`read:${TYPE}`, 'allowed'],
    [`read:${encoded.toLowerCase()}`, 'allowed'],
    [`write:${encoded}`, 'scope_missing'],
    ['read:', 'scope_missing'],
    ['read:%', 'scope_missing'],
    ['read:*', 'scope_missing'],
    ['READ', 'scope_missing'],
    ['readx', 'scope_missing'],
    ['profile.read', 'scope_missing'],
  ] as const)('with the scope %s alone may read the lamp: %s', (scope, expected) => {
    expect(access({ ...TOKENS.bare, scopes: [scope] }, 'read_device', device(LAMP)).reason).toBe(expected);
  });
});

describe('an application’s token', () => {
  it('reaches what a user granted its client, and nothing once that is withdrawn', () => {
    const granted = (scopes: readonly string[], own: readonly string[] = []) =>
      access({ kind: 'APPLICATION', scopes: own, granted: { [ANN]: scopes } }, 'send_message', device(LAMP));
    expect(granted(['write'])).toEqual({ reason: 'allowed', userId: ANN });
    expect(granted([`write:${encoded}`])).toEqual({ reason: 'allowed', userId: ANN });
    expect(granted(['read'])).toEqual({ reason: 'scope_missing' });
    expect(granted([])).toEqual({ reason: 'no_consent' });
    // Its own scopes limit it too, where it has any.
    expect(granted(['write'], ['write'])).toEqual({ reason: 'allowed', userId: ANN });
    expect(granted(['read', 'write'], ['read'])).toEqual({ reason: 'scope_missing' });
  });

  it('is not helped by a user who does not own the device', () => {
    const granted = { bob: ['read', 'write'] };
    expect(access({ kind: 'APPLICATION', granted }, 'send_message', device(LAMP)).reason).toBe('no_consent');
    expect(access({ kind: 'APPLICATION', granted }, 'read_messages', user(ANN)).reason).toBe('no_consent');
    expect(access({ kind: 'APPLICATION', granted }, 'send_message', device('th.bobs')).reason).toBe('allowed');
  });
});

describe('a device’s token', () => {
  it('reaches the device alone', () => {
    expect(access(TOKENS.device, 'send_message', device('th.bobs')).reason).toBe('not_this_device');
    expect(access(TOKENS.device, 'read_messages', user(ANN)).reason).toBe('not_this_device');
    expect(access(TOKENS.device, 'read_profile', user(ANN)).reason).toBe('kind_not_allowed');
    expect(access(TOKENS.device, 'connect_device').reason).toBe('allowed');
  });
});
