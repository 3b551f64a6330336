/** The store that an operator's command works on: the one of the data directory, with or without a server beside it. */
import { isUtf8 } from 'node:buffer';
import { randomBytes } from 'node:crypto';
import { userInfo } from 'node:os';
import { buffer } from 'node:stream/consumers';
import type { Command as CliCommand } from 'commander';
import { type StoreOptions, storeLocation, storeOptions } from '../config/store.ts';
import { type Actor, SERVER } from '../core/actor.ts';
import type { Outcome } from '../core/changes.ts';
import type { AnswerOf, CommandData } from '../core/commands/index.ts';
import { answerOf } from '../core/operations/perform.ts';
import { readTenant } from '../core/services/lookups.ts';
import type { Store } from '../core/services/store.ts';
import type { Password } from '../core/text/passwords.ts';
import { Argon2Hasher } from '../password/argon2-hasher.ts';
import { openStore } from '../store/open.ts';
import { requireDatabase } from '../store/sqlite/directory.ts';

/** Adds the flags that tell where the store is. */
export function onStore(command: CliCommand): CliCommand {
  for (const option of storeOptions()) {
    command.addOption(option);
  }
  return command;
}

/** Runs `work` on the store that the flags name; a data directory must be one that `symbolon init` or `serve` made. */
export async function withStore<T>(options: StoreOptions, work: (store: Store) => Promise<T>): Promise<T> {
  const location = storeLocation(options);
  if (location.kind === 'sqlite') {
    requireDatabase(location.directory);
  }
  const store = await openStore(location, { clock: Date.now });
  try {
    return await work(store);
  } finally {
    await store.close();
  }
}

/** Executes a command; a refusal becomes an error for the operator. */
export async function executeAsOperator<C extends CommandData>(store: Store, command: C): Promise<AnswerOf<C>> {
  const outcome = await store.execute({ ...command, authority: 'operator', by: operator() });
  return answerOf(outcome as Outcome<AnswerOf<C>>);
}

/** An id that was mistyped must not look like a tenant without entries. */
export async function requireTenant(store: Store, tenantId: string): Promise<void> {
  if ((await readTenant(store, tenantId)) === undefined) {
    throw new Error(`there is no tenant ${tenantId}. Name another, or make it with symbolon tenant create`);
  }
}

/** Who is at the command line, as the audit log names them. */
function operator(): Actor {
  return { ...SERVER, kind: 'operator', id: userInfo().username };
}

export const random = (bytes: number): Uint8Array => randomBytes(bytes);

export async function hashPassword(password: Password): Promise<string> {
  const hasher = await Argon2Hasher.create({ concurrency: 1 });
  return hasher.hash(password);
}

/** Standard input without its last line break. In another encoding, different texts would become the same one. */
export async function readStandardInput(): Promise<string> {
  const bytes = await buffer(process.stdin);
  if (!isUtf8(bytes)) {
    throw new Error('standard input is not valid UTF-8. Write it in UTF-8');
  }
  return bytes.toString('utf8').replace(/\r?\n$/, '');
}
