/** Naming a tenant, client, user or device on the command line, and the names that are given to them. */
import { Command, InvalidArgumentError, Option } from 'commander';
import type { StoreOptions } from '../config/store.ts';
import { SymbolonError } from '../core/errors.ts';
import { hasIdForm } from '../core/ids.ts';
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

/** What may stand before a name that could be several. */
const PREFIXES: Readonly<Partial<Record<Kind, string>>> = {
  user: ' (id:, login-name:, email: or phone: before it says which)',
  device: ' (id: or vendor-id: before it says which)',
};

/** A command on one target that is named by its argument. */
export function targetCommand(kind: Kind, verb: string): Command {
  const command = new Command(verb)
    .argument(`<${kind}>`, `${WHO[kind]}${PREFIXES[kind] ?? ''}`)
    .addOption(jsonOption());
  return onStore(kind === 'tenant' ? command : command.requiredOption('--tenant <tenant-id>', 'id of its tenant'));
}

/** The id of who is named; an id stands for itself. What could name two people names nobody until its kind is said. */
export async function idOf(store: Store, kind: Kind, tenantId: string, name: string): Promise<string> {
  if (kind === 'tenant' || kind === 'client') {
    return name;
  }
  const found = new Map<string, string>();
  for (const handle of handlesOf(kind, name)) {
    const subject = await findSubject(store, tenantId, handle);
    if (subject?.kind === kind && !found.has(subject.subjectId)) {
      found.set(subject.subjectId, `${prefixOf(handle)}:${handle.key}`);
    }
  }
  const [id, ...others] = found.keys();
  if (id === undefined) {
    throw new Error(`there is no ${kind} ${name} in the tenant ${tenantId}. Name ${WHO[kind]}`);
  }
  if (others.length > 0) {
    const ways = [...found.values()].join(' or ');
    throw new Error(`${name} names more than one ${kind} of the tenant ${tenantId}. Name ${ways}`);
  }
  return id;
}

/** No name has a colon, so that a kind before one is nothing else. */
function handlesOf(kind: 'user' | 'device', name: string): LoginHandle[] {
  const [, prefix = '', said = ''] = /^(id|login-name|email|phone|vendor-id):(.+)$/i.exec(name) ?? [];
  const text = prefix === '' ? name : said;
  const byId: LoginHandle = { kind: 'subject_id', key: text };
  if (prefix.toLowerCase() === 'id') {
    return [byId];
  }
  const userName = prefix === '' ? text : `${prefix.toUpperCase().replace('-', '_')}:${text}`;
  const byName = kind === 'device' ? toVendorIdHandle(text) : parseUsername(userName);
  const isSaid = prefix === '' || (kind === 'device') === (prefix.toLowerCase() === 'vendor-id');
  const named = byName === undefined || !isSaid ? [] : [byName];
  if (prefix !== '') {
    return named;
  }
  // Older stores may have a name of this form; who says an id means the id.
  return [byId, ...(hasIdForm(name) ? [] : named)];
}

function prefixOf({ kind }: LoginHandle): string {
  return kind === 'subject_id' ? 'id' : kind.replace('_', '-');
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
