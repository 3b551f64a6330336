/** What a login costs the store as it is refreshed: its bytes in SQLite, and in PostgreSQL how many updates spare the indexes. */
import type { Client } from 'pg';
import type { IssuedTokens } from '../../gen/ts/symbolon/v1/token_service.ts';
import type { PostgresServer } from '../../test/postgres.ts';
import { issue, refresh } from './calls.ts';
import type { Pair } from './rates.ts';
import { ratioOf } from './report.ts';
import { SideStore } from './side-store.ts';
import type { Side } from './sides.ts';

/** After how many refreshes of every login there is a look at the file. */
const LOOKS = [0, 1, 10];
const POSTGRES_LOGINS = 2_000;
const POSTGRES_REFRESHES = 10;

export async function printBytes(sides: Pair<Side>, logins: number): Promise<void> {
  console.log(`bytes a login in SQLite's file, ${logins} logins, after so many refreshes of each:`);
  const [before, after] = [await measureBytes(sides.before, logins), await measureBytes(sides.after, logins)];
  LOOKS.forEach((refreshes, i) => {
    const bytes = { before: before[i] ?? 0, after: after[i] ?? 0 };
    const [text, ratio] = [`before ${bytes.before.toFixed(0)}, after ${bytes.after.toFixed(0)}`, ratioOf(bytes)];
    console.log(`  ${String(refreshes).padStart(2)} refreshes: ${text}, after/before ${ratio}`);
  });
  console.log('');
}

async function measureBytes(side: Side, logins: number): Promise<number[]> {
  const store = new SideStore(side);
  // What a first start makes is not the logins'.
  await (await store.serve()).stop();
  const empty = store.bytes;
  let tokens: IssuedTokens[] = [];
  let done = 0;
  const found: number[] = [];
  for (const refreshes of LOOKS) {
    const server = await store.serve();
    const target = { server, client: store.client };
    tokens = refreshes === 0 ? await issue(target, logins) : tokens;
    for (; done < refreshes; done++) {
      tokens = await refresh(target, tokens);
    }
    // The log is written back to the file when the server ends.
    await server.stop();
    found.push((store.bytes - empty) / logins);
  }
  await store.remove();
  return found;
}

interface Updates {
  readonly all: number;
  readonly hot: number;
}

export async function printHotUpdates(sides: Pair<Side>, postgres: PostgresServer): Promise<void> {
  const what = `${POSTGRES_LOGINS} logins, each refreshed ${POSTGRES_REFRESHES} times`;
  console.log(`updates of the table family in PostgreSQL that touched no index (n_tup_hot_upd / n_tup_upd), ${what}:`);
  for (const side of [sides.before, sides.after]) {
    const { all, hot } = await measureUpdates(side, postgres);
    const share = all === 0 ? 'no updates' : (hot / all).toFixed(3);
    console.log(`  ${side.name.padEnd(6)} ${share} (${hot} / ${all})`);
  }
  console.log('');
}

/** In a database of its own, so that these refreshes are all that was ever updated. */
async function measureUpdates(side: Side, postgres: PostgresServer): Promise<Updates> {
  const database = await postgres.createDatabase();
  const store = new SideStore(side, postgres.urlOf(database));
  const server = await store.serve();
  const target = { server, client: store.client };
  let tokens = await issue(target, POSTGRES_LOGINS);
  for (let i = 0; i < POSTGRES_REFRESHES; i++) {
    tokens = await refresh(target, tokens);
  }
  await server.stop();
  await store.remove();
  const admin = await postgres.connect(database);
  const updates = await readUpdates(admin);
  await admin.end();
  return updates;
}

/** A backend tells its counts at its end at the latest. */
async function readUpdates(admin: Client): Promise<Updates> {
  const others = `SELECT 1 FROM pg_stat_activity
    WHERE datname = current_database() AND backend_type = 'client backend' AND pid <> pg_backend_pid()`;
  while ((await admin.query(others)).rows.length > 0) {
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  const { rows } = await admin.query<{ all: string; hot: string }>(
    `SELECT n_tup_upd AS all, n_tup_hot_upd AS hot FROM pg_stat_user_tables WHERE relname = 'family'`,
  );
  return { all: Number(rows[0]?.all ?? 0), hot: Number(rows[0]?.hot ?? 0) };
}
