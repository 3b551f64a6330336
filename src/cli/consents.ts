/** `symbolon consent`. */
import { Command } from 'commander';
import type { GrantedConsent } from '../../gen/ts/symbolon/v1/consent_service.ts';
import { withApi, withApiOptions } from './api/open.ts';
import { argumentOrInput } from './input.ts';
import { printPages } from './lists.ts';
import { idOf, type TenantOptions, tenantCommand, tenantIn } from './naming.ts';
import { UsageError } from './terminal/failures.ts';
import { jsonOption, printResult, type Result } from './terminal/output.ts';
import { timeText } from './times.ts';
import { type WaitOptions, waitedResult, waitOf, waitOption } from './waiting.ts';

interface ListOptions extends TenantOptions {
  readonly user?: string;
}

export function consentCommand(): Command {
  const list = tenantCommand(new Command('list'))
    .description('print what a user has granted to clients')
    .option('--user <user>', 'the user: its id, login name, or verified e-mail or phone number')
    .action(listConsents);
  const withdraw = withApiOptions(new Command('withdraw').addOption(jsonOption()))
    .description('take back what a user granted to a client, and end the tokens that came by it')
    .argument('<consent-id>', 'the id of the consent (co_…), or - to read it from standard input')
    .option('--tenant <tenant-id>', 'id of the tenant')
    .addOption(waitOption())
    .action(withdrawConsent);
  return new Command('consent').description('what users granted to clients').addCommand(list).addCommand(withdraw);
}

async function listConsents(options: ListOptions): Promise<void> {
  const { user: named } = options;
  if (named === undefined) {
    throw new UsageError('whose consents is not said. Give --user');
  }
  const tenantId = tenantIn(options);
  await withApi(options, tenantId, async (api) => {
    const user = { $case: 'userId', value: await idOf(api, 'user', tenantId, named) } as const;
    await printPages(options, {
      columns: ['consent_id', 'client_id', 'client_name', 'grant_time', 'scopes'],
      none: 'The user has not granted anything to a client',
      read: async (page) => {
        const { consents, nextPageToken } = await api.call('listConsents', { user, ...page });
        return { rows: consents.map(consentResult), next: nextPageToken };
      },
    });
  });
}

function consentResult({ consentId, clientId, clientName, scopes, grantTime }: GrantedConsent): Result {
  return {
    consent_id: consentId,
    client_id: clientId,
    client_name: clientName,
    grant_time: timeText(grantTime),
    scopes,
  };
}

async function withdrawConsent(argument: string, options: TenantOptions & WaitOptions): Promise<void> {
  const consentId = await argumentOrInput(argument);
  const tenantId = tenantIn(options);
  const { withdrawn, revision, verifiers } = await withApi(options, tenantId, (api) =>
    api.call('withdrawConsent', { consentId, ...waitOf(options) }),
  );
  const reason = withdrawn ? {} : { reason: 'it was withdrawn before' };
  const done = { withdrawn, consent_id: consentId, tenant_id: tenantId, revision, ...reason };
  printResult(options, { ...done, ...waitedResult(verifiers) });
}
