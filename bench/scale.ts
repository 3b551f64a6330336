/**
 * `node bench/scale.ts`: the arithmetic of docs/scale.md, played with a seeded generator. Exits with 1 where a formula is further
 * than a tenth from what came of playing it. `node bench/scale.ts bytes` measures what a login takes in a real PostgreSQL.
 */
import { checkBatches, checkCaches, checkPages, hitShare, statementRate } from './scale/batches.ts';
import { costsOf } from './scale/costs.ts';
import { checkFamilies } from './scale/families.ts';
import { ASSUMED, busyOf, DAY, type Load, loadOf, type Measured, nodesOf, shardsOf } from './scale/load.ts';
import { INDEX_BYTES_PER_LOGIN, purgingOf } from './scale/partitions.ts';
import { checkQueue, meanWait, waitOf } from './scale/queue.ts';
import type { Check } from './scale/random.ts';
import { checkShards, type Placing, placingOf, TENANTS } from './scale/shards.ts';

/** All on the machine of docs/performance.md: 2 cores, which node, PostgreSQL and load share. Rounded down. */
const MEASURED: Measured = {
  // Issue, without a replica: `npm run bench stores`.
  issueRate: 3_000,
  // Introspect in a processor second of one node: `npm run bench stores`.
  introspectRatePerNode: 9_000,
  // Look-ups in a processor second of a primary, in full batches: `npm run bench stores`.
  lookupRatePrimary: 150_000,
  // Disk of a login, the same however often it is refreshed: `node bench/scale.ts bytes`.
  bytesPerLogin: 590,
  // WAL of a login, and of a refresh with its confirmation, when no page is logged in full: `node bench/scale.ts bytes`.
  walPerLogin: 710,
  walPerRefresh: 630,
  // A login that is refused takes argon2 and little else: `npm run bench login-timing`.
  passwordSeconds: 0.036,
};

/**
 * A tenant's revocation holds the counter for a round trip to the node and a commit with its replica. The first was measured by
 * `node bench/scale.ts bytes`; the others are assumptions.
 */
const TURNS_MS: readonly [where: string, turnMs: number][] = [
  ['no replica, all on one machine', 1],
  ['replica in the same zone', 2.5],
  ['replica in a region 30 ms away', 33],
  ['replica in a region 80 ms away', 83],
];
/** A second, of a cache that follows the log. An assumption, as would be a heartbeat's interval. */
const POLLS = 4;
/** Bytes of memory of a primary. An assumption. */
const MEMORY = 64e9;
const MAX_BUSY = 0.8;
const MAX_ERROR = 0.1;
const TERA = 1e12;

const round = (value: number, digits = 3): string =>
  value >= 1_000 ? Math.round(value).toLocaleString('en-US') : String(Number(value.toPrecision(digits)));

const billions = (value: number): string => `${round(value / 1e9)} × 10⁹`;

function section(title: string): void {
  console.log(`\n${title}`);
}

function line(what: string, value: string): void {
  console.log(`  ${what.padEnd(66)} ${value}`);
}

function printLoad(load: Load, nodes: number): void {
  section(`load of ${ASSUMED.users.toExponential(0)} users: mean a second, and peak (× ${load.peak})`);
  const both = (value: number) => `${round(value)}, ${round(value * load.peak)}`;
  line('logins', both(load.logins));
  line('refreshes', both(load.refreshes));
  line('revocations', both(load.revocations));
  line('transactions that write', both(load.writes));
  line('introspections', both(load.introspections));
  line('WAL, MB: records alone', both(load.walFloor / 1e6));
  line('WAL, MB: each cold page logged in full', both(load.walCeiling / 1e6));
  line(
    'logins in use; live; rows of logins',
    [load.usedFamilies, load.liveFamilies, load.familyRows].map(billions).join('; '),
  );
  line('rows of a user', round(load.familyRows / ASSUMED.users));
  line('TB on disk, one copy', round(load.bytes / TERA));
  line(`nodes at the peak, ${ASSUMED.utilisation * 100} % busy`, round(nodes));
  for (const factor of [1, 4, 16]) {
    const count = shardsOf(load, MEASURED, factor);
    const bytes = round(load.bytes / TERA / count);
    line(`shards, primaries of ${factor} × what was measured`, `${count}, each with ${bytes} TB`);
  }
}

function printLevers(): void {
  section('other lifetimes: rows of a user, TB, shards');
  const variants: [what: string, changes: Partial<typeof ASSUMED> | Record<string, number>][] = [
    ['as assumed: access tokens of 1 h, families of 90 days', {}],
    ['access tokens of 24 h: 1.5 refreshes a day', { refreshesPerUserAndDay: 1.5 }],
    ['families of 30 days', { familyDays: 30 }],
    ['both', { refreshesPerUserAndDay: 1.5, familyDays: 30 }],
  ];
  for (const [what, changes] of variants) {
    const load = loadOf(MEASURED, { ...ASSUMED, ...changes });
    line(what, `${round(load.familyRows / ASSUMED.users)}, ${round(load.bytes / TERA)}, ${shardsOf(load, MEASURED)}`);
  }
}

function printShards(shards: number): void {
  section(`${TENANTS} tenants, the k-th in size 1/k, on so many shards`);
  const counts = [shards, Math.ceil(shards / 16)];
  const placings = counts.map((count) => placingOf(count));
  const each = (value: (placing: Placing) => number) => placings.map((placing) => round(value(placing))).join('; ');
  line('shards', counts.join('; '));
  line('largest tenant, in shards', counts.map((count) => round(count * placingOf(1).largestTenant)).join('; '));
  line(
    'tenants larger than a shard',
    each(({ largerThanAShard }) => largerThanAShard),
  );
  line(
    'share of all users in them',
    each(({ shareInThem }) => shareInThem),
  );
  line(
    'largest shard / mean: whole tenants hashed',
    each(({ hashed }) => hashed),
  );
  line(
    'largest shard / mean: pieces of half a shard hashed',
    each(({ hashedPieces }) => hashedPieces),
  );
  line(
    'largest shard / mean: such pieces placed by size',
    each(({ bySizePieces }) => bySizePieces),
  );
}

function printCounter(load: Load): void {
  section(`revocations of one tenant: most a second, at ${MAX_BUSY * 100} % mean and p99 wait in ms`);
  for (const [where, turnMs] of TURNS_MS) {
    const waits = `${round(meanWait(MAX_BUSY) * turnMs)}, ${round(waitOf(0.99, MAX_BUSY) * turnMs)}`;
    line(`${where}: turns of ${turnMs} ms`, `${round(1_000 / turnMs)}; ${waits}`);
  }
  line('the largest tenant asks for, at the peak', round(load.revocations * load.peak * placingOf(1).largestTenant));
}

function printReads(load: Load, shards: number, nodes: number): void {
  section('reads of one shard');
  const lookups = (load.introspections * load.peak) / shards;
  line('look-ups a second at the peak', round(lookups));
  line(
    'statements a second of one full node, 1 ms and 10 ms each',
    `${round(statementRate(MEASURED.introspectRatePerNode, 1))}, ${round(statementRate(MEASURED.introspectRatePerNode, 10))}`,
  );
  // Each node keeps 10 + 4 + 1 connections and commits a heartbeat 4 times a second: src/store/postgres/options.ts, lease.ts.
  for (const [what, count] of [
    ['nodes of its own', Math.ceil(nodes / shards)],
    ['every node there is', nodes],
  ] as const) {
    const perPair = lookups / count;
    const connections = `${round(count * 15)}, ${round(count * 4)}, ${round(perPair / statementRate(perPair, 1))}`;
    line(`${what} (${count}): connections, heartbeats/s, look-ups a statement`, connections);
  }
  line('events of its revocation log a second, at the peak', round((load.revocations * load.peak) / shards, 2));
  const uses = usesOf(load);
  line('uses of an access token', String(uses));
  const events = (load.revocations * load.peak) / shards;
  line('nodes from which on caches cost the primary more than they spare', String(crossover(lookups, uses, events)));
  line(
    'of a primary’s work, what look-ups are',
    round(load.introspections / MEASURED.lookupRatePrimary / busyOf(load, MEASURED)),
  );
  const hits = [3, 30, nodes].map((count) => round(hitShare(uses, count)));
  line(`hits of a cache when any of 3, 30, ${nodes} nodes may get each`, hits.join(', '));
}

function printPurging(load: Load, shards: number): void {
  section(
    'deleting logins row by row: rows of a shard; GB of indexes; days between vacuums; hours to read the indexes; passes',
  );
  for (const count of [shards, Math.ceil(shards / 16)]) {
    const { rows, indexGigabytes, daysBetween, scanHours, passes } = purgingOf(load, count);
    const values = [rows, indexGigabytes, daysBetween, scanHours, passes];
    line(`${count} shards`, values.map((each) => round(each)).join('; '));
  }
  const { deleteWal, partitions } = purgingOf(load, shards);
  const indexBytesPerUser = (load.familyRows / ASSUMED.users) * INDEX_BYTES_PER_LOGIN;
  line('users whose logins’ indexes fill 64 GB of memory', round(MEMORY / indexBytesPerUser));
  line('rows of one shard that expire a second', round(load.logins / shards));
  line('WAL of deletes over all shards, MB/s, each row on a cold page', round(deleteWal));
  line('partitions of a week', String(partitions));
}

/** The fewest nodes that, each following the log of the shard, ask its primary for more than their caches spare it. */
function crossover(lookups: number, uses: number, events: number): number {
  let nodes = 1;
  while ((POLLS + events) * nodes < hitShare(uses, nodes) * lookups || nodes === 1) {
    nodes++;
  }
  return nodes;
}

function usesOf({ introspections, logins, refreshes }: Load): number {
  return Math.round(introspections / (logins + refreshes));
}

function printCosts(load: Load): void {
  section('dollars for a million logins with all that follows from them');
  const costs = costsOf(load, MEASURED);
  for (const { what, formula, dollars } of costs) {
    line(`${what}: ${formula}`, round(dollars));
  }
  const sum = costs.reduce((total, { dollars }) => total + dollars, 0);
  const tokens = (load.logins + load.refreshes) / load.logins;
  line('sum', round(sum));
  line(`for a million access tokens (${round(tokens)} to a login)`, round(sum / tokens));
  line('for a user and year', round((sum / 1e6) * ((load.logins * 365 * DAY) / ASSUMED.users)));
}

function printChecks(checks: readonly Check[]): boolean {
  section('formula | simulated | ratio');
  let isGood = true;
  for (const { what, formula, simulated } of checks) {
    const ratio = simulated / formula;
    const isNear = Math.abs(ratio - 1) <= MAX_ERROR;
    isGood &&= isNear;
    line(what, `${round(formula)} | ${round(simulated)} | ${ratio.toFixed(3)}${isNear ? '' : '  TOO FAR'}`);
  }
  return isGood;
}

function run(): void {
  const load = loadOf(MEASURED);
  const shards = shardsOf(load, MEASURED);
  const nodes = nodesOf(load, MEASURED);
  printLoad(load, nodes);
  printLevers();
  printShards(shards);
  printCounter(load);
  printReads(load, shards, nodes);
  printPurging(load, shards);
  printCosts(load);
  const isGood = printChecks([
    ...checkShards(shards),
    ...checkFamilies(MEASURED),
    ...checkQueue(2.5),
    ...checkBatches(),
    ...checkCaches(usesOf(load)),
    ...checkPages(),
  ]);
  process.exitCode = isGood ? 0 : 1;
}

if (process.argv[2] === 'bytes') {
  await (await import('./scale/bytes.ts')).measureBytes();
} else {
  run();
}
