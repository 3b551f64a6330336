/**
 * The lines of `serve --demo`, pasted into one shell, in order: each has to answer what is said above it. Its link opens a page where the user
 * signs in with what is printed below it.
 */
import { spawnSync } from 'node:child_process';
import { expect, it } from 'vitest';
import type { DemoRecord } from '../../src/server/demo.ts';
import { linesToPaste, type Surfaces } from '../../src/server/demo-lines.ts';
import { Browser } from '../http/pages/browser.ts';
import { runShell } from './program.ts';
import { dataDirectory, ServerProcess } from './server-process.ts';
import { HAS_OPENSSL, makeCertificate } from './tls-files.ts';

const HAS_CURL = spawnSync('curl', ['--version'], { stdio: 'ignore' }).status === 0;
const END_OF_ANSWER = '-- end of answer --';

/** What each line answered. A shell that meets what it can't read does not go on. */
async function paste(server: ServerProcess): Promise<string[]> {
  const [, toPaste = ''] = server.running.stdout.split(/^Paste these lines/m);
  const lines = toPaste.split('\n').filter((line) => /^ {2}\S+[ =]/.test(line));
  const { stdout, stderr } = await runShell(lines.map((line) => `${line}\necho; echo '${END_OF_ANSWER}'`).join('\n'));
  expect(stderr).toBe('');
  return stdout
    .split(`${END_OF_ANSWER}\n`)
    .map((answer) => answer.trim())
    .filter((answer) => answer !== '');
}

async function expectWholeLife(server: ServerProcess): Promise<void> {
  const [token, issued = '', before = '', revoked = '', after = '', ...more] = await paste(server);
  expect(more).toEqual([]);
  const { user, service } = server.demo;
  expect(token).toMatch(/^syu_\w{80}$/);
  expect(JSON.parse(issued)).toMatchObject({
    tokens: { kind: 'TOKEN_KIND_APPLICATION', subjectId: service.client_id },
  });
  expect(JSON.parse(before)).toMatchObject({ active: true, kind: 'TOKEN_KIND_USER', subjectId: user.id });
  expect(JSON.parse(revoked)).toMatchObject({ revoked: true, revision: '1' });
  expect(JSON.parse(after)).toMatchObject({ active: false, subjectId: '' });
}

const HAS_ALL = HAS_CURL && HAS_OPENSSL;
const title = (text: string) => (HAS_ALL ? text : `${text} (skipped: there is no curl or no openssl here)`);

it.skipIf(!HAS_ALL)(title('in the clear'), async () => {
  using directory = dataDirectory();
  await using server = await ServerProcess.startDemo({ dataDir: directory.path });
  await expectWholeLife(server);
});

it.skipIf(!HAS_ALL)(title('with TLS, and without reflection'), async () => {
  using directory = dataDirectory();
  const { certificate, key } = makeCertificate(directory.root, 'server');
  const args = ['--tls-cert', certificate, '--tls-key', key, '--reflection', 'off'];
  await using server = await ServerProcess.startDemo({ dataDir: directory.path, args });
  await expectWholeLife(server);
});

/** What is printed to sign in with. */
function signInOf(text: string): { url: string; username: string; password: string } {
  const form = /^Open this in a browser, and sign in:\n {2}(\S+)\n {2}user name: (\S+)\n {2}password: (\S+)\n$/m;
  const [, url = '', username = '', password = ''] = form.exec(text) ?? [];
  return { url, username, password };
}

it.each([
  ['the root', [], ''],
  ['below /t, where another tenant has the root', ['--default-tenant', 'other'], '/t/demo'],
])('a link at %s opens a page where the user signs in', async (_, args, base) => {
  using directory = dataDirectory();
  await using server = await ServerProcess.startDemo({ dataDir: directory.path, args });
  const { url, username, password } = signInOf(server.running.stdout);
  const path = `${base}/account`;
  expect(url).toBe(`http://${server.httpAddress}${path}`);
  const browser = new Browser(server.httpAddress);
  const page = await browser.get(path);
  expect(page).toMatchObject({ status: 200, text: expect.stringContaining('<h1>Sign in') });
  const signedIn = await browser.submit(page, { username, password });
  expect(signedIn).toMatchObject({ status: 303, location: path });
  expect(await browser.get(path)).toMatchObject({ status: 200, text: expect.stringContaining(username) });
});

const LOCAL: Surfaces = {
  tls: false,
  reflection: true,
  issuers: { publicUrl: undefined, defaultTenant: 'demo' },
};

it.each<[http: string, surfaces: Partial<Surfaces>, url: string]>([
  ['127.0.0.1:8080', {}, 'http://127.0.0.1:8080/account'],
  ['127.0.0.1:8080', { tls: true }, 'https://127.0.0.1:8080/account'],
  ['0.0.0.0:8080', { tls: true }, 'https://127.0.0.1:8080/account'],
  ['[::]:8080', {}, 'http://[::1]:8080/account'],
  ['192.0.2.7:80', {}, 'http://192.0.2.7:80/account'],
  ['10.0.0.0:80', {}, 'http://10.0.0.0:80/account'],
  [
    '0.0.0.0:8080',
    { issuers: { publicUrl: 'https://login.example.com', defaultTenant: 'other' } },
    'https://login.example.com/t/demo/account',
  ],
])('what listens at %s with %j has its pages at %s', (http, surfaces, url) => {
  const user = { login_name: 'demo-user', password: 'a' };
  const record = { grpc: '', http, tenant_id: 'demo', user, service: {} } as DemoRecord;
  expect(signInOf(linesToPaste(record, 'demo.json', { ...LOCAL, ...surfaces })).url).toBe(url);
});
