/**
 * Claims, of the SDK of each language whose tools are found: how many checks a core answers from memory, how soon 20 verifiers deny a revoked
 * token, and how little a bare client adds to a stub.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { credentials, Metadata } from '@grpc/grpc-js';
import { RevocationWait, TokenServiceClient } from '../gen/ts/symbolon/v1/token_service.ts';
import { Driver } from '../test/sdk/driver.ts';
import { Drivers } from '../test/sdk/drivers.ts';
import { canRun, filled, LANGUAGES } from '../test/sdk/languages.ts';
import { median, onCpu, percentile, type Symbolon, startSymbolon } from './processes.ts';
import { type Row, row, times } from './rows.ts';
import { curves } from './sdk/plot.ts';
import { basic, issueTokens } from './tokens.ts';

/** Checks a second a core. */
const GOALS: Readonly<Record<string, number>> = {
  go: 5_000_000,
  java: 5_000_000,
  typescript: 1_500_000,
  python: 300_000,
};
const MAX_DENIED_MS = 30;
const MAX_ADDED = 1.1;
const TOKENS = 10_000;
const VERIFIERS = 20;
const REVOCATIONS = 50;
/** Before they count: services run for days, and 20 new JVMs on two cores compile for as long as this takes. */
const WARM_UP = 1_000;
const ROUNDS = 3;
const SECONDS = 3;
/** All of a round ask again and again by then. */
const BEFORE_REVOCATION_MS = 60;
const DRIVER_CPU = 1;
const PLOT = new URL('../docs/sdk-denials.svg', import.meta.url);

export async function benchSdk(): Promise<readonly Row[]> {
  const rows: Row[] = [];
  const denials: Record<string, number[]> = {};
  for (const [name, language] of Object.entries(LANGUAGES).filter(([name, language]) => canRun(name, language))) {
    const out = mkdtempSync(join(tmpdir(), 'symbolon-bench-sdk-'));
    const server = await startSymbolon();
    try {
      await new Drivers(language, out).build();
      rows.push(...(await ratesOf(name, filled(language.start, out), server)));
      denials[name] = await denialsOf(filled(language.start, out), server);
      rows.push(denialRow(name, denials[name]));
    } finally {
      await server.stop();
      rmSync(out, { recursive: true, force: true });
    }
  }
  writeFileSync(PLOT, curves(denials, `Revocation answered to denied, ${VERIFIERS} verifiers of each language`));
  return rows;
}

/** The driver has a core of its own, beside the server. */
async function ratesOf(name: string, start: readonly string[], server: Symbolon): Promise<readonly Row[]> {
  const { address, demo } = server;
  const [command = '', ...args] = start;
  const [pinned, rest] = onCpu(DRIVER_CPU, command, args);
  await using driver = new Driver([pinned, ...rest]);
  const open = { address, ...demo.service };
  await answered(driver, 'open', open);
  const tokens = await issued(server, TOKENS);
  const rate = async (what: string, of: readonly string[]) =>
    (await answered(driver, 'bench', { what, tokens: of, seconds: SECONDS, ...open })).per_second as number;
  const checks: number[] = [];
  const added: number[] = [];
  const few = tokens.slice(0, 100);
  for (let round = 1; round <= ROUNDS; round++) {
    checks.push(await rate('check', tokens));
    // In turn, for the machine is not the same a moment later.
    const [stub, introspect] = [await rate('stub', few), await rate('introspect', few)];
    added.push(stub / introspect);
    console.log(
      `  ${name}: ${Math.round(stub)} Introspects a second by a stub, ${Math.round(introspect)} by the client`,
    );
  }
  const rates = checks.map((each) => Math.round(each)).join(', ');
  return [
    row(`${name}: cached checks a second a core, ${TOKENS} live tokens`, `at least ${GOALS[name]}`, rates),
    row(
      `${name}: Introspect by the client against a bare stub, time a call`,
      `at most ${MAX_ADDED}`,
      times(median(added)),
    ),
  ];
}

/** After how many milliseconds each verifier denied each of the tokens. */
async function denialsOf([command = '', ...args]: readonly string[], server: Symbolon): Promise<number[]> {
  const drivers = Array.from({ length: VERIFIERS }, () => new Driver([command, ...args]));
  const stub = new TokenServiceClient(server.address, credentials.createInsecure());
  const metadata = new Metadata();
  metadata.set('authorization', basic(server.demo.service));
  const revoke = (token: string) =>
    new Promise<void>((resolve, reject) => {
      const request = {
        target: { $case: 'token' as const, value: token },
        wait: RevocationWait.UNSPECIFIED,
        userAccessToken: '',
      };
      stub.revoke(request, metadata, (error) => (error === null ? resolve() : reject(error)));
    });
  const waited: number[] = [];
  try {
    for (const driver of drivers) {
      await answered(driver, 'open', { address: server.address, ...server.demo.service });
    }
    for (const [index, token] of (await issued(server, WARM_UP + REVOCATIONS)).entries()) {
      const all = drivers.map(async (driver) => (await answered(driver, 'denied', { token })).denied_ms as number);
      await sleep(BEFORE_REVOCATION_MS);
      await revoke(token);
      const revoked = performance.timeOrigin + performance.now();
      const denials = (await Promise.all(all)).map((denied) => Math.max(0, denied - revoked));
      waited.push(...(index < WARM_UP ? [] : denials));
    }
  } finally {
    stub.close();
    await Promise.all(drivers.map((driver) => driver[Symbol.asyncDispose]()));
  }
  return waited;
}

function denialRow(name: string, waited: readonly number[]): Row {
  const [p50, p99] = [percentile(waited, 0.5), percentile(waited, 0.99)].map((each) => each.toFixed(1));
  const what = `${name}: revocation answered to denied by each of ${VERIFIERS} verifiers`;
  return row(what, `p99 ${MAX_DENIED_MS} ms`, `p50 ${p50} ms, p99 ${p99} ms`);
}

async function answered(driver: Driver, op: string, fields: object): Promise<Readonly<Record<string, unknown>>> {
  const answer = await driver.ask(op, fields);
  if (answer.error !== undefined) {
    throw new Error(`${op}: ${answer.error.code} ${answer.error.message}`);
  }
  return answer;
}

async function issued({ address, demo }: Symbolon, count: number): Promise<string[]> {
  const stub = new TokenServiceClient(address, credentials.createInsecure());
  const tokens: string[] = [];
  while (tokens.length < count) {
    tokens.push(...(await issueTokens(stub, demo.service, Math.min(200, count - tokens.length))));
  }
  stub.close();
  return tokens;
}
