/** `disable`, `enable`, `revoke` and `delete` of a tenant, client, user or device: the operator's ways to end tokens at once. */
import { Command } from 'commander';
import type { CutOff, Principal } from '../core/commands.ts';
import type { LoginHandle } from '../core/handles.ts';
import { emailHandle, loginNameHandle, phoneHandle, vendorIdHandle } from '../core/handles.ts';
import { parsePhone } from '../core/names.ts';
import type { Store } from '../core/store.ts';
import type { StoreOptions } from '../store-config.ts';
import { jsonOption, type OutputOptions, printResult, type Result } from './output.ts';
import { onStore, perform, withStore } from './workspace.ts';

type Kind = Principal['kind'];

export interface PrincipalOptions extends OutputOptions, StoreOptions {
  readonly tenant?: string;
}

const WHO: Readonly<Record<Kind, string>> = {
  tenant: 'its id',
  client: 'its id',
  user: 'its id, login name, or verified e-mail or phone number',
  device: 'its id or vendor id',
};

const VERBS: readonly { verb: string; cause: CutOff['cause'] | 'enabled'; does: string }[] = [
  { verb: 'disable', cause: 'disabled', does: 'let it in no more, and end all of its tokens' },
  { verb: 'enable', cause: 'enabled', does: 'let it in again; tokens that were ended stay so' },
  { verb: 'revoke', cause: 'revoked', does: 'end all of its tokens; it can have new ones' },
  { verb: 'delete', cause: 'deleted', does: 'delete it, and end all of its tokens' },
];

/** The four commands of one kind. A tenant can't be deleted: its revisions would begin anew. */
export function standingCommands(kind: Kind): Command[] {
  return VERBS.filter(({ verb }) => kind !== 'tenant' || verb !== 'delete').map(({ verb, cause, does }) =>
    principalCommand(kind, verb)
      .description(does)
      .action((name: string, options: PrincipalOptions) => setStanding(kind, cause, name, options)),
  );
}

/** A command on one principal that is named by its argument. */
export function principalCommand(kind: Kind, verb: string): Command {
  const command = new Command(verb).argument(`<${kind}>`, WHO[kind]).addOption(jsonOption());
  return onStore(kind === 'tenant' ? command : command.requiredOption('--tenant <tenant-id>', 'its tenant'));
}

async function setStanding(
  kind: Kind,
  cause: CutOff['cause'] | 'enabled',
  name: string,
  options: PrincipalOptions,
): Promise<void> {
  const result = await withStore(options, async (store): Promise<Result> => {
    const tenantId = options.tenant ?? name;
    const principal = { kind, id: await idOf(store, kind, tenantId, name) };
    const named = { tenant_id: tenantId, ...(kind === 'tenant' ? {} : { [`${kind}_id`]: principal.id }) };
    if (cause === 'enabled') {
      await perform(store, { kind: 'enable', tenantId, principal });
      return named;
    }
    const { revision } = await perform(store, { kind: 'cut_off', tenantId, principal, cause });
    return { ...named, revision };
  });
  printResult(options, result);
}

/** The id of who is named; an id stands for itself. */
export async function idOf(store: Store, kind: Kind, tenantId: string, name: string): Promise<string> {
  if (kind === 'tenant' || kind === 'client') {
    return name;
  }
  for (const handle of handlesOf(kind, name)) {
    const subject = await store.findSubject(tenantId, handle);
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
