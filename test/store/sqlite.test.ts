import { join } from 'node:path';
import { SqliteStore } from '../../src/store/sqlite/store.ts';
import { TestClock, temporaryDirectory } from '../support.ts';
import { storeContract } from './contract.ts';

storeContract('SQLite', async () => {
  const clock = new TestClock();
  const directory = temporaryDirectory();
  const options = { path: join(directory.path, 'symbolon.db'), clock: clock.read };
  let store = await SqliteStore.open(options);
  return {
    clock,
    store,
    reopen: async () => {
      await store.close();
      store = await SqliteStore.open(options);
      return store;
    },
    close: async () => {
      await store.close();
      directory.remove();
    },
  };
});
