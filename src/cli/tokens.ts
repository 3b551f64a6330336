/** `symbolon token`. */
import { Command } from 'commander';
import type { TokenFamily } from '../../gen/ts/symbolon/v1/token_service.ts';
import { familyOfTokenId, isFamilyId, parseToken } from '../core/token-form.ts';
import { type ApiOptions, withApi, withApiOptions } from './api/open.ts';
import { argumentOrInput } from './input.ts';
import { printPages } from './lists.ts';
import { idOf, type TenantOptions, tenantCommand, tenantIn } from './naming.ts';
import { UsageError } from './terminal/failures.ts';
import { jsonOption, type OutputOptions, printResult, type Result } from './terminal/output.ts';
import { expiryText, timeText } from './times.ts';
import { type WaitOptions, waitedResult, waitOf, waitOption } from './waiting.ts';

interface ListOptions extends TenantOptions {
  readonly user?: string;
  readonly device?: string;
  readonly client?: string;
}

/** As ts-proto numbers them. */
const KINDS = ['', 'USER', 'DEVICE', 'APPLICATION', 'ADMIN', 'ANONYMOUS'];

export function tokenCommand(): Command {
  const list = tenantCommand(new Command('list'))
    .description('print the live logins of a user, device or client, never a token itself')
    .option('--user <user>', 'of a user: its id, login name, or verified e-mail or phone number')
    .option('--device <device>', 'of a device: its id or vendor id')
    .option('--client <client-id>', 'of a client: those that stand for the client itself')
    .action(listTokens);
  const introspect = withApiOptions(new Command('introspect').addOption(jsonOption()))
    .description('tell whether an access token is live, whose it is and what it may do')
    .argument('<token>', 'the token, or - to read it from standard input')
    .action(introspectToken);
  const revoke = withApiOptions(new Command('revoke').addOption(jsonOption()))
    .description('end a token with its whole family')
    .argument('<target>', 'a token, a token id (ta_… or tr_…), a family id (fm_…), or - to read it from standard input')
    .option('--tenant <tenant-id>', 'id of the tenant; needed with an id')
    .addOption(waitOption())
    .action(revokeTarget);
  return new Command('token').description('tokens').addCommand(list).addCommand(introspect).addCommand(revoke);
}

async function listTokens(options: ListOptions): Promise<void> {
  const holders = (['user', 'device', 'client'] as const).filter((kind) => options[kind] !== undefined);
  const [kind, ...others] = holders;
  if (kind === undefined || others.length > 0) {
    throw new UsageError(
      kind === undefined
        ? 'whose tokens is not said. Give --user, --device or --client'
        : `--${kind} is given with --${others[0]}. Leave one of them out`,
    );
  }
  const tenantId = tenantIn(options);
  await withApi(options, tenantId, async (api) => {
    const value = await idOf(api, kind, tenantId, options[kind] ?? '');
    const subject = { $case: `${kind}Id`, value } as const;
    await printPages(options, {
      columns: [
        ...['family_id', 'kind', 'client_id', 'issue_time', 'last_use_time', 'expire_time'],
        ...['place_address', 'place_agent', 'audience', 'scopes', 'token_ids'],
      ],
      none: `The ${kind} has no live login`,
      read: async (page) => {
        const { families, nextPageToken } = await api.call('listTokens', { subject, ...page });
        return { rows: families.map(familyResult), next: nextPageToken };
      },
    });
  });
}

function familyResult(family: TokenFamily): Result {
  return {
    family_id: family.familyId,
    kind: KINDS[family.kind] ?? '',
    client_id: family.clientId === '' ? null : family.clientId,
    audience: family.audience === '' ? null : family.audience,
    scopes: family.scopes,
    issue_time: timeText(family.issueTime),
    last_use_time: timeText(family.lastUseTime),
    place_address: family.placeAddress === '' ? null : family.placeAddress,
    place_agent: family.placeAgent === '' ? null : family.placeAgent,
    expire_time: expiryText(family.expireTime),
    token_ids: family.tokens.map(({ tokenId }) => tokenId),
  };
}

async function introspectToken(argument: string, options: ApiOptions & OutputOptions): Promise<void> {
  const token = await argumentOrInput(argument);
  const found = await withApi(options, '', (api) => api.call('introspect', { token }));
  if (!found.active) {
    printResult(options, { active: false });
    return;
  }
  printResult(options, {
    active: true,
    token_id: found.tokenId,
    kind: KINDS[found.kind] ?? '',
    tenant_id: found.tenantId,
    client_id: found.clientId === '' ? null : found.clientId,
    subject_id: found.subjectId,
    audience: found.audience === '' ? null : found.audience,
    scopes: found.scopes,
    issue_time: timeText(found.issueTime),
    expire_time: expiryText(found.expireTime),
    family_id: found.familyId,
  });
}

async function revokeTarget(argument: string, options: TenantOptions & WaitOptions): Promise<void> {
  const target = targetOf(await argumentOrInput(argument));
  // A token tells its tenant itself, to who may end any.
  const tenantId = target.$case === 'token' ? (options.tenant ?? '') : tenantIn(options);
  const { revoked, revision, verifiers } = await withApi(options, tenantId, (api) =>
    api.call('revoke', { target, ...waitOf(options) }),
  );
  // An operator whose id has a typing error must not believe that a token is dead now.
  const reason = revoked ? {} : { reason: 'it is unknown, or was revoked before' };
  const done = { revoked, tenant_id: tenantId === '' ? null : tenantId, revision, ...reason };
  printResult(options, { ...done, ...waitedResult(verifiers) });
}

function targetOf(value: string) {
  if (parseToken(value) !== undefined) {
    return { $case: 'token', value } as const;
  }
  if (familyOfTokenId(value) !== undefined) {
    return { $case: 'tokenId', value } as const;
  }
  if (isFamilyId(value)) {
    return { $case: 'familyId', value } as const;
  }
  throw new UsageError(
    'the target must be a token, a token id (ta_… or tr_…) or a family id (fm_…). Check that no character was lost in copying',
  );
}
