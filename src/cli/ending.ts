/** `disable`, `enable`, `revoke` and `delete` of a tenant, client, user or device: the operator's ways to end tokens at once. */
import type { Command } from 'commander';
import type { CutOff } from '../core/commands/cut-off.ts';
import { idOf, type Kind, type TargetOptions, targetCommand } from './naming.ts';
import { printResult, type Result } from './output.ts';
import { executeAsOperator, withStore } from './workspace.ts';

const VERBS: readonly { verb: string; cause: CutOff['cause'] | 'enabled'; does: string }[] = [
  { verb: 'disable', cause: 'disabled', does: 'refuse its logins and calls, and end all of its tokens' },
  { verb: 'enable', cause: 'enabled', does: 'let it in again; tokens that ended stay dead' },
  { verb: 'revoke', cause: 'revoked', does: 'end all of its tokens; it can log in again' },
  { verb: 'delete', cause: 'deleted', does: 'delete it, and end all of its tokens' },
];

/** The four commands of one kind. A tenant can't be deleted: its revisions would begin anew. */
export function endingCommands(kind: Kind): Command[] {
  return VERBS.filter(({ verb }) => kind !== 'tenant' || verb !== 'delete').map(({ verb, cause, does }) =>
    targetCommand(kind, verb)
      .description(does)
      .action((name: string, options: TargetOptions) => endOrEnable(kind, cause, name, options)),
  );
}

async function endOrEnable(
  kind: Kind,
  cause: CutOff['cause'] | 'enabled',
  name: string,
  options: TargetOptions,
): Promise<void> {
  const result = await withStore(options, async (store): Promise<Result> => {
    const tenantId = options.tenant ?? name;
    const target = { kind, id: await idOf(store, kind, tenantId, name) };
    const named = { tenant_id: tenantId, ...(kind === 'tenant' ? {} : { [`${kind}_id`]: target.id }) };
    if (cause === 'enabled') {
      await executeAsOperator(store, { kind: 'enable', tenantId, target });
      return named;
    }
    const { revision } = await executeAsOperator(store, { kind: 'cut_off', tenantId, target, cause });
    return { ...named, revision };
  });
  printResult(options, result);
}
