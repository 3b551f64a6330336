import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CREDENTIALS, failureOf, introspect, issue, PASSWORD } from '../client.ts';
import { type DirectoryBed, openDirectoryBed, user } from './bed.ts';

let bed: DirectoryBed;

beforeAll(async () => {
  bed = await openDirectoryBed();
});

afterAll(() => bed.close());

const attributes = { size: 1.5, tags: ['a', null, true], nested: { deep: [{}] }, '': 'empty' };

describe('users', () => {
  it('register themselves, with what they are and tokens in one step', async () => {
    const { user: made, tokens } = await bed.call(
      'registerUser',
      {
        loginName: 'Bob',
        email: 'Bob@Example.com',
        phone: '090-1234-1234',
        phoneCountry: 'JP',
        password: PASSWORD,
        displayName: 'Bob ☕',
        attributes,
        withToken: { scopes: ['read'] },
      },
      bed.as.public,
    );
    expect(made).toEqual({
      userId: expect.stringMatching(/^[0-9a-f-]{36}$/),
      loginName: 'Bob',
      email: 'Bob@Example.com',
      emailVerified: false,
      pendingEmail: '',
      phone: '+819012341234',
      phoneVerified: false,
      pendingPhone: '',
      displayName: 'Bob ☕',
      attributes,
      hasPassword: true,
      mfaEnabled: false,
      disabled: false,
      createTime: { seconds: bed.clock.now / 1_000, nanos: 0 },
    });
    expect(tokens).toMatchObject({ subjectId: made?.userId, scopes: ['read'] });
    expect(await introspect(bed, tokens?.accessToken ?? '')).toMatchObject({ active: true, clientId: 'acme' });
    for (const ref of [user.id(made?.userId ?? ''), user.loginName('bOB')]) {
      expect(await bed.call('getUser', { user: ref })).toEqual({ user: made });
    }
    const own = await bed.call('getUser', { user: user.token(tokens?.accessToken ?? '') }, bed.as.public);
    expect(own).toEqual({ user: made });
    expect(await issue(bed, CREDENTIALS.user('bob'))).toMatchObject({ subjectId: made?.userId });
  });

  it('log in with addresses that an admin knows to be theirs', async () => {
    const request = { email: 'dora@example.com', emailVerified: true, password: PASSWORD };
    const { user: made } = await bed.call('registerUser', request);
    expect(made).toMatchObject({ emailVerified: true, loginName: '' });
    expect(await bed.call('getUser', { user: user.email('DORA@example.com') })).toEqual({ user: made });
    expect(await issue(bed, CREDENTIALS.user('dora@example.com'))).toMatchObject({ subjectId: made?.userId });
    expect(await failureOf(bed.call('registerUser', request, bed.as.client))).toMatchObject({
      status: 'PERMISSION_DENIED',
    });
    expect(await failureOf(bed.call('registerUser', request))).toMatchObject({
      status: 'ALREADY_EXISTS',
      message: 'The email dora@example.com is taken',
    });
    // Until it is verified, others may say that it is theirs.
    const { user: claimant } = await bed.call('registerUser', { ...request, emailVerified: false }, bed.as.public);
    expect(claimant).toMatchObject({ email: 'dora@example.com', emailVerified: false });
  });

  it('are not made when their tokens can’t be', async () => {
    const request = { loginName: 'wishful', password: PASSWORD, withToken: { scopes: ['nuclear'] } };
    expect(await failureOf(bed.call('registerUser', request, bed.as.public))).toMatchObject({
      status: 'INVALID_ARGUMENT',
      reason: 'SCOPE_NOT_ALLOWED',
    });
    const none = bed.call('getUser', { user: user.loginName('wishful') });
    expect(await failureOf(none)).toMatchObject({ status: 'NOT_FOUND' });
  });

  it('do not register where the tenant does not let them', async () => {
    const mask = ['policy.self_registration'];
    await bed.call('updateTenant', { policy: { selfRegistration: false }, updateMask: mask });
    const request = { loginName: 'late', password: PASSWORD };
    for (const who of ['public', 'client'] as const) {
      const failure = await failureOf(bed.call('registerUser', request, bed.as[who]));
      expect(failure).toMatchObject({ status: 'PERMISSION_DENIED' });
    }
    expect((await bed.call('registerUser', request)).user).toMatchObject({ loginName: 'late' });
    await bed.call('updateTenant', { policy: { selfRegistration: true }, updateMask: mask });
  });

  it('are listed in the order in which they were made', async () => {
    const names = ['first', 'second', 'third'];
    for (const loginName of names) {
      bed.clock.advance(1);
      await bed.call('registerUser', { loginName, password: PASSWORD });
    }
    const { users } = await bed.call('listUsers', {});
    expect(users.slice(-3).map(({ loginName }) => loginName)).toEqual(names);
  });

  it('change by what the mask names alone', async () => {
    const { user: made } = await bed.call('registerUser', {
      loginName: 'masked',
      password: PASSWORD,
      displayName: 'M',
      attributes,
    });
    const ref = user.id(made?.userId ?? '');
    const set = { loginName: 'other', displayName: 'New', attributes: { only: 1 }, email: 'm@example.com' };
    const { user: renamed } = await bed.call('updateUser', { user: ref, ...set, updateMask: ['display_name'] });
    expect(renamed).toEqual({ ...made, displayName: 'New' });
    const { user: replaced } = await bed.call('updateUser', { user: ref, ...set, updateMask: ['attributes'] });
    expect(replaced).toEqual({ ...made, displayName: 'New', attributes: { only: 1 } });
    const { user: emptied } = await bed.call('updateUser', { user: ref, updateMask: ['attributes', 'display_name'] });
    expect(emptied).toEqual({ ...made, displayName: '', attributes: {} });
    const { user: moved } = await bed.call('updateUser', { user: ref, ...set, updateMask: ['login_name', 'email'] });
    expect(moved).toMatchObject({ loginName: 'other', email: 'm@example.com', emailVerified: false });
    const { user: bare } = await bed.call('updateUser', { user: ref, updateMask: ['email'] });
    expect(bare).toMatchObject({ loginName: 'other', email: '' });
    const nameless = bed.call('updateUser', { user: ref, updateMask: ['login_name'] });
    expect(await failureOf(nameless)).toMatchObject({ status: 'INVALID_ARGUMENT' });
    const taken = bed.call('updateUser', { user: ref, loginName: 'ANN', updateMask: ['login_name'] });
    expect(await failureOf(taken)).toMatchObject({ status: 'ALREADY_EXISTS' });
  });

  it('change themselves by their token, but nobody else and not what only admins say', async () => {
    const { accessToken } = await issue(bed, CREDENTIALS.user());
    const own = user.token(accessToken);
    const change = { user: own, displayName: 'Ann', updateMask: ['display_name'] };
    for (const who of ['public', 'client', 'admin'] as const) {
      expect((await bed.call('updateUser', change, bed.as[who])).user).toMatchObject({ displayName: 'Ann' });
    }
    const claim = { user: own, emailVerified: true, updateMask: ['email_verified'] };
    expect(await failureOf(bed.call('updateUser', claim, bed.as.public))).toMatchObject({
      status: 'PERMISSION_DENIED',
    });
    const other = { ...change, user: user.id('user-ann') };
    for (const who of ['public', 'client', 'introspect', 'operator'] as const) {
      const failure = await failureOf(bed.call('updateUser', other, bed.as[who]));
      expect(failure, who).toMatchObject({ status: 'PERMISSION_DENIED' });
    }
  });

  it('are not opened by a token that is no live one of a user', async () => {
    const lamp = await issue(bed, CREDENTIALS.device());
    const ann = await issue(bed, CREDENTIALS.user());
    const app = await issue(bed, CREDENTIALS.client('plain', bed.plainSecret), bed.as.client);
    const admin = await issue(bed, CREDENTIALS.client('admin', bed.adminSecret), bed.as.admin);
    const anonymous = await issue(bed, CREDENTIALS.anonymous());
    const tokens = [lamp, app, admin, anonymous].map(({ accessToken }) => accessToken);
    for (const token of [...tokens, ann.refreshToken, 'rubbish']) {
      const call = bed.call('getUser', { user: user.token(token) }, bed.as.public);
      expect(await failureOf(call)).toMatchObject({
        status: 'FAILED_PRECONDITION',
        reason: 'INVALID_CREDENTIALS',
        message: 'The access token is not a live one of a user of this tenant',
      });
    }
    // A tenant's token says nothing in another.
    const stranger = bed.call('getUser', { user: user.token(ann.accessToken) }, bed.as.otherPublic);
    expect(await failureOf(stranger)).toMatchObject({ reason: 'INVALID_CREDENTIALS' });
  });

  it('are disabled, enabled and deleted', async () => {
    const { user: made } = await bed.call('registerUser', { loginName: 'gone', password: PASSWORD });
    const ref = user.id(made?.userId ?? '');
    const login = () => issue(bed, CREDENTIALS.user('gone'));
    const { accessToken } = await login();
    const { revision } = await bed.call('disableUser', { user: ref });
    expect(await introspect(bed, accessToken, revision)).toMatchObject({ active: false });
    expect(await failureOf(login())).toMatchObject({ status: 'FAILED_PRECONDITION' });
    expect((await bed.call('getUser', { user: ref })).user).toMatchObject({ disabled: true });
    await bed.call('enableUser', { user: ref });
    const again = await login();
    const own = { user: user.token(again.accessToken) };
    expect(await failureOf(bed.call('disableUser', own, bed.as.public))).toMatchObject({ status: 'PERMISSION_DENIED' });
    const deleted = await bed.call('deleteUser', own, bed.as.public);
    expect(await introspect(bed, again.accessToken, deleted.revision)).toMatchObject({ active: false });
    expect(await failureOf(bed.call('getUser', { user: ref }))).toMatchObject({ status: 'NOT_FOUND' });
    expect((await bed.call('registerUser', { loginName: 'GONE', password: PASSWORD })).user).toBeDefined();
  });
});

describe('pseudo users', () => {
  it('have nothing but their tokens', async () => {
    const { user: made, tokens } = await bed.call('registerUser', { withToken: {} }, bed.as.public);
    expect(made).toMatchObject({ loginName: '', email: '', phone: '', hasPassword: false });
    expect(await introspect(bed, tokens?.accessToken ?? '')).toMatchObject({ active: true, subjectId: made?.userId });
    expect(await failureOf(bed.call('registerUser', {}, bed.as.public))).toMatchObject({ status: 'INVALID_ARGUMENT' });
    const half = [{ loginName: 'half' }, { password: PASSWORD }];
    for (const request of half) {
      const failure = await failureOf(bed.call('registerUser', { ...request, withToken: {} }));
      expect(failure).toMatchObject({ status: 'INVALID_ARGUMENT' });
    }
  });

  it('become users by names and a password, and keep their tokens', async () => {
    const { user: made, tokens } = await bed.call('registerUser', { withToken: {} }, bed.as.public);
    const ref = user.token(tokens?.accessToken ?? '');
    const named = { user: ref, loginName: 'grown', updateMask: ['login_name'] };
    expect(await failureOf(bed.call('updateUser', named, bed.as.public))).toMatchObject({ status: 'INVALID_ARGUMENT' });
    const { user: grown } = await bed.call('updateUser', { ...named, password: PASSWORD }, bed.as.public);
    expect(grown).toEqual({ ...made, loginName: 'grown', hasPassword: true });
    expect(await issue(bed, CREDENTIALS.user('grown'))).toMatchObject({ subjectId: made?.userId });
    expect(await introspect(bed, tokens?.accessToken ?? '')).toMatchObject({ active: true });
    const twice = bed.call('updateUser', { ...named, password: 'another one' }, bed.as.public);
    expect(await failureOf(twice)).toMatchObject({
      status: 'FAILED_PRECONDITION',
      reason: 'PRECONDITION_FAILED',
    });
  });
});
