/** A login tells which program made it, whichever door a password came by; and the app that a browser let in tells the browser. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { CHALLENGE, VERIFIER } from '../http/pages/bed.ts';
import { Browser } from '../http/pages/browser.ts';
import { basic, TokenClient } from './grpc-client.ts';
import { runProgram } from './program.ts';
import { dataDirectory, ServerProcess } from './server-process.ts';

const FIREFOX = 'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0';

const directory = dataDirectory();
let server: ServerProcess;

beforeAll(async () => {
  server = await ServerProcess.startDemo({ dataDir: directory.path });
  const registration = ['--public', '--first-party', '--grant', 'password', '--scope', 'read'];
  await run(['client', 'create', '--tenant', 'demo', '--id', 'own-app', ...registration]);
});
afterAll(async () => {
  await server[Symbol.asyncDispose]();
  directory[Symbol.dispose]();
});

async function run(args: readonly string[]): Promise<string> {
  const { stdout, stderr, code } = await runProgram([...args, '--data-dir', directory.path]);
  expect(code, stderr).toBe(0);
  return stdout;
}

async function agents(): Promise<string[]> {
  const args = ['token', 'list', '--tenant', 'demo', '--user', server.demo.user.login_name, '--json'];
  return (await run(args))
    .trimEnd()
    .split('\n')
    .map((line) => (JSON.parse(line) as { place_agent: string | null }).place_agent ?? '');
}

const post = async (path: string, agent: string, body: string, headers: Record<string, string>) => {
  const response = await fetch(`http://${server.demo.http}${path}`, {
    method: 'POST',
    headers: { 'User-Agent': agent, ...headers },
    body,
  });
  expect(response.status, await response.text()).toBe(200);
};

const FORM = { 'Content-Type': 'application/x-www-form-urlencoded' };
const JSON_TYPE = { 'Content-Type': 'application/json' };

it('tells the program at every door that takes a password', async () => {
  const { login_name: username, password } = server.demo.user;
  const fields = (more: Record<string, string>) =>
    new URLSearchParams({ grant_type: 'password', username, password, ...more }).toString();
  const own = { Authorization: basic('demo', '') };

  await post('/api/oauth2/token', 'kii-app/1', JSON.stringify({ username, password }), {
    ...JSON_TYPE,
    Authorization: basic('demo', 'any'),
  });
  await post('/oauth2/token', 'oauth2-app/1', fields({ client_id: 'own-app' }), FORM);
  await post(
    '/symbolon.v1.TokenService/Issue',
    'connect-app/1',
    JSON.stringify({ userPassword: { username, password } }),
    { ...JSON_TYPE, ...own },
  );
  using client = new TokenClient(server.demo.grpc, basic('demo', ''));
  await client.logIn(username, password);
  const told = (await agents()).sort();
  expect(told).toEqual(['connect-app/1', expect.stringMatching(/^grpc-node-js\//), 'kii-app/1', 'oauth2-app/1']);
});

it('tells the browser of who let an app in, and not the app’s server', async () => {
  const { http, user, public: app } = server.demo;
  const before = await agents();
  const browser = new Browser(http);
  browser.headers = { 'user-agent': FIREFOX };
  const asked = new URLSearchParams({
    client_id: app.client_id,
    redirect_uri: app.redirect_uri,
    response_type: 'code',
    code_challenge: CHALLENGE,
    code_challenge_method: 'S256',
  });
  const { login_name: username, password } = user;
  const signedIn = await browser.submit(await browser.get(`/oauth2/authorize?${asked}`), { username, password });
  const { location } = await browser.submit(await browser.get(signedIn.location ?? ''), { decision: 'allow' });
  const code = new URL(location ?? '').searchParams.get('code') ?? '';
  const fields = { grant_type: 'authorization_code', code, code_verifier: VERIFIER };
  const own = { client_id: app.client_id, redirect_uri: app.redirect_uri };
  await post('/oauth2/token', 'its-server/1', new URLSearchParams({ ...fields, ...own }).toString(), FORM);
  // The browser's own login, and the app's.
  expect((await agents()).slice(before.length)).toEqual(['Firefox, Linux', 'Firefox, Linux']);
});
