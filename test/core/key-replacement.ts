/** `symbolon key replace`, as far as the store is told of it. */
import { randomBytes } from 'node:crypto';
import type { ReplaceKey } from '../../src/core/commands/replace-key.ts';
import type { Store } from '../../src/core/services/store.ts';
import { make } from '../support.ts';

/** To a key that nobody has seen before. Without boxes the tag keys are lost. */
export async function replaceServerKey(
  store: Store,
  {
    boxes = [],
    leaked = false,
    fingerprint = randomBytes(32),
  }: Partial<Pick<ReplaceKey, 'boxes' | 'leaked' | 'fingerprint'>> = {},
): Promise<void> {
  await make(store, { kind: 'replace_key', fingerprint, boxes, factors: [], leaked });
}
