import { MemoryStore } from '../../src/store/memory/store.ts';
import { TestClock } from '../support.ts';
import { storeContract } from './contract.ts';

async function open() {
  const clock = new TestClock();
  const store = new MemoryStore({ clock: clock.read });
  return { clock, store, close: () => store.close() };
}

storeContract('memory', open, { forgets: true });
