/**
 * `npm run bench`, or `npm run bench introspect` for one of them; `npm run bench table` are those that have a goal in the table.
 * `npm run bench compare -- --before <commit>` is apart.
 */
import { benchBatchIntrospect } from './batch-introspect.ts';
import { benchCompare } from './compare.ts';
import { benchDirectory } from './directory.ts';
import { benchHalfPeak } from './half-peak.ts';
import { benchIntrospect } from './introspect.ts';
import { benchIssue } from './issue.ts';
import { benchLoginTiming } from './login-timing.ts';
import { benchLogins } from './logins.ts';
import { benchManyLogins } from './many-logins.ts';
import { benchMemory } from './memory.ts';
import { benchMetrics } from './metrics.ts';
import { benchOAuth2 } from './oauth2.ts';
import { benchPages } from './pages.ts';
import { machine } from './processes.ts';
import { benchPurge } from './purge.ts';
import { printRows, type Row } from './rows.ts';
import { benchSdk } from './sdk.ts';
import { benchStart } from './start.ts';
import { benchStores } from './stores.ts';
import { benchStrangers } from './strangers.ts';
import { benchVerifier } from './verifier.ts';
import { benchWatch, benchWatchNodes } from './watch.ts';
import { benchWatchers } from './watchers.ts';
import { benchWorkers } from './workers.ts';

/** In the order of the table. */
const WITH_GOALS: Readonly<Record<string, () => Promise<readonly Row[]>>> = {
  introspect: benchIntrospect,
  workers: benchWorkers,
  'batch-introspect': benchBatchIntrospect,
  verifier: benchVerifier,
  watch: benchWatch,
  'watch-nodes': benchWatchNodes,
  watchers: benchWatchers,
  issue: benchIssue,
  oauth2: benchOAuth2,
  'many-logins': benchManyLogins,
  'half-peak': benchHalfPeak,
  start: benchStart,
  memory: benchMemory,
  purge: benchPurge,
  sdk: benchSdk,
  pages: benchPages,
};

const OTHERS: Readonly<Record<string, () => Promise<void>>> = {
  'login-timing': benchLoginTiming,
  logins: benchLogins,
  directory: benchDirectory,
  metrics: benchMetrics,
  stores: benchStores,
  strangers: benchStrangers,
};

const TABLE = Object.keys(WITH_GOALS);
const ALL = [...TABLE, ...Object.keys(OTHERS)];

const wanted = process.argv.slice(2);
if (wanted[0] === 'compare') {
  console.log(`${machine()}\n`);
  await benchCompare(wanted.slice(1));
} else {
  await runAll(namesOf(wanted));
}

function namesOf(args: readonly string[]): readonly string[] {
  if (args.length === 0) {
    return ALL;
  }
  const names = args.flatMap((name) => (name === 'table' ? TABLE : [name]));
  const unknown = names.filter((name) => !ALL.includes(name));
  if (unknown.length > 0) {
    throw new Error(`no benchmark is called ${unknown.join(', ')}; there are ${ALL.join(', ')}, table, compare`);
  }
  return names;
}

/** One that fails does not end the others. */
async function runAll(names: readonly string[]): Promise<void> {
  console.log(`${machine()}\n`);
  const rows: Row[] = [];
  for (const name of names) {
    try {
      const reached = (await WITH_GOALS[name]?.()) ?? [];
      rows.push(...reached);
      await OTHERS[name]?.();
      if (reached.length > 0) {
        printRows(reached);
      }
    } catch (error) {
      console.error(`${name} failed:`, error);
      process.exitCode = 1;
    }
  }
  if (names.length > 1 && rows.length > 0) {
    printRows(rows);
  }
  // What failed may have left servers behind, which end with this process.
  process.exit();
}
