/** All that stores are held to, where after each write it is looked whether what is kept is what the store has. */
import { join } from 'node:path';
import { afterAll, expect } from 'vitest';
import { RULES } from '../../../src/core/commands/index.ts';
import { TestClock, temporaryDirectory } from '../../support.ts';
import { storeContract } from '../contract.ts';
import { CheckedStore } from './checked-store.ts';

storeContract(
  'SQLite, checked',
  async () => {
    const clock = new TestClock();
    const directory = temporaryDirectory();
    const store = new CheckedStore(join(directory.path, 'symbolon.db'), clock);
    return {
      clock,
      store,
      close: async () => {
        await store.close();
        directory.remove();
      },
    };
  },
  { forgets: true },
);

/** They change guesses and the purge, of which nothing is kept. */
const NOT_IN_CONTRACT = ['advance_purge', 'unlock'];

afterAll(() => {
  expect([...CheckedStore.kinds, ...NOT_IN_CONTRACT].sort()).toEqual(Object.keys(RULES).sort());
});
