/** Before a server serves, tokens can be made. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { TagKeys } from '../core/services/tag-keys.ts';

/** Longer than a new tag key takes until it mints. */
const MAX_MINTING_ATTEMPTS = 40;
const MINTING_PAUSE_MS = 100;

/** Right after the servers' key was replaced, the new tag key is too young to mint for a moment. */
export async function untilMinting(tagKeys: TagKeys): Promise<void> {
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
