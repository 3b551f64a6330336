import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { actorOf, authenticateTokenHolder } from '../../../src/core/operations/authenticate.ts';
import { addDeviceOwner, registerDevice, removeDeviceOwner } from '../../../src/core/operations/directory/devices.ts';
import { changeUserPassword } from '../../../src/core/operations/directory/passwords.ts';
import { updateTenant } from '../../../src/core/operations/directory/tenants.ts';
import { listTokens, revokeAll } from '../../../src/core/operations/directory/tokens.ts';
import {
  enableUser,
  endUser,
  getUser,
  registerUser,
  updateUser,
} from '../../../src/core/operations/directory/users.ts';
import { make, openTestBed, type TestBed } from '../../support.ts';
import {
  ANN,
  cutOff,
  expectRefused,
  isActive,
  login,
  makeWorld,
  PASSWORD,
  revisionOf,
  type World,
} from '../fixtures.ts';
import { issue } from '../issue.ts';

let bed: TestBed;
let world: World;

beforeAll(async () => {
  bed = await openTestBed();
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
    ['an e-mail address in wide letters', { email: '\uff5aoe@example.com', password: PASSWORD }, 'invalid_argument'],
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
      { loginName: 'zoe', password: PASSWORD, attributes: JSON.stringify({ a: 'x'.repeat(9_000) }) },
      'invalid_argument',
    ],
    [
      'attributes of too many bytes',
      { loginName: 'zoe', password: PASSWORD, attributes: JSON.stringify({ a: 'é'.repeat(5_000) }) },
      'invalid_argument',
    ],
    [
      'attributes that are too deep',
      { loginName: 'zoe', password: PASSWORD, attributes: `${'{"a":'.repeat(33)}1${'}'.repeat(33)}` },
      'invalid_argument',
    ],
    ['attributes that are a list', { loginName: 'zoe', password: PASSWORD, attributes: '[1]' }, 'invalid_argument'],
  ] as const)('refuses %s, and nothing is left of it', async (_, request, code) => {
    const { services, app, admin, tenantId } = world;
    const before = await services.store.listSubjects(tenantId, 'user', { limit: 100 });
    await expectRefused(registerUser(services, app, request), code);
    expect(await services.store.listSubjects(tenantId, 'user', { limit: 100 })).toEqual(before);
    expect(await services.store.listMessages(tenantId, { limit: 100 })).toEqual([]);
    expect(actorOf(admin).kind).toBe('client');
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

describe('updating', () => {
  const ann = (): { by: 'user_id'; userId: string } => ({ by: 'user_id', userId: world.annId });

  it('leaves what it does not name as it is', async () => {
    const { services, admin } = world;
    const before = (await getUser(services, admin, ann())).subject;
    const after = await updateUser(services, admin, ann(), { displayName: 'Ann of Green Gables' });
    expect(after).toEqual({ ...before, displayName: 'Ann of Green Gables' });
    expect((await getUser(services, admin, ann())).subject).toEqual(after);
  });

  it('sets and removes members of the attributes, and of many at once loses none', async () => {
    const { services, admin } = world;
    await updateUser(services, admin, ann(), { attributes: '{"a":1,"gone":{"b":2}}' });
    const names = Array.from({ length: 10 }, (_, i) => `member${i}`);
    await Promise.all(
      names.map((name) =>
        updateUser(services, admin, ann(), { attributesPatch: JSON.stringify({ [name]: 1, gone: null }) }),
      ),
    );
    const { subject } = await getUser(services, admin, ann());
    expect(JSON.parse(subject.attributes)).toEqual({ a: 1, ...Object.fromEntries(names.map((name) => [name, 1])) });
    const tooLong = { attributesPatch: JSON.stringify({ long: 'x'.repeat(8_150) }) };
    await expectRefused(updateUser(services, admin, ann(), tooLong), 'invalid_argument');
  });

  it('makes another address unverified, which no longer logs in; the same in another case stays verified', async () => {
    const { services, admin, app } = world;
    const byMail = { credential: { kind: 'user', username: 'ann@example.com', password: PASSWORD } } as const;
    expect((await updateUser(services, admin, ann(), { email: 'ANN@example.com' })).emailVerified).toBe(true);
    await issue(services, app, byMail);
    expect((await updateUser(services, admin, ann(), { email: 'ann2@example.com' })).emailVerified).toBe(false);
    await expectRefused(issue(services, app, byMail), 'invalid_credentials');
  });

  it('makes another phone number unverified, unless an admin says at once that it is verified', async () => {
    const { services, admin } = world;
    expect((await updateUser(services, admin, ann(), { phone: '+819087654321' })).phoneVerified).toBe(false);
    const known = { phone: '+819011112222', phoneVerified: true, email: 'ann2@example.com', emailVerified: true };
    expect(await updateUser(services, admin, ann(), known)).toMatchObject(known);
  });

  it('never calls an address verified that is not there', async () => {
    const open = await makeWorld(bed, { emailVerificationRequired: false, phoneVerificationRequired: false });
    const { services, admin } = open;
    const { subject } = await registerUser(services, admin, { loginName: 'zoe', password: PASSWORD });
    expect(subject).toMatchObject({ emailVerified: false, phoneVerified: false });
    const ref = { by: 'user_id', userId: open.annId } as const;
    const gone = await updateUser(services, admin, ref, { email: null, phone: null });
    expect(gone).toMatchObject({ emailVerified: false, phoneVerified: false });
  });

  it('frees a name for others', async () => {
    const { services, admin, app } = world;
    await updateUser(services, admin, ann(), { loginName: 'Anna' });
    await registerUser(services, app, { loginName: 'ann', password: PASSWORD });
    await expectRefused(updateUser(services, admin, ann(), { loginName: 'ANN' }), 'already_exists');
  });

  it('changes the case of a name', async () => {
    const { services, admin } = world;
    expect((await updateUser(services, admin, ann(), { loginName: 'ANN' })).loginName).toBe('ANN');
  });

  it('marks an address as verified that nobody else has verified', async () => {
    const { services, admin, app } = world;
    const { subject } = await registerUser(services, app, {
      loginName: 'zoe',
      email: 'ann@example.com',
      password: PASSWORD,
    });
    const zoe = { by: 'user_id', userId: subject.subjectId } as const;
    await expectRefused(updateUser(services, admin, zoe, { emailVerified: true }), 'already_exists');
    await updateUser(services, admin, zoe, { email: 'zoe@example.com' });
    expect((await updateUser(services, admin, zoe, { emailVerified: true })).emailVerified).toBe(true);
    const credential = { kind: 'user', username: 'zoe@example.com', password: PASSWORD } as const;
    await issue(services, app, { credential });
    expect((await updateUser(services, admin, zoe, { emailVerified: false })).emailVerified).toBe(false);
    await expectRefused(issue(services, app, { credential }), 'invalid_credentials');
  });

  it('marks no other address as verified than the one that was looked at', async () => {
    const { services, tenantId, annId: subjectId } = world;
    const command = { kind: 'update_subject', tenantId, subjectKind: 'user', subjectId } as const;
    const seen = { email: 'another@example.com' };
    const outcome = await services.store.execute({ ...command, set: { emailVerified: true }, seen });
    expect(outcome).toMatchObject({ refusal: { code: 'precondition_failed' } });
  });

  it('leaves addresses as they are when the tenant stops asking for verification', async () => {
    const { services, admin, app, tenantId } = world;
    const { subject } = await registerUser(services, app, {
      loginName: 'zoe',
      email: 'ann@example.com',
      password: PASSWORD,
    });
    const zoe = { by: 'user_id', userId: subject.subjectId } as const;
    await updateTenant(services, admin, { tenantId, policy: { emailVerificationRequired: false } });
    expect(await updateUser(services, admin, zoe, { displayName: 'Zoe' })).toMatchObject({ emailVerified: false });
    await expectRefused(updateUser(services, admin, zoe, { email: 'ANN@example.com' }), 'already_exists');
    const unverified = { email: 'zoe1@example.com', emailVerified: false };
    expect((await updateUser(services, admin, zoe, unverified)).emailVerified).toBe(false);
    expect((await updateUser(services, admin, zoe, { email: 'zoe@example.com' })).emailVerified).toBe(true);
  });

  it('never takes the last name of a user with a password', async () => {
    const { services, admin } = world;
    const nothing = { loginName: null, email: null, phone: null };
    await expectRefused(updateUser(services, admin, ann(), nothing), 'invalid_argument');
  });

  it('is nobody’s but an admin’s and the user’s own', async () => {
    const { services, backend, app, watcher } = world;
    for (const call of [backend, app, watcher]) {
      await expectRefused(updateUser(services, call, ann(), { displayName: 'x' }), 'permission_denied');
    }
    const { accessToken } = await login(world);
    const own = { by: 'access_token', accessToken } as const;
    expect((await updateUser(services, app, own, { displayName: 'x' })).displayName).toBe('x');
    await expectRefused(updateUser(services, app, own, { emailVerified: true }), 'permission_denied');
  });
});

describe('what ends tokens', () => {
  const ann = (): { by: 'user_id'; userId: string } => ({ by: 'user_id', userId: world.annId });

  it.each([
    ['a password changed by the user', () => changeUserPassword(world.services, world.app, ann(), PASSWORD, 'newer')],
    [
      'a password changed by an admin',
      () => changeUserPassword(world.services, world.admin, ann(), undefined, 'newer'),
    ],
    ['disabling', () => endUser(world.services, world.admin, ann(), 'disabled')],
    ['deletion', () => endUser(world.services, world.admin, ann(), 'deleted')],
    ['revoking all', () => revokeAll(world.services, world.admin, { kind: 'user', id: world.annId })],
  ] as const)('%s: one event, and its revision knows it', async (_, act) => {
    const { accessToken } = await login(world);
    const before = (await revisionOf(world)) ?? 0;
    expect(await act()).toEqual({ revision: before + 1 });
    expect(await revisionOf(world)).toBe(before + 1);
    expect(await isActive(world, accessToken)).toBe(false);
  });

  it('enabling again revives nothing', async () => {
    const { services, admin } = world;
    const { accessToken } = await login(world);
    await endUser(services, admin, ann(), 'disabled');
    await enableUser(services, admin, ann());
    expect(await isActive(world, accessToken)).toBe(false);
    expect(await isActive(world, (await login(world)).accessToken)).toBe(true);
  });

  it('a wrong old password changes nothing, and counts as a failed login', async () => {
    const strict = await makeWorld(bed, { loginAttempts: 2 });
    const ref = { by: 'user_id', userId: strict.annId } as const;
    const { accessToken } = await login(strict);
    for (let i = 0; i < 2; i++) {
      await expectRefused(
        changeUserPassword(strict.services, strict.app, ref, 'wrong', 'newer'),
        'invalid_credentials',
      );
    }
    await expectRefused(changeUserPassword(strict.services, strict.app, ref, PASSWORD, 'newer'), 'login_locked');
    await expectRefused(issue(strict.services, strict.app, { credential: ANN }), 'login_locked');
    expect(await isActive(strict, accessToken)).toBe(true);
  });

  it('a password is not changed by an old one that holds no longer, nor by the disabled', async () => {
    const { services, tenantId, annId: subjectId } = world;
    const { store } = services;
    const oldHash = (await store.findSubject(tenantId, { kind: 'subject_id', key: subjectId }))?.passwordHash ?? '';
    const change = { kind: 'change_password', tenantId, subjectId, newHash: 'x' } as const;
    const refused = { refusal: { code: 'invalid_credentials' } };
    expect(await store.execute({ ...change, oldHash: 'stale' })).toMatchObject(refused);
    for (const [kind, id] of [
      ['user', subjectId],
      ['tenant', tenantId],
    ] as const) {
      await make(store, cutOff(world, kind, id, 'disabled'));
      expect(await store.execute({ ...change, oldHash })).toMatchObject(refused);
      await make(store, { kind: 'enable', tenantId, principal: { kind, id } });
    }
  });

  it('a tenant is never deleted', async () => {
    const { services, tenantId } = world;
    const deletion = services.store.execute(cutOff(world, 'tenant', tenantId, 'deleted'));
    expect(await deletion).toMatchObject({ refusal: { code: 'invalid_argument' } });
  });

  it('of many guesses at an old password at once none slips by the lock', async () => {
    const strict = await makeWorld(bed, { loginAttempts: 3 });
    const ref = { by: 'user_id', userId: strict.annId } as const;
    const guesses = Array.from({ length: 60 }, (_, i) =>
      changeUserPassword(strict.services, strict.app, ref, i === 50 ? PASSWORD : 'wrong', 'newer'),
    );
    const results = await Promise.allSettled(guesses);
    expect(results.filter(({ status }) => status === 'fulfilled')).toEqual([]);
  });

  it('a token that was ended while its user was acting by it acts no more', async () => {
    const { services, app, admin, annId } = world;
    const { accessToken } = await login(world);
    const self = { by: 'access_token', accessToken } as const;
    const acting = (await getUser(services, app, self)).subject;
    const caller = await authenticateTokenHolder(services, world.tenantId, accessToken);
    await changeUserPassword(services, admin, ann(), undefined, 'another password');
    const call = { caller: caller ?? admin.caller };
    const update = updateUser(services, call, { by: 'user_id', userId: annId }, { displayName: 'thief' });
    await expectRefused(update, 'caller_unauthenticated');
    expect((await getUser(services, admin, ann())).subject.displayName).toBe(acting.displayName);
  });

  it('nobody but an admin changes a password without the old one', async () => {
    const { services, backend, app } = world;
    for (const call of [backend, app]) {
      await expectRefused(changeUserPassword(services, call, ann(), undefined, 'newer'), 'permission_denied');
    }
  });
});

describe('live tokens', () => {
  it('are listed by id, without what has ended', async () => {
    const { services, admin, annId } = world;
    const [one, two] = [await login(world), await login(world)];
    const list = () => listTokens(services, admin, { kind: 'user', id: annId }, { pageSize: 0, pageToken: '' });
    expect((await list()).items.flatMap(({ tokens }) => tokens.map(({ tokenId }) => tokenId))).toEqual(
      expect.arrayContaining([one.tokenId, two.tokenId]),
    );
    await revokeAll(services, admin, { kind: 'user', id: annId });
    const { tokenId, familyId } = await login(world);
    const [listing] = (await list()).items;
    expect((await list()).items).toHaveLength(1);
    expect(listing?.family.familyId).toBe(familyId);
    expect(listing?.tokens.map((each) => each.tokenId)).toContain(tokenId);
    expect(JSON.stringify(await list())).not.toContain(one.accessToken);
  });

  it('of another tenant’s user are as unknown', async () => {
    const other = await makeWorld(bed);
    const page = { pageSize: 0, pageToken: '' };
    for (const id of [other.annId, 'nobody']) {
      await expectRefused(listTokens(world.services, world.admin, { kind: 'user', id }, page), 'not_found');
    }
  });
});

describe('owners of a device', () => {
  it('are users of its tenant, each once', async () => {
    const { services, admin, lampId, annId } = world;
    const lamp = { by: 'device_id', deviceId: lampId } as const;
    const other = await makeWorld(bed);
    expect((await addDeviceOwner(services, admin, lamp, annId)).ownerIds).toEqual([annId]);
    await expectRefused(addDeviceOwner(services, admin, lamp, annId), 'already_exists');
    await expectRefused(addDeviceOwner(services, admin, lamp, other.annId), 'not_found');
    await expectRefused(addDeviceOwner(services, admin, lamp, lampId), 'not_found');
    expect((await removeDeviceOwner(services, admin, lamp, annId)).ownerIds).toEqual([]);
    await expectRefused(removeDeviceOwner(services, admin, lamp, annId), 'not_found');
  });

  it('are named by what can be an id', async () => {
    const { services, admin, lampId } = world;
    const lamp = { by: 'device_id', deviceId: lampId } as const;
    for (const id of ['', 'a\0b', 'x'.repeat(257)]) {
      await expectRefused(addDeviceOwner(services, admin, lamp, id), 'invalid_argument');
      await expectRefused(revokeAll(services, admin, { kind: 'user', id }), 'invalid_argument');
    }
  });

  it('are a hundred at most', async () => {
    const { services, admin, annId } = world;
    const ownerIds: string[] = [];
    for (let i = 0; i < 100; i++) {
      ownerIds.push((await registerUser(services, admin, { ...WISH })).subject.subjectId);
    }
    const { subject } = await registerDevice(services, admin, { vendorId: 'v-1', password: 'p', ownerIds });
    const ref = { by: 'device_id', deviceId: subject.subjectId } as const;
    await expectRefused(addDeviceOwner(services, admin, ref, annId), 'invalid_argument');
    const another = { vendorId: 'v-2', password: 'p', ownerIds: [...ownerIds, annId] };
    await expectRefused(registerDevice(services, admin, another), 'invalid_argument');
    await removeDeviceOwner(services, admin, ref, ownerIds[0] ?? '');
    expect((await addDeviceOwner(services, admin, ref, annId)).ownerIds).toHaveLength(100);
  });
});
