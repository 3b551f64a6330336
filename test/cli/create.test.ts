/** `symbolon tenant|client|user|device create`: what they make works on a server that runs meanwhile. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { TokenKind } from '../../gen/ts/symbolon/v1/token_service.ts';
import { basic, failureOf, TokenClient } from '../process/grpc-client.ts';
import { postToken } from '../process/rest-client.ts';
import { ServerProcess } from '../process/server-process.ts';
import { DirectoryClient } from './directory.ts';
import { fieldsOf, type Json, Workspace } from './workspace.ts';

const LETTERS = 'a-z A-Z 0-9 - _ and dots';

let workspace: Workspace;
let server: ServerProcess;

beforeAll(async () => {
  workspace = new Workspace();
  await workspace.text(['init']);
  await workspace.text(['tenant', 'create', 'acme', '--refresh', 'on', '--public-scope', 'read']);
  server = await ServerProcess.start({ dataDir: workspace.path });
});
afterAll(async () => {
  await server.kill();
  workspace[Symbol.dispose]();
});

function callerOf(clientId: string, secret = ''): TokenClient {
  return new TokenClient(server.grpcAddress, basic(clientId, secret));
}

function anonymous(clientId: string) {
  return { $case: 'anonymous', value: { clientId } } as const;
}

function secondsOf({ issueTime, expireTime }: Awaited<ReturnType<TokenClient['issue']>>): number {
  return Math.round((expireTime?.seconds ?? 0) - (issueTime?.seconds ?? 0));
}

describe('tenant create', () => {
  it('makes a tenant whose public client can be called with at once', async () => {
    const printed = await workspace.text([
      ...['tenant', 'create', 'globex', '--display-name', 'Globex Inc.', '--public-scope', 'a', '--public-scope', 'b'],
    ]);
    expect(fieldsOf(printed)).toMatchObject({ tenant_id: 'globex', display_name: 'Globex Inc.', refresh: 'true' });
    using app = callerOf('globex');
    expect(await app.issue({ credential: anonymous('globex'), scopes: ['a', 'b'] })).toMatchObject({
      kind: TokenKind.ANONYMOUS,
      subjectId: 'globex',
      scopes: ['a', 'b'],
      refreshToken: '',
    });
    const other = app.issue({ credential: anonymous('globex'), scopes: ['c'] });
    expect((await failureOf(other)).reason).toBe('SCOPE_NOT_ALLOWED');
  });

  it('makes one with the policy that was asked for', async () => {
    const args = ['--default-token-lifetime', '90s', '--longest-token-lifetime', '2m', '--login-attempts', '2'];
    const made = await workspace.json([
      'tenant',
      'create',
      'strict',
      '--refresh',
      'on',
      '--refresh-lifetime',
      '1h',
      ...args,
    ]);
    expect(made).toMatchObject({ tenant_id: 'strict', display_name: 'strict', refresh: true });
    const { password } = await workspace.json(['user', 'create', '--tenant', 'strict', '--login-name', 'ann']);
    using app = callerOf('strict');
    const tokens = await app.logIn('ann', String(password));
    expect(secondsOf(tokens)).toBe(90);
    expect(secondsOf({ ...tokens, expireTime: tokens.refreshExpireTime })).toBe(3_600);
    const expireTime = { seconds: Math.floor(Date.now() / 1_000) + 150, nanos: 0 };
    const long = app.issue({ credential: anonymous('strict'), expireTime });
    expect((await failureOf(long)).reason).toBe('EXPIRE_TIME_OUT_OF_RANGE');
    await failureOf(app.logIn('ann', 'wrong'));
    await failureOf(app.logIn('ann', 'wrong'));
    expect((await failureOf(app.logIn('ann', String(password)))).reason).toBe('LOGIN_LOCKED');
  });

  it('makes one for clients of Kii, where what else is given is stronger', async () => {
    await workspace.text(['tenant', 'create', 'legacy', '--profile', 'kii']);
    await workspace.text([
      'tenant',
      'create',
      'legacy-2',
      '--profile',
      'kii',
      '--refresh',
      'on',
      '--self-registration',
      'off',
    ]);
    const policyOf = (tenant: string) => workspace.json(['tenant', 'update', tenant, '--login-attempts', '99']);
    const kii = { default_token_lifetime_seconds: 2_147_483_647, longest_token_lifetime_seconds: 2_147_483_647 };
    expect(await policyOf('legacy')).toMatchObject({ ...kii, refresh: false, self_registration: true });
    expect(await policyOf('legacy-2')).toMatchObject({ ...kii, refresh: true, self_registration: false });
  });

  it('makes one whose users are made by admins, and whose addresses count without a code', async () => {
    const closed = ['--self-registration', 'off', '--email-verification', 'off', '--phone-verification', 'off'];
    const codes = ['--verification-code-lifetime', '1d', '--reset-code-lifetime', '1s', '--expose-full-users', 'on'];
    await workspace.text(['tenant', 'create', 'closed', ...closed, ...codes]);
    expect(await workspace.json(['tenant', 'update', 'closed', '--login-attempts', '7'])).toMatchObject({
      login_attempts: 7,
      self_registration: false,
      email_verification: false,
      phone_verification: false,
      expose_full_users: true,
      verification_code_lifetime_seconds: 86_400,
      reset_code_lifetime_seconds: 1,
      registrations_per_address: 300,
      codes_per_address: 100,
    });
    using stranger = new DirectoryClient(server.grpcAddress, basic('closed', ''));
    const user = { email: 'eve@example.com', password: 'password' };
    expect((await failureOf(stranger.registerUser(user))).reason).toBe('PERMISSION_DENIED');
    const admin = await workspace.json([
      'client',
      'create',
      '--tenant',
      'closed',
      '--id',
      'its-admin',
      '--role',
      'admin',
    ]);
    using directory = new DirectoryClient(server.grpcAddress, basic('its-admin', String(admin.client_secret)));
    expect(await directory.registerUser(user)).toMatchObject({ email: 'eve@example.com', emailVerified: true });
    using app = callerOf('closed');
    expect((await app.logIn('eve@example.com', 'password')).kind).toBe(TokenKind.USER);
  });

  it.each([
    [['acme'], 'The id acme is taken'],
    [['Acme'], "command-argument value 'Acme' is invalid for argument 'tenant-id'. It must be 1 to 63 lower-case"],
    [['a', '--display-name', 'Acme\u202e'], 'display_name must not turn the direction of the text around it'],
    [['a', '--display-name', 'Acme\tEve'], 'display_name must not have control characters, such as line breaks'],
    [['a', '--refresh', 'perhaps'], "option '--refresh <on|off>' argument 'perhaps' is invalid. It must be on or off."],
    [['a', '--refresh-lifetime', '10'], "argument '10' is invalid. It must be a number with a unit, for example 90s"],
    [['a', '--login-window', '0s'], "argument '0s' is invalid. It must be from 1s to 2147483647s."],
    [
      ['a', '--default-token-lifetime', '2h', '--longest-token-lifetime', '1h'],
      '--default-token-lifetime is longer than --longest-token-lifetime. Shorten the first, or lengthen the second',
    ],
    [['a', '--default-token-lifetime', '2d'], '--default-token-lifetime is longer than --longest-token-lifetime.'],
    [['a', '--profile', 'kij'], "argument 'kij' is invalid. Allowed choices are standard, kii."],
    [['a', '--self-registration', 'maybe'], "argument 'maybe' is invalid. It must be on or off."],
    [['a', '--email-verification', ''], "argument '' is invalid. It must be on or off."],
    [['a', '--verification-code-lifetime', '999ms'], "argument '999ms' is invalid. It must be from 1s to 1d."],
    [['a', '--reset-code-lifetime', '25h'], "argument '25h' is invalid. It must be from 1s to 1d."],
    [['a', '--reset-code-lifetime', '60'], "argument '60' is invalid. It must be a number with a unit"],
    [['a', '--login-attempts', '0'], "argument '0' is invalid. It must be a whole number from 1 to 1000000."],
    [['a', '--public-scope', 'a b'], "argument 'a b' is invalid. It must be a scope (RFC 6749 section 3.3)"],
    [[], "missing required argument 'tenant-id'"],
  ])('refuses %j', async (args, message) => {
    expect(await workspace.refusal(['tenant', 'create', ...args])).toContain(message);
  });
});

describe('client create', () => {
  it('prints a secret once that works over gRPC and REST', async () => {
    const printed = await workspace.text([
      'client',
      'create',
      '--tenant',
      'acme',
      '--id',
      'svc',
      '--role',
      'introspect',
    ]);
    expect(printed).toContain('\n\nKeep the secret now: only its digest is stored.\n');
    const { client_secret: secret = '', ...rest } = fieldsOf(printed);
    expect(rest).toMatchObject({ tenant_id: 'acme', client_id: 'svc', roles: 'introspect', scopes: '' });
    expect(rest).toMatchObject({ grant_types: 'client_credentials refresh_token', redirect_uris: '' });
    expect(secret).toMatch(/^sys_\w{54}$/);
    using svc = callerOf('svc', secret);
    const { kind, accessToken } = await svc.issueToClient({ client_id: 'svc', client_secret: secret });
    expect(kind).toBe(TokenKind.APPLICATION);
    expect(await svc.isActive(accessToken)).toBe(true);
    const { status, json } = await postToken(server.httpAddress, 'acme', { client_id: 'svc', client_secret: secret });
    expect(status).toBe(200);
    expect(await svc.introspect(String(json.access_token))).toMatchObject({ active: true, clientId: 'svc' });
    using impostor = callerOf('svc', `${secret.slice(0, -1)}_`);
    expect((await failureOf(impostor.isActive(accessToken))).reason).toBe('CALLER_UNAUTHENTICATED');
  });

  it('makes an admin with scopes, and a random id where none is given', async () => {
    const made = await workspace.json([
      'client',
      'create',
      '--tenant',
      'acme',
      '--role',
      'admin',
      '--scope',
      'x',
      '--scope',
      'y',
    ]);
    const { client_id, client_secret } = made as { client_id: string; client_secret: string };
    expect(made).toMatchObject({ tenant_id: 'acme', client_id, client_secret, roles: ['admin'], scopes: ['x', 'y'] });
    expect(client_id).toMatch(/^cl_\w{24}$/);
    using admin = callerOf(client_id, client_secret);
    const value = { clientId: client_id, clientSecret: client_secret };
    const tokens = await admin.issue({ credential: { $case: 'clientSecret', value }, scopes: ['y', 'x'] });
    expect(tokens).toMatchObject({ kind: TokenKind.ADMIN, scopes: ['y', 'x'] });
  });

  it('makes an operator, who sees all tenants, which no admin does', async () => {
    const args = ['client', 'create', '--tenant', 'acme', '--role'];
    const [operator, admin] = [await workspace.json([...args, 'operator']), await workspace.json([...args, 'admin'])];
    expect(operator.roles).toEqual(['operator']);
    const directoryOf = ({ client_id, client_secret }: Json) =>
      new DirectoryClient(server.grpcAddress, basic(String(client_id), String(client_secret)));
    using theirs = directoryOf(operator);
    expect(await theirs.tenantIds()).toEqual(expect.arrayContaining(['acme', 'globex']));
    using other = directoryOf(admin);
    expect((await failureOf(other.tenantIds())).reason).toBe('PERMISSION_DENIED');
    expect(await workspace.refusal([...args, 'operator', '--public'])).toContain('--public is given with --role');
  });

  it('makes a public client, which has no secret and can hold no role', async () => {
    const made = await workspace.json(['client', 'create', '--tenant', 'acme', '--id', 'app', '--public']);
    expect(made).toMatchObject({ tenant_id: 'acme', client_id: 'app', client_secret: null, roles: [], scopes: [] });
    expect(made).toMatchObject({ first_party: false, grant_types: [], redirect_uris: [], logo_uri: null });
    using app = callerOf('app');
    expect((await app.issue({ credential: anonymous('app') })).kind).toBe(TokenKind.ANONYMOUS);
    expect(await workspace.refusal(['client', 'create', '--tenant', 'acme', '--public', '--role', 'admin'])).toBe(
      '--public is given with --role: a client without a secret can’t have a role. Leave one out',
    );
  });

  it.each([
    [['--tenant', 'nobody'], 'There is no tenant nobody'],
    [['--tenant', 'acme', '--id', 'acme'], 'The client id acme is taken'],
    [['--tenant', 'acme', '--display-name', 'x'.repeat(257)], 'display_name must be at most 256 characters'],
    [['--tenant', 'acme', '--id', 'a b'], `client_id must be 1 to 128 of ${LETTERS}`],
    [
      ['--tenant', 'acme', '--role', 'boss'],
      "argument 'boss' is invalid. It must be one of admin, introspect, operator.",
    ],
    [[], '--tenant is missing'],
  ])('refuses %j', async (args, message) => {
    expect(await workspace.refusal(['client', 'create', ...args])).toContain(message);
  });
});

describe('user create', () => {
  it('prints a password that was made up, and lets the user log in by each verified name', async () => {
    const printed = await workspace.text([
      ...[
        'user',
        'create',
        '--tenant',
        'acme',
        '--login-name',
        'Ann',
        '--email',
        'ann@example.com',
        '--email-verified',
      ],
      ...['--phone', '+81 90-1234-5678', '--phone-verified'],
    ]);
    const { user_id, password = '', ...rest } = fieldsOf(printed);
    expect(rest).toEqual({ tenant_id: 'acme', login_name: 'Ann', email: 'ann@example.com', phone: '+819012345678' });
    using app = callerOf('acme');
    for (const name of ['ann', 'ANN@example.com', '+819012345678', 'PHONE:JP-9012345678']) {
      expect((await app.logIn(name, password)).subjectId).toBe(user_id);
    }
    const { json } = await postToken(server.httpAddress, 'acme', { username: 'ann', password });
    expect(json.id).toBe(user_id);
  });

  it('takes a password from standard input without its line break, and then prints none', async () => {
    const input = ' pass "word" ~\r\n';
    const args = ['user', 'create', '--tenant', 'acme', '--email', 'bob@example.com', '--password-stdin'];
    const made = await workspace.json([...args, '--email-verified'], { input });
    expect(made).toMatchObject({ password: null, email: 'bob@example.com', login_name: null });
    using app = callerOf('acme');
    expect((await app.logIn('bob@example.com', ' pass "word" ~')).subjectId).toBe(made.user_id);
  });

  it('does not let anybody log in by an address that is not verified', async () => {
    const args = ['user', 'create', '--tenant', 'acme', '--login-name', 'cara', '--email', 'cara@example.com'];
    const { password } = await workspace.json(args);
    using app = callerOf('acme');
    expect((await failureOf(app.logIn('cara@example.com', String(password)))).reason).toBe('INVALID_CREDENTIALS');
    expect((await app.logIn('cara', String(password))).kind).toBe(TokenKind.USER);
  });

  it.each([
    [['--login-name', 'ANN'], 'The login name ann is taken'],
    [['--email', 'ANN@example.com', '--email-verified'], 'ann@example.com is taken'],
    [[], 'a user needs a name to log in with. Give --login-name, --email or --phone'],
    [['--login-name', 'bo'], `login_name must be 3 to 64 of ${LETTERS}`],
    [['--email', 'nobody'], 'email must be an e-mail address, such as ann@example.com'],
    [['--email', 'dan@ex\u0430mple.com'], 'email must not mix alphabets or have characters that look like others'],
    [['--email', 'Dan <dan@example.com>'], 'email must be the address alone'],
    [
      ['--phone', '+1 213 373 4253 ext. 5'],
      'phone must be digits alone, such as +819012341234: no letters, and no extension',
    ],
    [['--phone', '12'], 'phone must be a phone number with its country code, such as +819012341234'],
    [['--login-name', 'dan', '--email-verified'], '--email-verified is given without --email. Give both'],
    [['--login-name', 'dan', '--phone-verified'], '--phone-verified is given without --phone. Give both'],
  ])('refuses %j', async (args, message) => {
    expect(await workspace.refusal(['user', 'create', '--tenant', 'acme', ...args])).toContain(message);
  });

  it('refuses a tenant that does not exist', async () => {
    const args = ['user', 'create', '--tenant', 'nobody', '--login-name', 'dan'];
    expect(await workspace.refusal(args)).toBe(
      'There is no tenant nobody. Name another, or make it with symbolon tenant create',
    );
  });

  it('keeps names as people type them at every door, in the form that is looked up', async () => {
    const names = [
      '--login-name',
      ' \uff29da ',
      '--email',
      'ida@example\u3002com.',
      '--phone',
      '\uff0b81 (0)90 1111 2222',
    ];
    const made = await workspace.json(['user', 'create', '--tenant', 'acme', ...names, '--email-verified']);
    expect(made).toMatchObject({ login_name: 'Ida', email: 'ida@example.com', phone: '+819011112222' });
    using app = callerOf('acme');
    for (const name of ['ida', 'Ida@EXAMPLE.com', 'ida@example\uff61com']) {
      expect((await app.logIn(name, String(made.password))).subjectId).toBe(made.user_id);
    }
    expect(await workspace.json(['user', 'disable', 'IDA@example\u3002com', '--tenant', 'acme'])).toMatchObject({
      user_id: made.user_id,
    });
  });

  it('takes the password of any keyboard, and the other spelling of it logs in', async () => {
    const args = ['user', 'create', '--tenant', 'acme', '--login-name', 'remy', '--password-stdin'];
    const made = await workspace.json(args, { input: 'pe\u0301pe\u0301' });
    using app = callerOf('acme');
    expect((await app.logIn('remy', 'p\u00e9p\u00e9')).subjectId).toBe(made.user_id);
  });

  it.each([
    ['abc', 'password must be at least 4 characters'],
    ['e\u0301e\u0301', 'password must be at least 4 characters'],
    ['x'.repeat(1_025), 'password must be at most 1024 bytes'],
    ['two\nlines', 'password must not have control characters, such as line breaks'],
    [Buffer.from('p\u00e4ssword', 'latin1'), 'standard input is not valid UTF-8. Write it in UTF-8'],
  ])('refuses the password %j', async (input, message) => {
    const args = ['user', 'create', '--tenant', 'acme', '--login-name', 'dan', '--password-stdin'];
    expect(await workspace.refusal(args, { input })).toBe(message);
  });
});

describe('device create', () => {
  it('prints a password that was made up and works by either id', async () => {
    const made = fieldsOf(await workspace.text(['device', 'create', '--tenant', 'acme', '--vendor-id', 'Sensor.1']));
    const { device_id: id = '', password = '' } = made;
    expect(made).toEqual({ tenant_id: 'acme', device_id: id, vendor_id: 'Sensor.1', password });
    expect(id).toMatch(/^th\./);
    const body = { username: 'VENDOR_THING_ID:Sensor.1', password };
    expect(await postToken(server.httpAddress, 'acme', body)).toMatchObject({ status: 200, json: { id } });
    using app = callerOf('acme');
    const device = { $case: 'deviceId', value: id } as const;
    const tokens = await app.issue({ credential: { $case: 'devicePassword', value: { device, password } } });
    expect(tokens).toMatchObject({ kind: TokenKind.DEVICE, subjectId: id });
  });

  it('takes a password from standard input', async () => {
    const args = ['device', 'create', '--tenant', 'acme', '--vendor-id', 'Sensor.2', '--password-stdin'];
    expect(await workspace.json(args, { input: '1' })).toMatchObject({ password: null });
    const body = { username: 'VENDOR_THING_ID:Sensor.2', password: '1' };
    expect((await postToken(server.httpAddress, 'acme', body)).status).toBe(200);
  });

  it.each([
    [['--vendor-id', 'Sensor.1'], 'The vendor id Sensor.1 is taken'],
    [['--vendor-id', 'a/b'], `vendor_id must be 1 to 200 of ${LETTERS}`],
    [[], "required option '--vendor-id <id>' not specified"],
  ])('refuses %j', async (args, message) => {
    expect(await workspace.refusal(['device', 'create', '--tenant', 'acme', ...args])).toContain(message);
  });
});
