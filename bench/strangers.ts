/** Claim: no stranger makes the server grow by more than 100 MiB, nor Introspect's p99 of others more than 3 times as long. */
import { spawn } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { credentials, Metadata } from '@grpc/grpc-js';
import { type IntrospectResponse, TokenServiceClient } from '../gen/ts/symbolon/v1/token_service.ts';
import { onCpu, rssMib, type Started, startSymbolon } from './processes.ts';
import { ATTACKS, type Target } from './strangers/attacks.ts';
import { basic, type ClientSecret, issueTokens } from './tokens.ts';

const SERVER_CPU = 0;
const OTHERS_CPU = 1;
const SECONDS = 12;
const CALLERS = 4;
const ATTACKER = fileURLToPath(new URL('strangers/attacker.ts', import.meta.url));

interface Seen {
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly failed: number;
  readonly maxRssMib: number;
}

/** `only`: a pattern of names. */
export async function benchStrangers(only = process.env.STRANGERS ?? ''): Promise<void> {
  console.log(`What strangers do for ${SECONDS} s, and what others see of it; a server on core 0 each time:`);
  for (const name of Object.keys(ATTACKS).filter((each) => new RegExp(only).test(each))) {
    await measure(name);
  }
  console.log('');
}

async function measure(name: string): Promise<void> {
  const { demo, ...server } = await startSymbolon(SERVER_CPU);
  const client = new TokenServiceClient(server.address, credentials.createInsecure());
  const [token = ''] = await issueTokens(client, demo.service, 1);
  // The first seconds are the compiler's.
  await watch(server, client, demo.service, token, 4);
  const before = await watch(server, client, demo.service, token, 4);
  const target: Target = { grpc: demo.grpc, http: demo.http, tenantId: demo.tenant_id };
  const [command, args] = onCpu(OTHERS_CPU, process.execPath, [ATTACKER, name, JSON.stringify(target)]);
  const stranger = spawn(command, args, { stdio: ['ignore', 'inherit', 'inherit'] });
  const during = await watch(server, client, demo.service, token, SECONDS);
  stranger.kill('SIGKILL');
  client.close();
  await server.stop();
  const grown = during.maxRssMib - before.maxRssMib;
  const failures = during.failed === 0 ? '' : `, ${during.failed} calls of others FAILED`;
  const times = (during.p99Ms / before.p99Ms).toFixed(1);
  console.log(
    `  ${name}: ${Math.round(grown)} MiB more; p50 ${before.p50Ms} -> ${during.p50Ms} ms, p99 ${before.p99Ms} -> ${during.p99Ms} ms, ${times} times${failures}`,
  );
}

async function watch(
  server: Started,
  client: TokenServiceClient,
  secret: ClientSecret,
  token: string,
  seconds: number,
): Promise<Seen> {
  const end = performance.now() + seconds * 1_000;
  const times: number[] = [];
  let failed = 0;
  let maxRssMib = 0;
  const metadata = new Metadata();
  metadata.set('authorization', basic(secret));
  const call = async () => {
    const start = performance.now();
    const isActive = await new Promise<boolean>((resolve) =>
      client.introspect(
        { token, atLeastRevision: 0, maxStaleness: undefined },
        metadata,
        (error, answer: IntrospectResponse) => resolve(error === null && answer.active),
      ),
    );
    times.push(performance.now() - start);
    failed += isActive ? 0 : 1;
  };
  const callers = Array.from({ length: CALLERS }, async () => {
    while (performance.now() < end) {
      await call();
      await sleep(2);
    }
  });
  const memory = (async () => {
    while (performance.now() < end) {
      maxRssMib = Math.max(maxRssMib, rssMib(server.pid));
      await sleep(50);
    }
  })();
  await Promise.all([...callers, memory]);
  times.sort((one, other) => one - other);
  const at = (part: number) => Number((times[Math.floor(times.length * part)] ?? 0).toFixed(2));
  return { p50Ms: at(0.5), p99Ms: at(0.99), failed, maxRssMib };
}
