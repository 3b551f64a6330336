import type { Instant } from '../core/model.ts';
import type { Store } from '../core/services/store.ts';
import type { Member, Verifiers } from '../core/services/verifiers.ts';
import { MAX_WAIT_MS } from '../core/verifiers.ts';
import { Barrier } from './barrier.ts';
import { Registry } from './registry.ts';
import { MONOTONIC } from './timing.ts';

/** Another server that asks is told by then who is missing here, so that it can say so. It waits a little longer. */
const MAX_LOOK_MS = MAX_WAIT_MS - 200;

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
  store: Pick<Store, 'others' | 'untilAnswerable'>,
  clock: () => Instant,
  threads: () => readonly Member[] = () => [],
): OpenWatch {
  const registry = new Registry(MONOTONIC);
  const { others } = store;
  const ofProcess = () => [registry, ...threads()];
  const here = new Barrier({ timing: MONOTONIC, clock, members: ofProcess });
  const everywhere = new Barrier({
    timing: MONOTONIC,
    clock,
    members: () => [...ofProcess(), ...(others === undefined ? [] : [others])],
  });
  const memberLost = () => {
    here.memberLost();
    everywhere.memberLost();
  };
  memberLost();
  others?.answerBy((tenantId, revision) => here.look(tenantId, revision, MAX_LOOK_MS));
  return {
    registry,
    threadLost: memberLost,
    verifiers: {
      awaitRevision: async (tenantId, revision, deadline) => {
        // What is waited for may have been ended by another call a moment ago, whose answer waits for this too.
        await store.untilAnswerable?.();
        return everywhere.awaitRevision(tenantId, revision, deadline);
      },
    },
  };
}
