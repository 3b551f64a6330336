/** Every method that is served, through each client of a browser, as somebody goes from a registration to the end. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { consentIdOf } from '../../../src/core/rules/consents.ts';
import { totpCode } from '../../../src/core/totp.ts';
import { SERVED } from '../../../src/http/connect/served.ts';
import { introspect, PASSWORD } from '../../grpc/client.ts';
import { aFamilyId, clientOf, newTokens } from '../../store/fixtures.ts';
import { make } from '../../support.ts';
import { type ConnectBed, callThrough, DOOR_NAMES, DOORS, type Message, openConnectBed } from './doors.ts';

let bed: ConnectBed;

beforeAll(async () => {
  bed = await openConnectBed();
  const { client } = clientOf('garden');
  const registered = { confidential: false, grants: ['implicit'], redirectUris: [BACK] } as const;
  await make(bed.store, { kind: 'create_client', client: { ...client, ...registered } });
});

afterAll(() => bed.close());

const NEW_PASSWORD = 'another correct horse';
const BACK = 'https://garden.example/back';

/** The user agrees at the pages to what the client asks for, and the client gets a token. */
async function grant(subjectId: string) {
  const granted = aFamilyId();
  await make(bed.store, {
    ...{ kind: 'authorize', tenantId: 'acme', subjectId, clientId: 'garden', scopes: ['read'], audience: null },
    ...{ redirectUri: BACK, response: { type: 'token', familyId: granted, tokens: newTokens() } },
  });
  return { consentId: consentIdOf('acme', subjectId, 'garden'), granted };
}

describe.each(DOOR_NAMES)('through %s', (door) => {
  const place = DOOR_NAMES.indexOf(door);
  const [loginName, email, phone] = [`ben-${place}`, `ben-${place}@example.com`, `+81901234567${place}`];
  const called = new Set<string>();
  let [userId, accessToken, refreshToken] = ['', '', ''];

  const call = (name: string, request: Message) => {
    called.add(name);
    return callThrough(DOORS[door](bed.url), name, request);
  };
  const myself = () => ({ user: { accessToken } });
  const login = async (password: string) => {
    const { tokens } = await call('Issue', { userPassword: { username: loginName, password } });
    ({ accessToken, refreshToken } = tokens);
  };

  it('somebody registers, with a token', async () => {
    const attributes = { color: 'red', nested: [1, { __proto__: null, deep: true }] };
    const made = await call('RegisterUser', { loginName, email, phone, password: PASSWORD, attributes, withToken: {} });
    expect(made.user).toMatchObject({ loginName, email, attributes });
    ({ userId } = made.user);
    ({ accessToken } = made.tokens);
    expect(await introspect(bed, accessToken)).toMatchObject({ active: true, subjectId: userId });
  });

  it('reads and changes its own profile', async () => {
    const change = { displayName: 'Ben', attributes: { color: 'blue' }, updateMask: 'displayName,attributes.color' };
    expect((await call('UpdateUser', { ...myself(), ...change })).user).toMatchObject({ displayName: 'Ben' });
    const { user } = await call('GetUser', myself());
    expect(user).toMatchObject({
      userId,
      displayName: 'Ben',
      attributes: { color: 'blue', nested: [1, { deep: true }] },
    });
  });

  it('proves its addresses', async () => {
    // Messages of one millisecond are in no order.
    bed.clock.advance(60_000);
    for (const [kind, purpose] of [
      ['Email', 'verify_email'],
      ['Phone', 'verify_phone'],
    ] as const) {
      await call(`Start${kind}Verification`, myself());
      await call(`Confirm${kind}Verification`, { ...myself(), code: await bed.codeOf(userId, purpose) });
    }
    expect((await call('GetUser', myself())).user).toMatchObject({ emailVerified: true, phoneVerified: true });
  });

  it('logs in, refreshes and logs out', async () => {
    await login(PASSWORD);
    const first = accessToken;
    const { tokens } = await call('Refresh', { refreshToken });
    expect(await introspect(bed, first)).toMatchObject({ active: false });
    expect(await introspect(bed, tokens.accessToken)).toMatchObject({ active: true });
    const described = await call('DescribeToken', { accessToken: tokens.accessToken });
    expect(described).toMatchObject({ kind: 'TOKEN_KIND_USER', subjectId: userId, clientId: 'acme' });
    const { revision } = await call('Revoke', { token: tokens.accessToken });
    expect(Number(revision)).toBeGreaterThan(0);
    expect(await introspect(bed, tokens.accessToken)).toMatchObject({ active: false });
  });

  it('lists its logins, and ends another of them', async () => {
    await login(PASSWORD);
    const { accessToken: lost, familyId } = (
      await call('Issue', { userPassword: { username: loginName, password: PASSWORD } })
    ).tokens;
    const mine = async () => (await call('ListTokens', { accessToken })).families.map((each: Message) => each.familyId);
    expect(await mine()).toContain(familyId);
    await call('Revoke', { familyId, userAccessToken: accessToken });
    expect(await mine()).not.toContain(familyId);
    expect(await introspect(bed, lost)).toMatchObject({ active: false });
  });

  it('lists what it granted to a client, and takes it back', async () => {
    const { consentId, granted } = await grant(userId);
    const consents = async () => (await call('ListConsents', { accessToken })).consents ?? [];
    expect(await consents()).toMatchObject([{ consentId, clientId: 'garden', scopes: ['read'] }]);
    const { withdrawn } = await call('WithdrawConsent', { consentId, userAccessToken: accessToken });
    expect([withdrawn, await consents()]).toEqual([true, []]);
    expect((await bed.store.readFamily('acme', granted)).reading?.consent?.withdrawTime).toBe(bed.clock.now);
  });

  it('changes its password, and resets it', async () => {
    await login(PASSWORD);
    await call('ChangeUserPassword', { ...myself(), oldPassword: PASSWORD, newPassword: NEW_PASSWORD });
    await call('RequestPasswordReset', { user: { loginName }, channel: 'MESSAGE_CHANNEL_EMAIL' });
    const code = await bed.codeOf(userId, 'reset_password');
    await call('CompletePasswordReset', { user: { loginName }, code, newPassword: PASSWORD });
    await login(PASSWORD);
  });

  it('takes a second factor, logs in with it, and takes it off', async () => {
    const { secret } = await call('EnrollTotp', { ...myself(), password: PASSWORD });
    const { recoveryCodes } = await call('ConfirmTotp', { ...myself(), code: totpCode(secret, bed.clock.now) });
    bed.clock.advance(30_000);
    const { mfaChallenge } = await call('Issue', { userPassword: { username: loginName, password: PASSWORD } });
    const secondFactor = { mfaToken: mfaChallenge.mfaToken, totpCode: totpCode(secret, bed.clock.now) };
    ({ accessToken } = (await call('Issue', { secondFactor })).tokens);
    await call('RemoveTotp', { ...myself(), recoveryCode: recoveryCodes[0] });
    expect((await call('GetUser', myself())).user.mfaEnabled ?? false).toBe(false);
  });

  it('deletes itself', async () => {
    await call('DeleteUser', myself());
    expect(await introspect(bed, accessToken)).toMatchObject({ active: false });
  });

  it('has called everything that is served', () => {
    expect([...called].sort()).toEqual(SERVED.map(({ name }) => name).sort());
  });
});
