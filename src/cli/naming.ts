/** Naming a tenant, client, user or device on the command line, and the names that are given to them. */
import { Command, InvalidArgumentError, Option } from 'commander';
import type { StoreOptions } from '../config/store.ts';
import { SymbolonError } from '../core/errors.ts';
import type { Target } from '../core/model.ts';
import { findSubject } from '../core/services/lookups.ts';
import type { Store } from '../core/services/store.ts';
import { requireDisplayName } from '../core/text/fields.ts';
import type { LoginHandle } from '../core/text/handles.ts';
import { parseUsername, toVendorIdHandle } from '../core/text/usernames.ts';
import { jsonOption, type OutputOptions } from './output.ts';
import { onStore } from './workspace.ts';

export type Kind = Target['kind'];

export interface TargetOptions extends OutputOptions, StoreOptions {
  readonly tenant?: string;
}

const WHO: Readonly<Record<Kind, string>> = {
  tenant: 'its id',
  client: 'its id',
  user: 'its id, login name, or verified e-mail or phone number',
  device: 'its id or vendor id',
};

/** A command on one target that is named by its argument. */
export function targetCommand(kind: Kind, verb: string): Command {
  const command = new Command(verb).argument(`<${kind}>`, WHO[kind]).addOption(jsonOption());
  return onStore(kind === 'tenant' ? command : command.requiredOption('--tenant <tenant-id>', 'id of its tenant'));
}

/** The id of who is named; an id stands for itself. */
export async function idOf(store: Store, kind: Kind, tenantId: string, name: string): Promise<string> {
  if (kind === 'tenant' || kind === 'client') {
    return name;
  }
  for (const handle of handlesOf(kind, name)) {
    const subject = await findSubject(store, tenantId, handle);
    if (subject?.kind === kind) {
      return subject.subjectId;
    }
  }
  throw new Error(`there is no ${kind} ${name} in the tenant ${tenantId}. Name ${WHO[kind]}`);
}

function handlesOf(kind: 'user' | 'device', name: string): LoginHandle[] {
  const byName = kind === 'device' ? toVendorIdHandle(name) : parseUsername(name);
  return [{ kind: 'subject_id', key: name }, ...(byName === undefined ? [] : [byName])];
}

/** The value of an option as the core keeps it, by one of its checks. */
export function keptBy(check: (text: string) => string): (text: string) => string {
  return (text) => {
    try {
      return check(text);
    } catch (error) {
      throw error instanceof SymbolonError ? new InvalidArgumentError(`${error.message}.`) : error;
    }
  };
}

export function displayNameOption(description: string): Option {
  return new Option('--display-name <name>', description).argParser(keptBy(requireDisplayName));
}
