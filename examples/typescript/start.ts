/** Starts all that the example is made of, and ends it. A service of your own needs nothing of this. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { install } from './install.ts';

const ROOT = join(import.meta.dirname, '..', '..');
const directory = mkdtempSync(join(tmpdir(), 'symbolon-example-'));
const running: ChildProcess[] = [];

/** Runs a program until a line of it says that it is ready; answers the line. */
async function start(args: readonly string[], ready: RegExp, env: NodeJS.ProcessEnv = {}): Promise<RegExpExecArray> {
  const child = spawn(process.execPath, args, {
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  running.push(child);
  for await (const line of createInterface({ input: child.stdout })) {
    const match = ready.exec(line);
    if (match !== null) {
      child.stdout.resume();
      return match;
    }
  }
  throw new Error(`${args[0]} ended before it was ready`);
}

async function runExample(): Promise<number> {
  install(import.meta.dirname, ['client', 'server']);
  const dataDir = join(directory, 'data');
  const addresses = [
    '--grpc-address',
    '127.0.0.1:0',
    '--http-address',
    '127.0.0.1:0',
    '--metrics-address',
    'off',
    '--log-level',
    'warn',
  ];
  const serve = [join(ROOT, 'bin', 'symbolon.js'), 'serve', '--demo', '--data-dir', dataDir, ...addresses];
  await start(serve, /^symbolon ready/);
  const demo = JSON.parse(readFileSync(join(dataDir, 'demo.json'), 'utf8'));
  const inService = {
    SYMBOLON_ADDRESS: demo.grpc,
    CLIENT_ID: demo.service.client_id,
    CLIENT_SECRET: demo.service.client_secret,
  };
  const [orders, shop] = await Promise.all(
    ['orders.ts', 'shop.ts'].map((file) => start([join(import.meta.dirname, file)], /^ready (\S+)$/, inService)),
  );
  // Once the packages are there.
  const { Client } = await import('@symbolon/client');
  using admin = new Client({
    address: demo.grpc,
    clientId: demo.admin.client_id,
    clientSecret: demo.admin.client_secret,
  });
  const reader = await admin.clients.createClient({ clientId: 'demo.reader', confidential: true, scopes: ['read'] });
  const caller = spawn(process.execPath, [join(import.meta.dirname, 'caller.ts')], {
    env: {
      ...process.env,
      ...{ SYMBOLON_ADDRESS: demo.grpc, CLIENT_ID: 'demo.reader', CLIENT_SECRET: reader.clientSecret },
      ...{ ORDERS: orders?.[1], SHOP: shop?.[1] },
    },
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  running.push(caller);
  const [code] = await once(caller, 'exit');
  return code ?? 1;
}

try {
  process.exitCode = await runExample();
} finally {
  await Promise.all(
    running
      .filter(({ exitCode }) => exitCode === null)
      .map((child) => {
        child.kill();
        return once(child, 'exit');
      }),
  );
  rmSync(directory, { recursive: true, force: true });
}
