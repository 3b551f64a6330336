/**
 * `node test/patroni/insider.ts URL TENANT FAMILY DIGEST`: a node's store on the PostgreSQL beside it, past HAProxy, that is asked for one
 * token over and over. Prints a line for each answer: when it was asked for (`at`, nanoseconds of the machine's clock since it booted), and
 * whether the token lives; null when there was no answer.
 */
import { isLive } from '../../src/core/rules/liveness.ts';
import { PostgresStore } from '../../src/store/postgres/store.ts';
import { postgresOptions } from '../store/postgres/options.ts';

const [url = '', tenantId = '', familyId = '', hex = ''] = process.argv.slice(2);
const digest = Buffer.from(hex, 'hex');
const store = await PostgresStore.open(postgresOptions(url));
for (;;) {
  const at = process.hrtime.bigint();
  const lives = await store.readFamily(tenantId, familyId).then(
    ({ reading }) => reading !== undefined && isLive(reading, digest, Date.now()),
    () => null,
  );
  process.stdout.write(`${JSON.stringify({ at: String(at), lives })}\n`);
  await new Promise((resolve) => setTimeout(resolve, 10));
}
