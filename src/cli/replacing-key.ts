/** `symbolon key replace`: another key takes the place of the one that a store knows. */
import { randomBytes, timingSafeEqual } from 'node:crypto';
import { existsSync } from 'node:fs';
import { basename } from 'node:path';
import { type StoreOptions, standardKeyFile } from '../config/store.ts';
import { answerOf } from '../core/operations/perform.ts';
import { resealedFactors } from '../core/operations/prove-second-factor.ts';
import { all, one } from '../core/plan.ts';
import { fingerprintOf, keysOf } from '../core/services/keys.ts';
import type { Keys } from '../core/services/services.ts';
import type { Store } from '../core/services/store.ts';
import { resealed } from '../core/services/tag-keys.ts';
import { SERVER_KEY } from '../core/tables/keys.ts';
import { TOTP } from '../core/tables/second-factors.ts';
import { makeKey, readKey } from '../server/key-file.ts';
import { type ConfirmOptions, confirm, FEW_LOGINS } from './terminal/confirm.ts';
import { UsageError } from './terminal/failures.ts';
import { type OutputOptions, printResult } from './terminal/output.ts';
import { withStore } from './workspace.ts';

const random = (bytes: number): Uint8Array => randomBytes(bytes);

interface ReplaceOptions extends OutputOptions, StoreOptions, ConfirmOptions {
  readonly keyFile?: string;
  readonly previous?: string;
  readonly leaked?: boolean;
}

export async function replaceKey(options: ReplaceOptions): Promise<void> {
  const path = options.keyFile ?? standardKeyFile(options.dataDir);
  const { previous, leaked = false } = options;
  const old = previous === undefined ? undefined : readKey(previous);
  const attempt = (isAsked: boolean) =>
    withStore(options, 'it would go on with the key before', async (store) => {
      const isReplaced = await requireReplaceable(store, path, old, options);
      const question = isAsked || isReplaced ? undefined : await questionOf(store, old !== undefined);
      if (question !== undefined) {
        return question;
      }
      const key = makeKey(path);
      const sealed = await sealedAnew(store, old && keysOf(old, random), keysOf(key, random));
      const command = { kind: 'replace_key', fingerprint: fingerprintOf(key), leaked, ...sealed } as const;
      answerOf(await store.execute({ ...command, authority: 'operator' }));
      return undefined;
    });
  const question = await attempt(options.yes === true);
  if (question !== undefined) {
    // Not while the store is open: others would wait for who types.
    await confirm(options, question, basename(path));
    await attempt(true);
  }
  printResult(
    options,
    { key_file: path },
    'Every server of the store must be stopped by now. Start them with this key.',
  );
}

/** What is asked before people lose a way to log in. Undefined: hardly anybody does. */
async function questionOf(store: Store, isKeyKept: boolean): Promise<string | undefined> {
  const { factors } = await store.read({ factors: all(TOTP, {}) });
  const count = factors.filter(({ active, recoveryDigests }) => active && (!isKeyKept || recoveryDigests.length > 0));
  const users = count.length.toLocaleString('en');
  if (count.length <= FEW_LOGINS) {
    return undefined;
  }
  return isKeyKept
    ? `this ends the recovery codes of ${users} users`
    : `this ends the second factors of ${users} users, who can’t log in until each is removed`;
}

/** Whether the file's key is the store's already. A mistyped file would pass for a lost key, and a key that leaked would stay. */
async function requireReplaceable(
  store: Store,
  path: string,
  old: Uint8Array | undefined,
  { previous, leaked = false }: ReplaceOptions,
): Promise<boolean> {
  const { bound } = await store.read({ bound: one(SERVER_KEY, { id: 1 }) });
  const isBoundTo = (key: Uint8Array) => bound === undefined || timingSafeEqual(bound.fingerprint, fingerprintOf(key));
  const isReplaced = existsSync(path) && isBoundTo(readKey(path));
  if (leaked && isReplaced) {
    throw new UsageError(`${path} holds the key that the store has now. Move it away, or name another with --key-file`);
  }
  // Unless the command is repeated.
  if (old !== undefined && !isBoundTo(old) && !isReplaced) {
    throw new UsageError(`${previous} is not the key that the store was set up with. Name that one with --previous`);
  }
  return isReplaced;
}

/** What the key before opens, or the new one already, where the command is repeated. */
async function sealedAnew(store: Store, old: Keys | undefined, renewed: Keys) {
  const factors = old === undefined ? [] : await resealedFactors(store, old, renewed);
  return { boxes: await resealed(store, old === undefined ? [renewed] : [old, renewed], renewed), factors };
}
