/**
 * `npm run bench compare -- --before <commit>`: two commits in one run, in turn. It talks to both over the wire and the command line
 * only, so it does not matter how either keeps what it issues.
 */
import { rmSync } from 'node:fs';
import { dirname } from 'node:path';
import { PostgresServer } from '../test/postgres.ts';
import { atEnd } from './compare/at-end.ts';
import { printBytes, printHotUpdates } from './compare/growth.ts';
import { compareOn } from './compare/on-store.ts';
import { type Options, optionsOf } from './compare/options.ts';
import type { Pair } from './compare/rates.ts';
import { printSaturation } from './compare/saturation.ts';
import { OTHERS_CPU, SideStore } from './compare/side-store.ts';
import { type Side, sideOf } from './compare/sides.ts';
import { pin } from './processes.ts';

export async function benchCompare(args: readonly string[]): Promise<void> {
  const options = optionsOf(args);
  const sides = { before: sideOf('before', options.before), after: sideOf('after', options.after) };
  console.log(`before: ${sides.before.commit}\nafter:  ${sides.after.commit}\n`);
  await printSaturation(options.seconds);
  if (options.stores.includes('sqlite')) {
    if (options.rounds > 0) {
      await compareOn({ title: 'SQLite', make: async (side) => new SideStore(side) }, sides, options);
    }
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
  if (options.rounds > 0) {
    const make = (side: Side) => makeOnPostgres(side, postgres);
    await compareOn({ title: 'PostgreSQL', storePid: postgres.pid, make }, sides, options);
  }
  await printHotUpdates(sides, postgres);
}

/** A database that is no longer measured must go, lest autovacuum works in it beside those that are. */
async function makeOnPostgres(side: Side, postgres: PostgresServer): Promise<SideStore> {
  const database = await postgres.createDatabase();
  return new SideStore(side, postgres.urlOf(database), async () => {
    const admin = await postgres.connect();
    await admin.query(`DROP DATABASE ${database} WITH (FORCE)`);
    await admin.end();
  });
}
