/** Starts the app and the service that it calls, beside a server. An app of your own needs nothing of this. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { install } from '../typescript/install.ts';
import { setting } from './settings.ts';

const { grpc, http, tenant_id, service, web, user } = JSON.parse(readFileSync(setting('SYMBOLON_DEMO'), 'utf8'));
const running: ChildProcess[] = [];

interface ClientOfDemo {
  readonly client_id: string;
  readonly client_secret: string;
}

/** Runs a program until it says that it is ready; answers where. */
async function start(file: string, { client_id, client_secret }: ClientOfDemo, env = {}): Promise<string> {
  const of = { SYMBOLON_ADDRESS: grpc, CLIENT_ID: client_id, CLIENT_SECRET: client_secret, ...env };
  const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', join(import.meta.dirname, file)], {
    env: { ...process.env, ...of },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  running.push(child);
  for await (const line of createInterface({ input: child.stdout })) {
    const [, url] = /^ready (\S+)$/.exec(line) ?? [];
    if (url !== undefined) {
      child.stdout.resume();
      return url;
    }
  }
  throw new Error(`${file} ended before it was ready`);
}

function stop(): void {
  for (const child of running) {
    child.kill();
  }
}

process.on('SIGINT', stop);
process.on('SIGTERM', stop);
try {
  install(import.meta.dirname, ['client', 'server']);
  const orders = await start('orders.ts', service);
  const app = await start('web.ts', web, { ORDERS_URL: orders, ISSUER: `http://${http}/t/${tenant_id}` });
  process.stdout.write(`ready ${app}, sign in as ${user.login_name} with ${user.password}\n`);
  await Promise.race(running.map((child) => once(child, 'exit')));
} catch (error) {
  process.stderr.write(`${(error as Error).message}\n`);
  process.exitCode = 1;
} finally {
  stop();
}
