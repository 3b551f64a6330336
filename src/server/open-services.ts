/** What the operations of a server are given. */
import { setTimeout as sleep } from 'node:timers/promises';
import packageJson from '../../package.json' with { type: 'json' };
import type { Instant } from '../core/model.ts';
import { keysOf } from '../core/services/keys.ts';
import { type PasswordHasher, type Services, servicesOf } from '../core/services/services.ts';
import type { Store } from '../core/services/store.ts';
import type { TagKeys } from '../core/services/tag-keys.ts';
import { openWatch } from '../watch/open.ts';
import type { Registry } from '../watch/registry.ts';
import { loadKey } from './key-file.ts';
import { pooledRandom } from './random.ts';

/** Longer than a new tag key takes until it mints. */
const MAX_MINTING_ATTEMPTS = 40;
const MINTING_PAUSE_MS = 100;

/** Answers when tokens can be made. `registry`: who watches here, for those who wait for them. */
export async function openServices(
  store: Store,
  passwords: PasswordHasher,
  keyFile: string,
  certificateEnd: () => Instant | undefined,
): Promise<{ readonly services: Services; readonly registry: Registry }> {
  const random = pooledRandom();
  const keys = keysOf(await loadKey(keyFile, store), random);
  const server = { version: packageJson.version, startTime: Date.now(), certificateEnd };
  const { registry, verifiers } = openWatch(store, Date.now);
  const services = servicesOf({ store, passwords, keys, clock: Date.now, random, verifiers, server });
  await untilMinting(services.tagKeys);
  return { services, registry };
}

/** Right after the servers' key was replaced, the new tag key is too young to mint for a moment. */
async function untilMinting(tagKeys: TagKeys): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    try {
      await tagKeys.minting();
      return;
    } catch (error) {
      if (attempt === MAX_MINTING_ATTEMPTS) {
        throw error;
      }
      await sleep(MINTING_PAUSE_MS);
    }
  }
}
