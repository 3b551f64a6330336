/** The lines of `serve --demo`, pasted into one shell, in order: each has to answer what is said above it. */
import { spawnSync } from 'node:child_process';
import { expect, it } from 'vitest';
import { runShell } from './program.ts';
import { dataDirectory, ServerProcess } from './server-process.ts';
import { HAS_OPENSSL, makeCertificate } from './tls-files.ts';

const HAS_CURL = spawnSync('curl', ['--version'], { stdio: 'ignore' }).status === 0;
const END_OF_ANSWER = '-- end of answer --';

/** What each line answered. A shell that meets what it can't read does not go on. */
async function paste(server: ServerProcess): Promise<string[]> {
  const lines = server.running.stdout.split('\n').filter((line) => /^ {2}\S+[ =]/.test(line));
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
