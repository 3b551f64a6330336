import type { Instant } from '../core/model.ts';
import type { Store } from '../core/services/store.ts';
import type { Verifiers } from '../core/services/verifiers.ts';
import { Barrier } from './barrier.ts';
import { type Member, Registry } from './registry.ts';
import { MONOTONIC } from './timing.ts';

/** Others on the same store, who may have watchers, and don't tell. */
const SILENT: Member = { follow: () => () => {} };

export interface OpenWatch {
  /** Those who watch at this process. */
  readonly registry: Registry;
  readonly verifiers: Verifiers;
}

/** Of a process that begins now: one before it may have had watchers until a moment ago. */
export function openWatch(store: Pick<Store, 'countOtherNodes' | 'untilAnswerable'>, clock: () => Instant): OpenWatch {
  const registry = new Registry(MONOTONIC);
  const members = store.countOtherNodes === undefined ? [registry] : [registry, SILENT];
  const barrier = new Barrier({ timing: MONOTONIC, clock, members: () => members });
  barrier.memberLost();
  return {
    registry,
    verifiers: {
      awaitRevision: async (tenantId, revision, deadline) => {
        // What is waited for may have been ended by another call a moment ago, whose answer waits for this too.
        await store.untilAnswerable?.();
        return barrier.awaitRevision(tenantId, revision, deadline);
      },
    },
  };
}
