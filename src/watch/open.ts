import type { Instant } from '../core/model.ts';
import type { Store } from '../core/services/store.ts';
import type { Verifiers } from '../core/services/verifiers.ts';
import { MAX_WAIT_MS } from '../core/verifiers.ts';
import { Barrier } from './barrier.ts';
import { type Member, Registry } from './registry.ts';
import { MONOTONIC } from './timing.ts';

type SharedStore = Pick<Store, 'mayOthersHaveAnswered' | 'untilAnswerable'>;

export interface OpenWatch {
  /** Those who watch at this process. */
  readonly registry: Registry;
  readonly verifiers: Verifiers;
  /** A thread of this process ended, which may have had watchers until now. */
  threadLost(): void;
}

/**
 * Of a process that begins now: one before it may have had watchers until a moment ago. `threads`: those of this process that may have
 * watchers at this moment, besides this one; each from before it listens.
 */
export function openWatch(
  store: SharedStore,
  clock: () => Instant,
  threads: () => readonly Member[] = () => [],
): OpenWatch {
  const registry = new Registry(MONOTONIC);
  const own = store.mayOthersHaveAnswered === undefined ? [registry] : [registry, othersOf(store)];
  const barrier = new Barrier({ timing: MONOTONIC, clock, members: () => [...own, ...threads()] });
  barrier.memberLost();
  return {
    registry,
    threadLost: () => barrier.memberLost(),
    verifiers: {
      awaitRevision: async (tenantId, revision, deadline) => {
        // What is waited for may have been ended by another call a moment ago, whose answer waits for this too.
        await store.untilAnswerable?.();
        return barrier.awaitRevision(tenantId, revision, deadline);
      },
    },
  };
}

/** The other servers of a store. They don't tell what their watchers know, so they are waited out where there may be any. */
export function othersOf(store: Pick<Store, 'mayOthersHaveAnswered'>): Member {
  return {
    follow: (_tenantId, _revision, tell) => {
      let isStopped = false;
      store.mayOthersHaveAnswered?.(MAX_WAIT_MS).then(
        (mayHave) => {
          if (!mayHave && !isStopped) {
            tell({ acknowledged: 0, waitedOut: 0, missing: 0 });
          }
        },
        // Then nobody knows.
        () => undefined,
      );
      return () => {
        isStopped = true;
      };
    },
  };
}
