import type { Store } from '../../src/core/services/store.ts';
import { wrapStore } from './wrapped-store.ts';

type Counted = 'execute' | 'read' | 'readFamily' | 'readFamilies' | 'readClient' | 'list';

export interface CountedStore {
  readonly store: Store;
  /** How often each was called since it was asked last, without those that were not. */
  taken(): Partial<Record<Counted, number>>;
}

/** A store that tells what it was asked for. */
export function countCalls(store: Store): CountedStore {
  let counts: Partial<Record<Counted, number>> = {};
  const counted = <K extends Counted>(name: K): Store[K] => {
    const call = (...args: never[]) => {
      counts[name] = (counts[name] ?? 0) + 1;
      return (store[name] as (...args: never[]) => unknown).call(store, ...args);
    };
    return call as unknown as Store[K];
  };
  const names = ['execute', 'read', 'readFamily', 'readFamilies', 'readClient', 'list'] as const;
  const calls = Object.fromEntries(names.map((name) => [name, counted(name)]));
  return {
    store: wrapStore(store, calls as Partial<Store>),
    taken: () => {
      const result = counts;
      counts = {};
      return result;
    },
  };
}
