/** What operators change of what there is: each takes effect on a server that runs, and ends the tokens that it must. */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { IssuedTokens } from '../../gen/ts/symbolon/v1/token_service.ts';
import { basic, failureOf, TokenClient } from '../process/grpc-client.ts';
import { ServerProcess } from '../process/server-process.ts';
import { DirectoryClient } from './directory.ts';
import { fieldsOf, Workspace } from './workspace.ts';

let workspace: Workspace;
let server: ServerProcess;
let client: TokenClient;
let secret: string;
let count = 0;

beforeAll(async () => {
  workspace = new Workspace();
  await workspace.text(['init']);
  await workspace.text(['tenant', 'create', 'acme', '--refresh', 'on']);
  server = await ServerProcess.start({ dataDir: workspace.path });
});
beforeEach(async () => {
  count += 1;
  const made = await workspace.json([
    'client',
    'create',
    '--tenant',
    'acme',
    '--id',
    `app-${count}`,
    '--role',
    'admin',
  ]);
  secret = String(made.client_secret);
  client = new TokenClient(server.grpcAddress, basic(`app-${count}`, secret));
  return () => client[Symbol.dispose]();
});
afterAll(async () => {
  await server.kill();
  workspace[Symbol.dispose]();
});

async function makeUser(name: string): Promise<{ password: string; tokens: IssuedTokens }> {
  const made = await workspace.json(['user', 'create', '--tenant', 'acme', '--login-name', name]);
  const password = String(made.password);
  return { password, tokens: await client.logIn(name, password) };
}

describe('a user', () => {
  it('gets another password, and its tokens end', async () => {
    const { password, tokens } = await makeUser('pat');
    const made = await workspace.json(['user', 'set-password', 'pat', '--tenant', 'acme']);
    expect(await client.isActive(tokens.accessToken)).toBe(false);
    expect((await failureOf(client.refresh(tokens.refreshToken))).reason).toBe('INVALID_REFRESH_TOKEN');
    expect((await failureOf(client.logIn('pat', password))).reason).toBe('INVALID_CREDENTIALS');
    expect(await client.isActive((await client.logIn('pat', String(made.password))).accessToken)).toBe(true);

    const input = { input: 'from input\n' };
    const told = await workspace.json(['user', 'set-password', 'PAT', '--tenant', 'acme', '--password-stdin'], input);
    expect(told.password).toBeNull();
    await client.logIn('pat', 'from input');
  });

  it('is disabled, enabled, revoked and deleted', async () => {
    const { password, tokens } = await makeUser('kim');
    const { user_id: id } = await workspace.json(['user', 'disable', 'kim', '--tenant', 'acme']);
    expect(await client.isActive(tokens.accessToken)).toBe(false);
    expect((await failureOf(client.logIn('kim', password))).reason).toBe('INVALID_CREDENTIALS');

    await workspace.text(['user', 'enable', String(id), '--tenant', 'acme']);
    expect(await client.isActive(tokens.accessToken)).toBe(false);
    const second = await client.logIn('kim', password);
    await workspace.text(['user', 'revoke', 'kim', '--tenant', 'acme']);
    expect(await client.isActive(second.accessToken)).toBe(false);

    const third = await client.logIn('kim', password);
    await workspace.text(['user', 'delete', 'kim', '--tenant', 'acme']);
    expect(await client.isActive(third.accessToken)).toBe(false);
    expect(await workspace.refusal(['user', 'enable', 'kim', '--tenant', 'acme'])).toBe(
      'there is no user kim in the tenant acme. Name its id, login name, or verified e-mail or phone number',
    );
  });

  it('is unlocked, and the audit log says so', async () => {
    const { password } = await makeUser('lou');
    await workspace.text(['tenant', 'update', 'acme', '--login-attempts', '1']);
    await failureOf(client.logIn('lou', 'wrong'));
    expect((await failureOf(client.logIn('lou', password))).reason).toBe('LOGIN_LOCKED');
    const { locked_until: end } = await workspace.json(['user', 'get', 'lou', '--tenant', 'acme']);
    expect(Date.parse(String(end))).toBeGreaterThan(Date.now());
    const { had_failures } = await workspace.json(['user', 'unlock', 'lou', '--tenant', 'acme']);
    await client.logIn('lou', password);
    await workspace.text(['tenant', 'update', 'acme', '--login-attempts', '100']);
    expect(had_failures).toBe(true);
    expect(await workspace.json(['user', 'get', 'lou', '--tenant', 'acme'])).not.toHaveProperty('locked_until');
    expect(await workspace.text(['audit', 'list', '--tenant', 'acme'])).toContain('unlock');
  });
});

describe('a device', () => {
  it('is named by its vendor id', async () => {
    const args = ['--tenant', 'acme', '--vendor-id', 'lamp'];
    await workspace.json(['device', 'create', ...args]);
    const made = await workspace.json(['device', 'set-password', 'lamp', '--tenant', 'acme']);
    const value = { device: { $case: 'vendorId', value: 'lamp' }, password: String(made.password) } as const;
    const tokens = await client.issue({ credential: { $case: 'devicePassword', value } });
    const other = ['--tenant', 'acme', '--vendor-id', 'lantern'];
    expect(await workspace.json(['device', 'update', 'lamp', ...other])).toMatchObject({ vendor_id: 'lantern' });
    expect(await client.isActive(tokens.accessToken)).toBe(true);
    await workspace.json(['device', 'create', ...args]);
    expect(await workspace.refusal(['device', 'update', 'lamp', ...other])).toBe('The vendor id lantern is taken');
    await workspace.text(['device', 'disable', 'lantern', '--tenant', 'acme']);
    expect(await client.isActive(tokens.accessToken)).toBe(false);
  });
});

describe('a client', () => {
  it('has its secret replaced without an outage, and reset at once', async () => {
    const id = `app-${count}`;
    const own = { client_id: id, client_secret: secret };
    const { accessToken } = await client.issueToClient(own);
    const added = await workspace.json(['client', 'add-secret', id, '--tenant', 'acme', '--expire-others-in', '1h']);
    using renewed = new TokenClient(server.grpcAddress, basic(id, String(added.client_secret)));
    expect(await client.isActive(accessToken)).toBe(true);
    expect(await renewed.isActive(accessToken)).toBe(true);

    const reset = await workspace.json(['client', 'add-secret', id, '--tenant', 'acme', '--reset']);
    using last = new TokenClient(server.grpcAddress, basic(id, String(reset.client_secret)));
    expect(await last.isActive(accessToken)).toBe(false);
    for (const old of [client, renewed]) {
      expect((await failureOf(old.isActive(accessToken))).status).toBe('UNAUTHENTICATED');
    }
    const both = ['client', 'add-secret', id, '--tenant', 'acme', '--reset', '--expire-others-in', '1h'];
    expect(await workspace.refusal(both)).toContain('Leave one out');
    expect(await workspace.refusal(['client', 'add-secret', 'acme', '--tenant', 'acme'])).toBe(
      'A public client can’t have a secret',
    );
  });
});

describe('a tenant', () => {
  it('is made with the logo and the colour of its pages, and loses them', async () => {
    const brand = { logo_uri: 'https://cdn.example.com/logo.png', accent_color: '#0a7cff' };
    const flags = ['--logo', brand.logo_uri, '--accent-color', brand.accent_color];
    expect(await workspace.json(['tenant', 'create', 'branded', ...flags])).toMatchObject(brand);
    expect(await workspace.json(['tenant', 'get', 'branded'])).toMatchObject(brand);
    expect(await workspace.json(['tenant', 'update', 'branded', '--logo', ''])).toMatchObject({
      ...brand,
      logo_uri: null,
    });
    expect(await workspace.refusal(['tenant', 'update', 'branded', '--accent-color', 'red'])).toBe(
      'accent_color must be # and six hexadecimal digits, such as #0a7cff',
    );
  });

  it('has its policy changed from the next login on', async () => {
    const printed = await workspace.text(['tenant', 'update', 'acme', '--default-token-lifetime', '90s']);
    expect(fieldsOf(printed)).toMatchObject({ refresh: 'true', default_token_lifetime_seconds: '90' });
    const { tokens } = await makeUser('lee');
    expect((tokens.expireTime?.seconds ?? 0) - (tokens.issueTime?.seconds ?? 0)).toBe(90);
    expect(await workspace.refusal(['tenant', 'update', 'acme'])).toContain('no change is given');
    expect(await workspace.refusal(['tenant', 'update', 'acme', '--longest-token-lifetime', '89s'])).toBe(
      'default_token_lifetime must not be longer than longest_token_lifetime',
    );
    expect(await workspace.refusal(['tenant', 'update', 'nobody', '--refresh', 'off'])).toBe(
      'There is no tenant nobody',
    );
  });

  it('is opened to and closed to people who register themselves, and keeps the rest of its policy', async () => {
    await workspace.text(['tenant', 'create', 'town', '--self-registration', 'on', '--reset-code-lifetime', '5m']);
    using stranger = new DirectoryClient(server.grpcAddress, basic('town', ''));
    const user = (loginName: string) => ({ loginName, password: 'password' });
    expect(await stranger.registerUser(user('first'))).toMatchObject({ loginName: 'first' });
    const set = (...args: string[]) => workspace.json(['tenant', 'update', 'town', ...args]);
    expect(await set('--self-registration', 'off')).toMatchObject({
      self_registration: false,
      email_verification: true,
      phone_verification: true,
      expose_full_users: false,
      verification_code_lifetime_seconds: 3_600,
      reset_code_lifetime_seconds: 300,
      registrations_per_address: 300,
      codes_per_address: 100,
    });
    expect((await failureOf(stranger.registerUser(user('second')))).reason).toBe('PERMISSION_DENIED');
    const on = ['--expose-full-users', 'on', '--verification-code-lifetime', '2h', '--self-registration', 'on'];
    expect(await set(...on, '--email-verification', 'off', '--phone-verification', 'off')).toMatchObject({
      self_registration: true,
      email_verification: false,
      phone_verification: false,
      expose_full_users: true,
      verification_code_lifetime_seconds: 7_200,
      reset_code_lifetime_seconds: 300,
      registrations_per_address: 300,
      codes_per_address: 100,
    });
    expect(await stranger.registerUser(user('second'))).toMatchObject({ loginName: 'second' });
    for (const [flag, value, fix] of [
      ['--phone-verification', 'perhaps', 'It must be on or off.'],
      ['--verification-code-lifetime', '2d', 'It must be from 1s to 1d.'],
      ['--reset-code-lifetime', '0s', 'It must be from 1s to 1d.'],
    ] as const) {
      const line = await workspace.refusal(['tenant', 'update', 'town', flag, value]);
      expect(line).toMatch(new RegExp(`^option '${flag} .*' argument '${value}' is invalid\\. ${fix}$`));
    }
  });

  it('is disabled with all that is in it, and enabled', async () => {
    await workspace.text(['tenant', 'create', 'shut']);
    const made = await workspace.json(['client', 'create', '--tenant', 'shut', '--role', 'admin']);
    const own = { client_id: String(made.client_id), client_secret: String(made.client_secret) };
    using theirs = new TokenClient(server.grpcAddress, basic(own.client_id, own.client_secret));
    const { accessToken } = await theirs.issueToClient(own);
    await workspace.text(['tenant', 'disable', 'shut']);
    expect((await failureOf(theirs.isActive(accessToken))).status).toBe('UNAUTHENTICATED');
    await workspace.text(['tenant', 'enable', 'shut']);
    expect(await theirs.isActive(accessToken)).toBe(false);
  });
});
