/** A Login of Node and a real server. All that logins do in common is in test/sdk/login-scenarios.json; this is what only TypeScript has. */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { afterAll, beforeAll, expect, it } from 'vitest';
import {
  FileStore,
  Login,
  type LoginEvent,
  type NodeLoginOptions,
  SymbolonError,
} from '../../../../sdk/typescript/client/src/index.ts';
import { environment, ROOT, Running } from '../../../process/program.ts';
import { dataDirectory, ServerProcess } from '../../../process/server-process.ts';
import { Driver } from '../../driver.ts';
import { filled, LANGUAGES } from '../../languages.ts';
import { failureOf } from '../client/failure.ts';

const HOUR_MS = 3_600_000;
const data = dataDirectory();
let server: ServerProcess;
beforeAll(async () => {
  server = await ServerProcess.startDemo({ dataDir: data.path });
});
afterAll(async () => {
  await server.kill();
  data[Symbol.dispose]();
});

function open(options: Partial<NodeLoginOptions> = {}): Login {
  return new Login({ address: server.demo.grpc, clientId: server.demo.tenant_id, ...options });
}

it('refuses options that it can’t be made with', () => {
  expect(() => open({ colour: 'red' } as never)).toThrow(
    /colour is not an option. The options are address, .* onEvent$/,
  );
  expect(() => open({ store: 'login.json' } as never)).toThrow('store must have load, save, clear, as a FileStore has');
  expect(() => open({ scopes: 'read' } as never)).toThrow('scopes must be a list of texts');
  expect(() => open({ onEvent: 1 } as never)).toThrow('onEvent must be a function');
  expect(() => open({ address: 'localhost' })).toThrow('its port is missing');
});

it('sends its token over http elsewhere than on this machine only where it is made with plaintext', () => {
  using login = open();
  using plain = open({ plaintext: true });
  expect(() => login.fetchFor('http://api.example.com')).toThrow('http://api.example.com must be https');
  expect(() => plain.fetchFor('http://api.example.com')).not.toThrow();
});

it('tells which sign-in its client can’t do', async () => {
  const { service } = server.demo;
  using page = open();
  using confidential = open({ clientId: service.client_id, clientSecret: service.client_secret });
  expect(await failureOf(page.signInClient())).toMatchObject({
    ...{ code: 'FAILED_PRECONDITION', message: 'clientSecret is not given: a public client signs in anonymously' },
  });
  expect(await failureOf(confidential.signInAnonymously())).toMatchObject({ code: 'FAILED_PRECONDITION' });
  await page.signInAnonymously();
  await confidential.signInClient();
  expect([page.currentUser?.kind, confidential.currentUser?.kind]).toEqual(['anonymous', 'application']);
});

it('shows no secret, in a login, its parts, its errors and the names of its files', async () => {
  const { user } = server.demo;
  const events: LoginEvent[] = [];
  const path = join(data.root, 'shown.json');
  using login = open({ store: new FileStore(path), onEvent: (event) => events.push(event) });
  await login.signInUser(user.login_name, user.password);
  const record = JSON.parse(login.exportTokens() ?? '');
  const wrong = await failureOf(login.signInUser(user.login_name, 'a-wrong-password'));
  const dead = await failureOf(login.resumeWithToken('syu_made-up'));
  expect([wrong, dead].every((each) => each instanceof SymbolonError)).toBe(true);
  const secrets = [record.access_token, record.refresh_token, user.password, 'a-wrong-password', 'syu_made-up'];
  for (const each of [login, login.account, login.currentUser, events, wrong, dead, readdirSync(data.root)]) {
    const shown = `${inspect(each, { depth: 9, showHidden: true })} ${String(each)} ${JSON.stringify(each)}`;
    for (const secret of secrets) {
      expect(shown).not.toContain(secret);
    }
  }
});

it('lets its process end, also while the server is yet to be told of a sign-out', async () => {
  using own = dataDirectory();
  await using away = await ServerProcess.startDemo({ dataDir: own.path });
  const { grpc: address, tenant_id: clientId, user } = away.demo;
  const code = `
    import { Login } from '${ROOT}sdk/typescript/client/src/index.ts';
    const login = new Login(${JSON.stringify({ address, clientId, timeoutMs: 2_000 })});
    await login.signInUser('${user.login_name}', '${user.password}');
    process.kill(${away.pid}, 'SIGKILL');
    console.log(await login.signOut(), login.signedIn);`;
  const running = new Running(process.execPath, ['--input-type=module', '-e', code], environment());
  expect(await running.ended).toEqual({ code: 0, signal: null });
  expect(running.stdout).toBe('false false\n');
});

it('writes what a refresh brings that was under way when it was closed, and lets its process end then', async () => {
  const { grpc: address, tenant_id: clientId, user } = server.demo;
  using login = open();
  await login.signInUser(user.login_name, user.password);
  const record = { ...JSON.parse(login.exportTokens() ?? ''), obtained_ms: 0, lifetime_ms: 1 };
  const code = `
    import { Login } from '${ROOT}sdk/typescript/client/src/index.ts';
    let loads = 0;
    const store = {
      load: async () => {
        if (++loads === 2) setImmediate(() => login.close());
        return ${JSON.stringify(JSON.stringify(record))};
      },
      save: async (text) => console.log(JSON.parse(text).token_id),
      clear: async () => console.log('cleared'),
    };
    const login = new Login({ ...${JSON.stringify({ address, clientId })}, store });
    await login.resumeStored();
    console.log(await login.token().catch(({ message }) => message));`;
  const running = new Running(process.execPath, ['--input-type=module', '-e', code], environment());
  expect(await running.ended).toEqual({ code: 0, signal: null });
  const [told, saved] = running.stdout.split('\n');
  expect([told, saved]).toEqual(['the login is closed: make a new one', expect.stringMatching(/^ta_/)]);
  expect(saved).not.toBe(record.token_id);
});

it('is one refresh of two processes on one file, whatever their clocks say', async () => {
  const { start } = LANGUAGES.typescript ?? { start: [] };
  await using one = new Driver(filled(start, ''));
  await using other = new Driver(filled(start, ''));
  const { grpc, tenant_id, user } = server.demo;
  const store = join(data.root, 'shared.json');
  for (const each of [one, other]) {
    await each.ask('login_open', { address: grpc, client_id: tenant_id, store });
  }
  await one.ask('sign_in', { as: 'user', username: user.login_name, password: user.password });
  expect(await other.ask('resume_stored')).toMatchObject({ signed_in: true });
  await one.ask('shift_clock', { wall_ms: 2 * HOUR_MS, monotonic_ms: HOUR_MS });
  await other.ask('shift_clock', { wall_ms: 2 * HOUR_MS, monotonic_ms: HOUR_MS });
  const answers = await Promise.all([one, other].map((each) => each.ask('token', { times: 50 })));
  const tokens = answers.flatMap((answer) => answer.tokens as string[]);
  expect([answers.map(({ errors }) => errors), new Set(tokens).size]).toEqual([[0, 0], 1]);
  using login = open();
  await login.resumeWithToken(tokens[0] ?? '');
  expect(login.currentUser?.subjectId).toBe(user.id);
});
