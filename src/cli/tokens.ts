/** `symbolon token introspect|revoke`: the operator has the files, so needs no client; the rules are the same. */
import { Command } from 'commander';
import type { StoreOptions } from '../config/store.ts';
import type { RevokeTarget } from '../core/commands.ts';
import { isLive } from '../core/liveness.ts';
import { digestOf, isToken } from '../core/secrets.ts';
import type { Store } from '../core/store.ts';
import { jsonOption, type OutputOptions, printResult, type Result } from './output.ts';
import { onStore, perform, readStandardInput, withStore } from './workspace.ts';

interface TokenOptions extends OutputOptions, StoreOptions {
  readonly tenant?: string;
}

export function tokenCommand(): Command {
  const introspect = new Command('introspect')
    .description('tell whether an access token is live, whose it is and what it may do')
    .argument('<token>', 'the token, or - to read it from standard input')
    .addOption(jsonOption())
    .action(introspectToken);
  const revoke = new Command('revoke')
    .description('end a token with its whole family')
    .argument('<target>', 'a token, a token id (tk_…), a family id (fm_…), or - to read it from standard input')
    .option('--tenant <tenant-id>', 'id of the tenant; needed with an id')
    .addOption(jsonOption())
    .action(revokeTarget);
  return new Command('token').description('tokens').addCommand(onStore(introspect)).addCommand(onStore(revoke));
}

async function introspectToken(argument: string, options: TokenOptions): Promise<void> {
  const token = await argumentOrInput(argument);
  printResult(options, await withStore(options, (store) => introspection(store, token)));
}

async function introspection(store: Store, token: string): Promise<Result> {
  const reading = isToken(token) ? await store.readBearer(digestOf(token)) : undefined;
  if (reading === undefined || !isLive(reading, Date.now())) {
    return { active: false };
  }
  const { token: row, family } = reading;
  return {
    active: true,
    token_id: row.tokenId,
    kind: family.kind,
    tenant_id: family.tenantId,
    client_id: family.clientId,
    subject_id: family.subjectId,
    scopes: family.scopes,
    issue_time: new Date(row.issueTime).toISOString(),
    expire_time: new Date(row.expireTime).toISOString(),
    family_id: family.familyId,
  };
}

async function revokeTarget(argument: string, options: TokenOptions): Promise<void> {
  const text = await argumentOrInput(argument);
  const result = await withStore(options, async (store): Promise<Result> => {
    const target = targetOf(text);
    const tenantId = target.by === 'token' ? await tenantOfToken(store, target.digest) : requireTenant(options);
    if (tenantId === undefined) {
      return { revoked: false, reason: 'there is no such token' };
    }
    const { revision, revoked } = await perform(store, { kind: 'revoke', tenantId, target });
    // An operator whose id has a typing error must not believe that a token is dead now.
    const reason = revoked ? {} : { reason: 'it is unknown in the tenant, or was revoked before' };
    return { revoked, tenant_id: tenantId, revision, ...reason };
  });
  printResult(options, result);
}

async function tenantOfToken(store: Store, digest: Uint8Array): Promise<string | undefined> {
  return (await store.readBearer(digest))?.family.tenantId;
}

function targetOf(text: string): RevokeTarget {
  if (isToken(text)) {
    return { by: 'token', digest: digestOf(text) };
  }
  if (text.startsWith('tk_')) {
    return { by: 'token_id', tokenId: text };
  }
  if (text.startsWith('fm_')) {
    return { by: 'family_id', familyId: text };
  }
  throw new Error(
    'the target must be a token, a token id (tk_…) or a family id (fm_…). Check that no character was lost in copying',
  );
}

function requireTenant({ tenant }: TokenOptions): string {
  if (tenant === undefined) {
    throw new Error('an id needs its tenant. Name it with --tenant');
  }
  return tenant;
}

async function argumentOrInput(argument: string): Promise<string> {
  return argument === '-' ? readStandardInput() : argument;
}
