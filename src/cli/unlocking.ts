/** `symbolon user|device unlock`, and `user remove-totp`. */
import type { Command } from 'commander';
import { withApi } from './api/open.ts';
import { named } from './ending.ts';
import { idOf, type SubjectKind, type TenantOptions, targetCommand, tenantIn } from './naming.ts';
import { printResult } from './terminal/output.ts';

export function unlockCommand(kind: SubjectKind): Command {
  const what = kind === 'user' ? 'failed logins and wrong second factors' : 'failed logins';
  return targetCommand(kind, 'unlock')
    .description(`forget its ${what}, so that it can log in again at once`)
    .action(async (name: string, options: TenantOptions) => {
      const tenantId = tenantIn(options);
      const result = await withApi(options, tenantId, async (api) => {
        const id = await idOf(api, kind, tenantId, name);
        const { hadFailures } =
          kind === 'user'
            ? await api.call('unlockUser', { user: { user: { $case: 'userId', value: id } } })
            : await api.call('unlockDevice', { device: { device: { $case: 'deviceId', value: id } } });
        return { ...named(kind, tenantId, id), had_failures: hadFailures };
      });
      printResult(options, result);
    });
}

export function removeTotpCommand(): Command {
  return targetCommand('user', 'remove-totp')
    .description(
      'take its second factor away, of a user who lost it: it logs in by its password alone, and can enroll another',
    )
    .action(async (name: string, options: TenantOptions) => {
      const tenantId = tenantIn(options);
      const result = await withApi(options, tenantId, async (api) => {
        const id = await idOf(api, 'user', tenantId, name);
        await api.call('removeTotp', { user: { user: { $case: 'userId', value: id } } });
        return named('user', tenantId, id);
      });
      printResult(options, result);
    });
}
