import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { registerDevice } from '../../../src/core/operations/devices.ts';
import { changeUserPassword } from '../../../src/core/operations/passwords.ts';
import { registerUser, updateUser } from '../../../src/core/operations/users.ts';
import { SUBJECTS } from '../../../src/core/tables/subjects.ts';
import { openMemoryTestBed, type TestBed } from '../../support.ts';
import { expectRefused, isActive, makeWorld, messagesOf, PASSWORD, type World } from '../fixtures.ts';
import { issue } from '../issue.ts';

let bed: TestBed;
let world: World;

beforeAll(async () => {
  bed = await openMemoryTestBed();
});
afterAll(() => bed.close());
beforeEach(async () => {
  world = await makeWorld(bed);
});

const WISH = { withTokens: { scopes: [] } };

describe('registering', () => {
  it('answers tokens that are those of a login', async () => {
    const { services, backend } = world;
    const { subject, tokens } = await registerUser(services, backend, {
      loginName: 'Zoe',
      password: PASSWORD,
      ...WISH,
    });
    expect(tokens).toMatchObject({ kind: 'USER', subjectId: subject.subjectId });
    expect(await isActive(world, tokens?.accessToken)).toBe(true);
    const credential = { kind: 'user', username: 'zoe', password: PASSWORD } as const;
    expect((await issue(services, backend, { credential })).subjectId).toBe(subject.subjectId);
  });

  it('is refused to the public where the tenant says so, and never to an admin', async () => {
    const closed = await makeWorld(bed, { selfRegistration: false });
    const request = { loginName: 'Zoe', password: PASSWORD };
    await expectRefused(registerUser(closed.services, closed.app, request), 'permission_denied');
    const device = { vendorId: 'v-1', password: 'p' };
    await expectRefused(registerDevice(closed.services, closed.app, device), 'permission_denied');
    await registerUser(closed.services, closed.admin, request);
  });

  it.each([
    ['a name that differs by case alone', { loginName: 'ANN', password: PASSWORD }, 'already_exists'],
    ['a name that is too short', { loginName: 'ab', password: PASSWORD }, 'invalid_argument'],
    ['a name that is too long', { loginName: 'a'.repeat(65), password: PASSWORD }, 'invalid_argument'],
    ['a name with a space', { loginName: 'a b c', password: PASSWORD }, 'invalid_argument'],
    ['a name and no password', { loginName: 'zoe' }, 'invalid_argument'],
    ['a password and no name', { password: PASSWORD, ...WISH }, 'invalid_argument'],
    ['neither, and no token', {}, 'invalid_argument'],
    ['a password that is too short', { loginName: 'zoe', password: 'abc' }, 'invalid_argument'],
    ['a phone number that is none', { phone: '12', password: PASSWORD }, 'invalid_argument'],
    ['a local phone number without its country', { phone: '9012341234', password: PASSWORD }, 'invalid_argument'],
    ['an e-mail address that is none', { email: 'zoe', password: PASSWORD }, 'invalid_argument'],
    ['an e-mail address of two alphabets', { email: 'z\u043ee@example.com', password: PASSWORD }, 'invalid_argument'],
    ['an e-mail address with a ligature', { email: '\ufb01@example.com', password: PASSWORD }, 'invalid_argument'],
    [
      'an e-mail address with what nobody sees',
      { email: 'zo\u200be@example.com', password: PASSWORD },
      'invalid_argument',
    ],
    [
      'an address that it says is verified',
      { email: 'z@example.com', emailVerified: true, password: PASSWORD },
      'permission_denied',
    ],
    [
      'attributes that are too long',
      { loginName: 'zoe', password: PASSWORD, attributes: JSON.stringify({ a: 'x'.repeat(66_000) }) },
      'invalid_argument',
    ],
    [
      'attributes of too many bytes',
      { loginName: 'zoe', password: PASSWORD, attributes: JSON.stringify({ a: 'é'.repeat(33_000) }) },
      'invalid_argument',
    ],
    [
      'attributes that are too deep',
      { loginName: 'zoe', password: PASSWORD, attributes: `${'{"a":'.repeat(33)}1${'}'.repeat(33)}` },
      'invalid_argument',
    ],
    ['attributes that are a list', { loginName: 'zoe', password: PASSWORD, attributes: '[1]' }, 'invalid_argument'],
  ] as const)('refuses %s, and nothing is left of it', async (_, request, code) => {
    const { services, app, tenantId } = world;
    const list = () => services.store.list(SUBJECTS, { tenantId, kind: 'user' }, { limit: 100 });
    const before = await list();
    await expectRefused(registerUser(services, app, request), code);
    expect(await list()).toEqual(before);
    expect(await messagesOf(world)).toEqual([]);
  });

  it('takes names at both of their limits', async () => {
    const { services, app } = world;
    for (const loginName of ['a-_', 'a'.repeat(64)]) {
      const { subject } = await registerUser(services, app, { loginName, password: PASSWORD });
      expect(subject.loginName).toBe(loginName);
    }
  });

  it('refuses an address that somebody verified, whatever its case, where addresses need no verification', async () => {
    const open = await makeWorld(bed, { emailVerificationRequired: false });
    const request = { email: 'ANN@EXAMPLE.COM', password: PASSWORD };
    await expectRefused(registerUser(open.services, open.app, request), 'already_exists');
  });

  it('lets several have one address that nobody has verified', async () => {
    const { services, app } = world;
    for (const loginName of ['zoe1', 'zoe2']) {
      await registerUser(services, app, { loginName, email: 'zoe@example.com', password: PASSWORD });
    }
  });
});

describe('a pseudo user', () => {
  it('becomes a normal one, keeps its id, and its token stays', async () => {
    const { services, app, backend } = world;
    const { subject, tokens } = await registerUser(services, app, { ...WISH });
    const ref = { by: 'access_token', accessToken: tokens?.accessToken ?? '' } as const;
    const named = await updateUser(services, app, ref, { loginName: 'Zoe', password: PASSWORD });
    expect(named.subjectId).toBe(subject.subjectId);
    expect(await isActive(world, tokens?.accessToken)).toBe(true);
    const credential = { kind: 'user', username: 'zoe', password: PASSWORD } as const;
    expect((await issue(services, backend, { credential })).subjectId).toBe(subject.subjectId);
    await expectRefused(updateUser(services, app, ref, { password: 'another' }), 'precondition_failed');
  });

  it('gets no name without a password, and no password without a name', async () => {
    const { services, app } = world;
    const { tokens } = await registerUser(services, app, { ...WISH });
    const ref = { by: 'access_token', accessToken: tokens?.accessToken ?? '' } as const;
    await expectRefused(updateUser(services, app, ref, { loginName: 'Zoe' }), 'invalid_argument');
    await expectRefused(updateUser(services, app, ref, { password: PASSWORD }), 'invalid_argument');
  });

  it('gets no password from an admin that no name goes with', async () => {
    const { services, app, admin } = world;
    const { subject } = await registerUser(services, app, { ...WISH });
    const ref = { by: 'user_id', userId: subject.subjectId } as const;
    await expectRefused(changeUserPassword(services, admin, ref, undefined, 'anything'), 'precondition_failed');
  });

  it('can’t be logged in as', async () => {
    const { services, app } = world;
    const { subject } = await registerUser(services, app, { ...WISH });
    const credential = { kind: 'user', username: subject.subjectId, password: 'anything' } as const;
    await expectRefused(issue(services, app, { credential }), 'invalid_credentials');
  });
});
