import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { updateTenant } from '../../../src/core/operations/tenants.ts';
import { getUser, registerUser, updateUser } from '../../../src/core/operations/users.ts';
import { execute, openMemoryTestBed, type TestBed } from '../../support.ts';
import { expectRefused, login, makeWorld, PASSWORD, type World } from '../fixtures.ts';
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
    await updateUser(services, admin, ann(), {
      attributes: { how: 'replace', attributes: '{"a":1,"gone":{"b":2}}' },
    });
    const names = Array.from({ length: 10 }, (_, i) => `member${i}`);
    await Promise.all(
      names.map((name) =>
        updateUser(services, admin, ann(), {
          attributes: { how: 'merge', attributes: JSON.stringify({ [name]: 1, gone: null }) },
        }),
      ),
    );
    const { subject } = await getUser(services, admin, ann());
    expect(JSON.parse(subject.attributes)).toEqual({ a: 1, ...Object.fromEntries(names.map((name) => [name, 1])) });
    const tooLong = { attributes: { how: 'merge', attributes: JSON.stringify({ long: 'x'.repeat(65_500) }) } } as const;
    await expectRefused(updateUser(services, admin, ann(), tooLong), 'invalid_argument');
  });

  it('lets a new address wait until it is proven, while the old one logs in; the same in another case is the same', async () => {
    const { services, admin, app } = world;
    const byMail = { credential: { kind: 'user', username: 'ann@example.com', password: PASSWORD } } as const;
    expect((await updateUser(services, admin, ann(), { email: 'ANN@example.com' })).emailVerified).toBe(true);
    await issue(services, app, byMail);
    expect(await updateUser(services, admin, ann(), { email: 'ann2@example.com' })).toMatchObject({
      email: 'ANN@example.com',
      emailVerified: true,
      pendingEmail: 'ann2@example.com',
    });
    await issue(services, app, byMail);
    const byPending = { credential: { kind: 'user', username: 'ann2@example.com', password: PASSWORD } } as const;
    await expectRefused(issue(services, app, byPending), 'invalid_credentials');
  });

  it('lets a new phone number wait, unless an admin says at once that it is verified', async () => {
    const { services, admin } = world;
    expect(await updateUser(services, admin, ann(), { phone: '+819087654321' })).toMatchObject({
      phoneVerified: true,
      pendingPhone: '+819087654321',
    });
    const known = { phone: '+819011112222', phoneVerified: true, email: 'ann2@example.com', emailVerified: true };
    expect(await updateUser(services, admin, ann(), known)).toMatchObject({ ...known, pendingPhone: null });
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
    const outcome = await execute(services.store, { ...command, set: { emailVerified: true }, seen });
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
