/** The contract on a real PostgreSQL: that of the npm package, and the oldest that is supported where it is installed. */
import { afterAll, beforeAll, describe, it } from 'vitest';
import { PostgresStore } from '../../src/store/postgres/store.ts';
import { installedPostgres, type PostgresBinaries, PostgresServer, packagedPostgres } from '../postgres.ts';
import { TestClock } from '../support.ts';
import { storeContract } from './contract.ts';
import { PATIENT, postgresOptions } from './postgres/options.ts';

const OLDEST = 15;

function contractOn(name: string, binaries: PostgresBinaries): void {
  describe(name, () => {
    let server: PostgresServer | undefined;
    let template: string;

    beforeAll(async () => {
      server = await PostgresServer.start(binaries);
      template = await server.createDatabase();
      await (await PostgresStore.open({ ...postgresOptions(server.urlOf(template)), ...PATIENT })).close();
    });
    afterAll(() => server?.[Symbol.asyncDispose]());

    storeContract(name, async () => {
      const clock = new TestClock();
      const running = server as PostgresServer;
      const database = await running.createDatabase(template);
      const options = { ...postgresOptions(running.urlOf(database)), ...PATIENT, clock: clock.read };
      let store = await PostgresStore.open(options);
      return {
        clock,
        store,
        reopen: async () => {
          await store.close();
          store = await PostgresStore.open(options);
          return store;
        },
        close: async () => {
          await store.close();
          // Hundreds of them would take longer to delete than a hook may take.
          const admin = await running.connect();
          await admin.query(`DROP DATABASE ${database}`);
          await admin.end();
        },
      };
    });
  });
}

contractOn('PostgreSQL of the npm package', await packagedPostgres());

const oldest = installedPostgres(OLDEST);
if (oldest === undefined) {
  // A test and no empty group, so that a run in which nothing may be skipped counts it.
  it.skip(`the contract on PostgreSQL ${OLDEST}, which is not installed here`, () => undefined);
} else {
  contractOn(`PostgreSQL ${OLDEST}`, oldest);
}
