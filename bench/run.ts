/** `npm run bench`, or `npm run bench introspect` for one of them; `npm run bench compare -- --before <commit>` is apart. */
import { benchBatchIntrospect } from './batch-introspect.ts';
import { benchCompare } from './compare.ts';
import { benchDirectory } from './directory.ts';
import { benchIntrospect } from './introspect.ts';
import { benchIssue } from './issue.ts';
import { benchLoginTiming } from './login-timing.ts';
import { benchLogins } from './logins.ts';
import { benchMetrics } from './metrics.ts';
import { machine } from './processes.ts';
import { benchStores } from './stores.ts';
import { benchStrangers } from './strangers.ts';
import { benchVerifier } from './verifier.ts';

const BENCHMARKS = {
  introspect: benchIntrospect,
  'batch-introspect': benchBatchIntrospect,
  issue: benchIssue,
  'login-timing': benchLoginTiming,
  logins: benchLogins,
  directory: benchDirectory,
  metrics: benchMetrics,
  stores: benchStores,
  strangers: benchStrangers,
  verifier: benchVerifier,
};

const wanted = process.argv.slice(2);
if (wanted[0] === 'compare') {
  console.log(`${machine()}\n`);
  await benchCompare(wanted.slice(1));
} else {
  await runAll();
}

async function runAll(): Promise<void> {
  const unknown = wanted.filter((name) => !(name in BENCHMARKS));
  if (unknown.length > 0) {
    throw new Error(
      `no benchmark is called ${unknown.join(', ')}; there are ${Object.keys(BENCHMARKS).join(', ')}, compare`,
    );
  }
  console.log(`${machine()}\n`);
  for (const [name, run] of Object.entries(BENCHMARKS)) {
    if (wanted.length === 0 || wanted.includes(name)) {
      await run();
    }
  }
}
