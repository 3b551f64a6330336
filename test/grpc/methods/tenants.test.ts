import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { PolicyProfile, type TenantPolicy } from '../../../gen/ts/symbolon/v1/tenant_service.ts';
import { boundsText, MAX_LIFETIME_MS, SETTINGS } from '../../../src/core/policy.ts';
import { AUDIT_RECORDS } from '../../../src/core/tables/audit.ts';
import { toDuration } from '../../../src/grpc/messages/time.ts';
import { basic, CREDENTIALS, failureOf, introspect, issue } from '../client.ts';
import { type DirectoryBed, openDirectoryBed } from './bed.ts';

let bed: DirectoryBed;

beforeAll(async () => {
  bed = await openDirectoryBed();
});

afterAll(() => bed.close());

const DEFAULTS: TenantPolicy = {
  defaultTokenLifetime: { seconds: 3_600, nanos: 0 },
  longestTokenLifetime: { seconds: 86_400, nanos: 0 },
  refreshEnabled: true,
  refreshLifetime: { seconds: 90 * 86_400, nanos: 0 },
  refreshRepeatWindow: { seconds: 600, nanos: 0 },
  loginAttempts: 100,
  loginWindow: { seconds: 3_600, nanos: 0 },
  loginLockPeriod: { seconds: 900, nanos: 0 },
  selfRegistration: false,
  emailVerificationRequired: true,
  phoneVerificationRequired: true,
  exposeFullUsers: false,
  verificationCodeLifetime: { seconds: 3_600, nanos: 0 },
  resetCodeLifetime: { seconds: 900, nanos: 0 },
  registrationsPerAddress: 300,
  codesPerAddress: 100,
  consentTokenLifetime: { seconds: 14 * 86_400, nanos: 0 },
  consentRefreshLifetime: { seconds: 90 * 86_400, nanos: 0 },
  applicationTokenLifetime: { seconds: 3_600, nanos: 0 },
};

const QUANTITIES = SETTINGS.filter((setting) => setting.kind !== 'switch').map((setting) => ({
  ...setting,
  member: setting.key.replace(/Ms$/, ''),
}));

describe('tenants', () => {
  it('are made with what is not said as it is by default', async () => {
    const request = { tenantId: 'fresh', publicScopes: ['read'] };
    const { tenant } = await bed.call('createTenant', request, bed.as.operator);
    expect(tenant).toEqual({
      tenantId: 'fresh',
      displayName: 'fresh',
      disabled: false,
      policy: DEFAULTS,
      createTime: { seconds: bed.clock.now / 1_000, nanos: 0 },
      revision: 0,
      logoUri: '',
      accentColor: '',
    });
    const { accessToken } = await issue(bed, CREDENTIALS.anonymous('fresh'), basic('fresh'));
    expect(accessToken).not.toBe('');
    expect(await failureOf(bed.call('createTenant', request, bed.as.operator))).toMatchObject({
      status: 'ALREADY_EXISTS',
      reason: 'ALREADY_EXISTS',
    });
    const clash = bed.call('createTenant', { tenantId: 'plain' }, bed.as.operator);
    expect(await failureOf(clash)).toMatchObject({ status: 'ALREADY_EXISTS' });
  });

  it('are made for clients of Kii by the profile, where what is said is stronger', async () => {
    const made = (request: object) =>
      bed.call('createTenant', { profile: PolicyProfile.KII, ...request }, bed.as.operator);
    const { tenant: plain } = await made({ tenantId: 'legacy' });
    const kii = {
      ...DEFAULTS,
      refreshEnabled: false,
      defaultTokenLifetime: toDuration(MAX_LIFETIME_MS),
      longestTokenLifetime: toDuration(MAX_LIFETIME_MS),
      selfRegistration: true,
    };
    expect(plain?.policy).toEqual(kii);
    const policy = { refreshEnabled: true, selfRegistration: false };
    const { tenant: other } = await made({ tenantId: 'legacy-2', policy });
    expect(other?.policy).toEqual({ ...kii, ...policy });
    const { tenant: standard } = await made({ tenantId: 'standard', profile: PolicyProfile.STANDARD });
    expect(standard?.policy).toEqual(DEFAULTS);
    expect(await failureOf(made({ tenantId: 'none', profile: 3 }))).toMatchObject({
      status: 'INVALID_ARGUMENT',
      message: 'profile must be a PolicyProfile',
    });
  });

  it('are not made with a default lifetime that is longer than the longest', async () => {
    const policy = { longestTokenLifetime: { seconds: 60, nanos: 0 } };
    const made = bed.call('createTenant', { tenantId: 'crooked', policy }, bed.as.operator);
    expect(await failureOf(made)).toMatchObject({ status: 'INVALID_ARGUMENT' });
  });

  it('that were refused leave nothing in the way of one that is made later', async () => {
    const clientId = 'later';
    await bed.call('createClient', { clientId, confidential: true }, bed.as.operator);
    for (let i = 0; i < 2; i++) {
      const taken = bed.call('createTenant', { tenantId: clientId }, bed.as.operator);
      expect(await failureOf(taken)).toMatchObject({ status: 'ALREADY_EXISTS' });
    }
    await bed.call('deleteClient', { clientId });
    expect((await bed.call('createTenant', { tenantId: clientId }, bed.as.operator)).tenant?.tenantId).toBe(clientId);
  });

  it('keep what is said, also no and zero', async () => {
    const policy = {
      selfRegistration: false,
      refreshRepeatWindow: { seconds: 0, nanos: 0 },
      resetCodeLifetime: { seconds: 60, nanos: 500_000_000 },
      loginAttempts: 7,
    };
    const request = { tenantId: 'own', displayName: 'Own Ltd', policy };
    const { tenant } = await bed.call('createTenant', request, bed.as.operator);
    expect(tenant).toMatchObject({ displayName: 'Own Ltd', policy: { ...DEFAULTS, ...policy } });
    expect(await bed.call('getTenant', { tenantId: 'own' }, bed.as.operator)).toEqual({ tenant });
  });

  it('show a logo and a colour, which only the mask changes and the audit log tells of', async () => {
    const brand = { logoUri: 'https://cdn.example.com/logo.png', accentColor: '#0A7cff' };
    const made = await bed.call('createTenant', { tenantId: 'branded', ...brand }, bed.as.operator);
    expect(made.tenant).toMatchObject(brand);
    expect(await bed.call('getTenant', { tenantId: 'branded' }, bed.as.operator)).toEqual(made);
    const change = { tenantId: 'branded', logoUri: '', accentColor: '', updateMask: ['logo_uri'] };
    const { tenant } = await bed.call('updateTenant', change, bed.as.operator);
    expect(tenant).toEqual({ ...made.tenant, logoUri: '' });
    const [own] = await bed.store.list(AUDIT_RECORDS, { tenantId: 'branded' }, { after: [1], limit: 1 });
    expect(own).toMatchObject({ action: 'update_tenant', details: 'logo_uri' });
  });

  it.each([
    [{ logoUri: 'http://cdn.example.com/' }, 'logo_uri must be an https URI of at most 2000 characters'],
    [{ logoUri: 'http://127.0.0.1/logo.png' }, 'logo_uri must be an https URI'],
    [{ logoUri: `https://cdn.example.com/${'a'.repeat(2_000)}` }, 'logo_uri must be an https URI'],
    [{ logoUri: 'https://cdn.example.com/"onload=' }, 'logo_uri must be an https URI'],
    [{ logoUri: 'javascript:alert(1)' }, 'logo_uri must be an https URI'],
    [{ accentColor: 'red' }, 'accent_color must be # and six hexadecimal digits'],
    [{ accentColor: '#fff' }, 'accent_color must be # and six hexadecimal digits'],
    [{ accentColor: '#0a7cff;}' }, 'accent_color must be # and six hexadecimal digits'],
  ])('are neither made nor changed with %j', async (brand, message) => {
    const refused = { status: 'INVALID_ARGUMENT', message: expect.stringContaining(message) };
    const made = bed.call('createTenant', { tenantId: 'gaudy', ...brand }, bed.as.operator);
    expect(await failureOf(made)).toMatchObject(refused);
    const updateMask = ['logo_uri', 'accent_color'];
    expect(await failureOf(bed.call('updateTenant', { ...brand, updateMask }))).toMatchObject(refused);
  });

  it('are listed by id', async () => {
    const { tenants, nextPageToken } = await bed.call('listTenants', {}, bed.as.operator);
    const ids = tenants.map(({ tenantId }) => tenantId);
    expect(ids).toEqual([...ids].sort());
    expect(ids).toContain('acme');
    expect(nextPageToken).toBe('');
  });

  it('change by what the mask names alone', async () => {
    const { tenant: before } = await bed.call('getTenant', {});
    const { tenant } = await bed.call('updateTenant', {
      displayName: 'not named',
      policy: { loginAttempts: 5, exposeFullUsers: true },
      updateMask: ['policy.login_attempts'],
    });
    expect(tenant).toEqual({ ...before, policy: { ...before?.policy, loginAttempts: 5 } });
    const { tenant: renamed } = await bed.call('updateTenant', { displayName: 'Acme', updateMask: ['display_name'] });
    expect(renamed).toEqual({ ...tenant, displayName: 'Acme' });
    expect(await bed.call('getTenant', { tenantId: 'acme' })).toEqual({ tenant: renamed });
  });

  it('get the default of what is named and not set', async () => {
    await bed.call('updateTenant', { policy: { loginAttempts: 5 }, updateMask: ['policy.login_attempts'] });
    const { tenant } = await bed.call('updateTenant', { updateMask: ['policy.login_attempts'] });
    expect(tenant?.policy).toMatchObject({ loginAttempts: 100, refreshEnabled: true });
    const all = await bed.call('updateTenant', { policy: { refreshEnabled: true }, updateMask: ['policy'] });
    expect(all.tenant?.policy).toEqual({ ...DEFAULTS, refreshEnabled: true });
  });

  it.each(QUANTITIES)('have a policy within the bounds of $field', async (setting) => {
    const { field, member, kind, least, most } = setting;
    const set = async (value: number) => {
      // The longest lifetime bounds the default one as well, which is about something else.
      const longestTokenLifetime = toDuration(MAX_LIFETIME_MS);
      const policy = { longestTokenLifetime, [member]: kind === 'duration' ? toDuration(value) : value };
      const { tenant } = await bed.call('updateTenant', { policy, updateMask: ['policy'] });
      return [tenant?.policy, { ...DEFAULTS, ...policy }];
    };
    for (const value of [least - 1, most + 1].filter((each) => kind === 'duration' || each >= 0)) {
      const message = `${field} must be ${boundsText(setting)}`;
      expect(await failureOf(set(value))).toMatchObject({ status: 'INVALID_ARGUMENT', message });
    }
    // No default is longer than the least of the longest.
    for (const value of member === 'longestTokenLifetime' ? [most] : [least, most]) {
      const [policy, expected] = await set(value);
      expect(policy).toEqual(expected);
    }
  });

  it('refuse a policy that is out of range', async () => {
    const minute = { seconds: 60, nanos: 0 };
    const cases: [object, string][] = [
      [{ loginAttempts: 0 }, 'policy.login_attempts'],
      [{ longestTokenLifetime: { seconds: 2_147_483_648, nanos: 0 } }, 'policy.longest_token_lifetime'],
      [{ defaultTokenLifetime: { seconds: 0, nanos: 999_000_000 } }, 'policy.default_token_lifetime'],
      [{ refreshLifetime: { seconds: -1, nanos: 0 } }, 'policy.refresh_lifetime'],
      [{ loginWindow: { seconds: 5, nanos: -1 } }, 'policy.login_window'],
      [{ resetCodeLifetime: { seconds: 86_401, nanos: 0 } }, 'policy.reset_code_lifetime'],
    ];
    for (const [policy, path] of cases) {
      const failure = await failureOf(bed.call('updateTenant', { policy, updateMask: [path] }));
      expect(failure).toMatchObject({ status: 'INVALID_ARGUMENT' });
      expect(failure.message).toContain(path.replace('policy.', ''));
    }
    const crossed = { policy: { longestTokenLifetime: minute }, updateMask: ['policy.longest_token_lifetime'] };
    expect(await failureOf(bed.call('updateTenant', crossed))).toMatchObject({
      status: 'INVALID_ARGUMENT',
      message: 'default_token_lifetime must not be longer than longest_token_lifetime',
    });
  });

  it('are disabled with every token and everybody in them, and enabled for new logins', async () => {
    await bed.call('createTenant', { tenantId: 'closing' }, bed.as.operator);
    const request = { tenantId: 'closing', clientId: 'closing-admin', confidential: true, roles: [1 as const] };
    const { clientSecret } = await bed.call('createClient', request, bed.as.operator);
    const admin = basic('closing-admin', clientSecret);
    const { accessToken } = await issue(bed, CREDENTIALS.client('closing-admin', clientSecret), admin);
    const { revision } = await bed.call('disableTenant', { tenantId: 'closing' }, bed.as.operator);
    expect(revision).toBe(1);
    expect(await failureOf(bed.call('getTenant', {}, admin))).toMatchObject({ status: 'UNAUTHENTICATED' });
    await bed.call('enableTenant', { tenantId: 'closing' }, bed.as.operator);
    expect(await bed.call('getTenant', {}, admin)).toMatchObject({ tenant: { disabled: false, revision: 1 } });
    const { client } = bed;
    const answer = await new Promise((resolve, reject) => {
      const ask = { token: accessToken, atLeastRevision: 0, maxStaleness: undefined };
      client.introspect(ask, admin, (error, response) => (error === null ? resolve(response) : reject(error)));
    });
    expect(answer).toMatchObject({ active: false });
  });

  it('are not disabled for want of a name', async () => {
    const failure = await failureOf(bed.call('disableTenant', {}, bed.as.operator));
    expect(failure).toMatchObject({ status: 'INVALID_ARGUMENT', message: 'tenant_id is missing' });
    const { accessToken } = await issue(bed, CREDENTIALS.user());
    expect(await introspect(bed, accessToken)).toMatchObject({ active: true });
  });
});
