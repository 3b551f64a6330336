/**
 * Runs a program beside a new server: `with-demo.ts PROGRAM ARGUMENT…`. The program's environment has SYMBOLON_ADDRESS, CLIENT_ID and
 * CLIENT_SECRET of a client that may introspect; it ends as the program did.
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
  const { grpc, service } = JSON.parse(readFileSync(join(dataDir, 'demo.json'), 'utf8'));
  const of = { SYMBOLON_ADDRESS: grpc, CLIENT_ID: service.client_id, CLIENT_SECRET: service.client_secret };
  const child = spawn(program, args, { stdio: 'inherit', env: { ...process.env, ...of } });
  const [code] = await once(child, 'exit');
  process.exitCode = code ?? 1;
} finally {
  server.kill();
  await ended;
  rmSync(directory, { recursive: true, force: true });
}
