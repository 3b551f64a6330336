/** A PostgreSQL store in a database of its own, with its services. */
import { Argon2Hasher } from '../src/password/argon2-hasher.ts';
import { PostgresStore } from '../src/store/postgres/store.ts';
import { PostgresServer } from './postgres.ts';
import { PATIENT, postgresOptions } from './store/postgres/options.ts';
import { CHEAP_ARGON2, type TestBed, TestClock, testServices } from './support.ts';

export async function openPostgresTestBed(): Promise<TestBed> {
  const clock = new TestClock();
  const server = await PostgresServer.start();
  const path = server.urlOf(await server.createDatabase());
  const store = await PostgresStore.open({ ...postgresOptions(path), ...PATIENT, clock: clock.read });
  const passwords = await Argon2Hasher.create({ parameters: CHEAP_ARGON2, concurrency: 2 });
  return {
    clock,
    store,
    path,
    services: testServices(store, passwords, clock),
    close: async () => {
      await store.close();
      await server[Symbol.asyncDispose]();
    },
  };
}
