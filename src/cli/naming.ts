/** Naming a tenant, client, user or device on the command line. */
import { Command } from 'commander';
import type { StoreOptions } from '../config/store.ts';
import type { Target } from '../core/model.ts';
import { findSubject } from '../core/services/lookups.ts';
import type { Store } from '../core/services/store.ts';
import { emailHandle, type LoginHandle, loginNameHandle, phoneHandle, vendorIdHandle } from '../core/text/handles.ts';
import { parsePhone } from '../core/text/phones.ts';
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
  const byId = { kind: 'subject_id', key: name } as const;
  if (kind === 'device') {
    return [byId, vendorIdHandle(name)];
  }
  const phone = parsePhone(name);
  return [
    byId,
    loginNameHandle(name),
    ...(name.includes('@') ? [emailHandle(name)] : []),
    ...(phone === undefined ? [] : [phoneHandle(phone)]),
  ];
}
