import { timingSafeEqual } from 'node:crypto';
import { answer, put } from '../changes.ts';
import type { Digest } from '../model.ts';
import { lockName, one } from '../plan.ts';
import { rule } from '../rules/rule.ts';
import { SERVER_KEY } from '../tables/keys.ts';

/** Remembers the fingerprint of the servers' key, the first that it is told; answers whether this is that one. */
export interface BindKey {
  readonly kind: 'bind_key';
  readonly fingerprint: Digest;
}

export const bindKey = rule<BindKey>()({
  kind: 'bind_key',
  plan: () => ({ locks: [lockName(SERVER_KEY_LOCK)], reads: { key: one(SERVER_KEY, { id: 1 }) } }),
  decide: ({ key }, { fingerprint }) => {
    const isBound = key === undefined || timingSafeEqual(key.fingerprint, fingerprint);
    // Written again as it is, so that the answer waits for replication.
    return answer({ isBound }, isBound ? [put(SERVER_KEY, { id: 1, fingerprint })] : []);
  },
});

export const SERVER_KEY_LOCK = 'server key';
