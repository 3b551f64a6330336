/**
 * `npm run bench compare -- --before <commit>`: two commits in one run, in turn. It talks to both over the wire and the command line
 * only, so it does not matter how either keeps what it issues.
 */
import { rmSync } from 'node:fs';
import { dirname } from 'node:path';
import { PostgresServer } from '../test/postgres.ts';
import { atEnd } from './compare/at-end.ts';
import { introspectMessage, issue, type Target } from './compare/calls.ts';
import { printBytes, printHotUpdates } from './compare/growth.ts';
import { callWithH2load, describeH2load } from './compare/h2load.ts';
import { type Options, optionsOf } from './compare/options.ts';
import { measureRates, type Pair } from './compare/rates.ts';
import { printRates } from './compare/report.ts';
import { printSaturation } from './compare/saturation.ts';
import { OTHERS_CPU, SideStore } from './compare/side-store.ts';
import { type Side, sideOf } from './compare/sides.ts';
import { pin } from './processes.ts';
import { basic } from './tokens.ts';

export async function benchCompare(args: readonly string[]): Promise<void> {
  const options = optionsOf(args);
  const sides = { before: sideOf('before', options.before), after: sideOf('after', options.after) };
  console.log(`before: ${sides.before.commit}\nafter:  ${sides.after.commit}\n`);
  await printSaturation(options.seconds);
  if (options.stores.includes('sqlite')) {
    await compareOn('SQLite', sides, options, (side) => Promise.resolve(new SideStore(side)));
    if (options.logins > 0) {
      await printBytes(sides, options.logins);
    }
  }
  if (options.stores.includes('postgres')) {
    await compareOnPostgres(sides, options);
  }
}

async function compareOnPostgres(sides: Pair<Side>, options: Options): Promise<void> {
  await using postgres = await PostgresServer.start(undefined, ['shared_buffers=512MB']);
  atEnd(() => rmSync(dirname(postgres.directory), { recursive: true, force: true }));
  pin(postgres.pid, OTHERS_CPU);
  const make = async (side: Side) => new SideStore(side, postgres.urlOf(await postgres.createDatabase()));
  await compareOn('PostgreSQL', sides, options, make, postgres.pid);
  await printHotUpdates(sides, postgres);
}

async function compareOn(
  title: string,
  sides: Pair<Side>,
  { rounds, seconds }: Options,
  make: (side: Side) => Promise<SideStore>,
  storePid?: number,
): Promise<void> {
  if (rounds === 0) {
    return;
  }
  const stores = { before: await make(sides.before), after: await make(sides.after) };
  const targets = { before: await serve(stores.before, storePid), after: await serve(stores.after, storePid) };
  const where = storePid === undefined ? 'load on another' : 'PostgreSQL and load on another';
  console.log(`${title}, ${rounds} rounds of ${seconds} s, in turn; medians; server on one core, ${where}:`);
  const failed = printRates(await measureRates(targets, rounds, seconds));
  for (const name of ['before', 'after'] as const) {
    console.log(`  Introspect ${name}, ${describeH2load(await introspectWithH2load(targets[name], seconds))}`);
    await targets[name].server.stop();
    stores[name].remove();
  }
  console.log('');
  if (failed > 0) {
    console.log('  CALLS FAILED: these rates mean nothing');
    process.exitCode = 1;
  }
}

async function serve(store: SideStore, storePid: number | undefined): Promise<Target> {
  return { server: await store.serve(), client: store.client, ...(storePid === undefined ? {} : { storePid }) };
}

async function introspectWithH2load(target: Target, seconds: number): Promise<number | undefined> {
  return callWithH2load({
    address: target.server.address,
    path: '/symbolon.v1.TokenService/Introspect',
    authorization: basic(target.client),
    messages: (await issue(target, 1)).map(introspectMessage),
    connections: 4,
    streams: 32,
    warmupSeconds: 1,
    seconds,
  });
}
