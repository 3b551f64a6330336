/**
 * Claims: a password login costs what argon2 costs, at least 0.9 of the raw rate of hashes in the same run; and while logins flood in,
 * Introspect's p99 stays within 3 times what it is without them.
 */
import { Agent, request } from 'node:http';
import { availableParallelism } from 'node:os';
import { credentials } from '@grpc/grpc-js';
import { TokenServiceClient } from '../gen/ts/symbolon/v1/token_service.ts';
import { Argon2Hasher } from '../src/password/argon2-hasher.ts';
import { median, runLoad, startSymbolon } from './processes.ts';
import { basic, introspectMessage, issueTokens } from './tokens.ts';

const PAIRS = 5;
const SECONDS = 5;
/** Logins under way at once: enough that each hash that ends is followed by another, and fewer than are refused. */
const FLOOD = 32;

export async function benchLogins(): Promise<void> {
  const symbolon = await startSymbolon();
  const { http, user } = symbolon.demo;
  const body = JSON.stringify({ username: user.login_name, password: user.password });
  const login = () => logIn(http, body);
  const raw = await rawHash(user.password);
  await rateOf(login, 2);

  console.log(`Password logins over REST against hashes alone, ${FLOOD} under way, ${SECONDS} s each, in turn:`);
  const ratios: number[] = [];
  for (let pair = 0; pair < PAIRS; pair++) {
    const hashes = await rateOf(raw, SECONDS);
    const logins = await rateOf(login, SECONDS);
    ratios.push(logins / hashes);
    console.log(
      `  ${hashes.toFixed(1)} hashes/s, ${logins.toFixed(1)} logins/s, ratio ${(logins / hashes).toFixed(3)}`,
    );
  }
  console.log(`  median ratio ${median(ratios).toFixed(3)} (goal: at least 0.9)\n`);

  console.log('Introspect, 4 calls under way, with and without that flood of logins, in turn:');
  const p99s: number[] = [];
  for (let pair = 0; pair < PAIRS; pair++) {
    const idle = await introspectLoad(symbolon);
    const flood = startFlood(login);
    const flooded = await introspectLoad(symbolon);
    const logins = await flood.stop();
    p99s.push(flooded.p99Ms / idle.p99Ms);
    console.log(
      `  p99 ${idle.p99Ms} ms without, ${flooded.p99Ms} ms with ${logins} logins, ratio ${(flooded.p99Ms / idle.p99Ms).toFixed(2)}; ` +
        `p50 ${idle.p50Ms} and ${flooded.p50Ms} ms; ${idle.callsPerSecond} and ${flooded.callsPerSecond} calls/s`,
    );
  }
  console.log(`  median ratio ${median(p99s).toFixed(2)} (goal: at most 3)\n`);
  await symbolon.stop();
}

/** As many at once as the server does. */
async function rawHash(password: string): Promise<() => Promise<unknown>> {
  const hasher = await Argon2Hasher.create({ concurrency: availableParallelism() });
  const hash = await hasher.hash(password);
  return () => hasher.verify(hash, password);
}

/** Cheaper than fetch: what the load costs is taken from the hashes. */
const AGENT = new Agent({ keepAlive: true, maxSockets: FLOOD });

function logIn(http: string, body: string): Promise<void> {
  const headers = { 'Content-Type': 'application/json', 'Content-Length': Buffer.byteLength(body) };
  const options = { method: 'POST', agent: AGENT, headers };
  return new Promise((resolve, reject) => {
    const login = request(`http://${http}/api/apps/demo/oauth2/token`, options, (response) => {
      response.resume().on('end', () => {
        const { statusCode } = response;
        return statusCode === 200 ? resolve() : reject(new Error(`a login answered ${statusCode}`));
      });
    });
    login.on('error', reject);
    login.end(body);
  });
}

/** How often a second, with FLOOD of them under way. */
async function rateOf(work: () => Promise<unknown>, seconds: number): Promise<number> {
  const begin = performance.now();
  const flood = startFlood(work);
  await new Promise((resolve) => setTimeout(resolve, seconds * 1_000));
  const done = await flood.stop();
  return done / ((performance.now() - begin) / 1_000);
}

function startFlood(work: () => Promise<unknown>): { stop: () => Promise<number> } {
  let [done, isEnding] = [0, false];
  const lane = async () => {
    while (!isEnding) {
      await work();
      done += 1;
    }
  };
  const lanes = Array.from({ length: FLOOD }, lane);
  return {
    stop: async () => {
      isEnding = true;
      await Promise.all(lanes);
      return done;
    },
  };
}

async function introspectLoad({ address, demo }: Awaited<ReturnType<typeof startSymbolon>>) {
  const client = new TokenServiceClient(address, credentials.createInsecure());
  const tokens = await issueTokens(client, demo.service, 100);
  client.close();
  return runLoad({
    address,
    path: '/symbolon.v1.TokenService/Introspect',
    authorization: basic(demo.service),
    messages: tokens.map(introspectMessage),
    connections: 1,
    streams: 4,
    warmupSeconds: 1,
    seconds: SECONDS,
  });
}
