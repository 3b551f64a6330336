/**
 * Runs a program beside a new server: `with-demo.ts PROGRAM ARGUMENT…`. The program's environment has SYMBOLON_ADDRESS, CLIENT_ID and
 * CLIENT_SECRET of a client that may introspect, and SYMBOLON_DEMO: the path of demo.json. It ends as the program did.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

const SYMBOLON = join(import.meta.dirname, '..', 'bin', 'symbolon.js');
const OPTIONS = ['--grpc-address', '127.0.0.1:0', '--http-address', '127.0.0.1:0', '--metrics-address', 'off'];

const [program = '', ...args] = process.argv.slice(2);
const directory = mkdtempSync(join(tmpdir(), 'symbolon-example-'));
const dataDir = join(directory, 'data');
const serve = [SYMBOLON, 'serve', '--demo', '--data-dir', dataDir, '--log-level', 'warn', ...OPTIONS];
const server = spawn(process.execPath, serve, { stdio: ['ignore', 'pipe', 'inherit'] });
const ended = once(server, 'exit');
try {
  for await (const line of createInterface({ input: server.stdout })) {
    if (line.startsWith('symbolon ready')) {
      break;
    }
  }
  const demo = join(dataDir, 'demo.json');
  const { grpc, service } = JSON.parse(readFileSync(demo, 'utf8'));
  const caller = { CLIENT_ID: service.client_id, CLIENT_SECRET: service.client_secret };
  const of = { SYMBOLON_ADDRESS: grpc, SYMBOLON_DEMO: demo, ...caller };
  const child = spawn(program, args, { stdio: 'inherit', env: { ...process.env, ...of } });
  // Who ends this ends the program, and what is below is done.
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.on(signal, () => child.kill(signal));
  }
  const [code] = await once(child, 'exit');
  process.exitCode = code ?? 1;
} finally {
  server.kill();
  await ended;
  rmSync(directory, { recursive: true, force: true });
}
