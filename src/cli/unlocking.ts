/** `symbolon user|device unlock`. */
import type { Command } from 'commander';
import { idOf, type TargetOptions, targetCommand } from './naming.ts';
import { printResult } from './output.ts';
import { executeAsOperator, withStore } from './workspace.ts';

export function unlockCommand(kind: 'user' | 'device'): Command {
  const what = kind === 'user' ? 'failed logins and wrong second factors' : 'failed logins';
  return targetCommand(kind, 'unlock')
    .description(`forget its ${what}, so that it can log in again at once`)
    .action(async (name: string, options: TargetOptions) => {
      const tenantId = options.tenant ?? '';
      const result = await withStore(options, async (store) => {
        const subjectId = await idOf(store, kind, tenantId, name);
        const command = { kind: 'unlock', tenantId, subjectKind: kind, subjectId } as const;
        const { hadFailures } = await executeAsOperator(store, command);
        return { tenant_id: tenantId, [`${kind}_id`]: subjectId, had_failures: hadFailures };
      });
      printResult(options, result);
    });
}
