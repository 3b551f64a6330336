/** deploy/container/health.js, beside a real server. */
import { expect, it } from 'vitest';
import { runShell } from '../process/program.ts';
import { dataDirectory, ServerProcess } from '../process/server-process.ts';
import { HAS_OPENSSL, makeCertificate } from '../process/tls-files.ts';

async function probe(env: string, ...args: string[]): Promise<string> {
  const { code, stderr } = await runShell(`${env} node deploy/container/health.js ${args.join(' ')}`);
  return `${code} ${stderr}`.trim();
}

it('ends with 0 while the server serves, and with 1 when there is none', async () => {
  using directory = dataDirectory();
  await using server = await ServerProcess.start({ dataDir: directory.path, args: ['--drain-delay', '30s'] });
  const env = `SYMBOLON_HTTP_ADDRESS=0.0.0.0:${server.httpAddress.split(':').at(-1)}`;
  expect(await probe(env)).toBe('0');
  expect(await probe(env, '--alive')).toBe('0');
  // Draining: it says so, and lives.
  server.running.child.kill('SIGTERM');
  await expect.poll(() => probe(env), { timeout: 30_000 }).toBe('1 unhealthy: /health answers 503');
  expect(await probe(env, '--alive')).toBe('0');
  await server.kill();
  expect(await probe(env)).toMatch(/^1 unhealthy: .*ECONNREFUSED/);
  expect(await probe(env, '--alive')).toMatch(/^1 unhealthy: /);
});

const title = 'asks by TLS where the server speaks it, whatever its name';
it.skipIf(!HAS_OPENSSL)(HAS_OPENSSL ? title : `${title} (skipped: there is no openssl here)`, async () => {
  using directory = dataDirectory();
  const { certificate, key } = makeCertificate(directory.root, 'server');
  const args = ['--tls-cert', certificate, '--tls-key', key];
  await using server = await ServerProcess.start({ dataDir: directory.path, args });
  const env = `SYMBOLON_HTTP_ADDRESS=${server.httpAddress}`;
  expect(await probe(`${env} SYMBOLON_TLS_CERT=${certificate}`)).toBe('0');
  expect(await probe(env)).toMatch(/^1 unhealthy: /);
});
