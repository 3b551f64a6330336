/** `symbolon token introspect|revoke`: the operator has the files, so needs no client; the rules are the same. */
import { Command } from 'commander';
import type { StoreOptions } from '../config/store.ts';
import { isLive } from '../core/rules/liveness.ts';
import { digestOf } from '../core/secrets.ts';
import type { Store } from '../core/services/store.ts';
import { familyOfTokenId, isFamilyId, parseToken, tokenIdOf } from '../core/token-form.ts';
import { jsonOption, type OutputOptions, printResult, type Result } from './output.ts';
import { executeAsOperator, onStore, readStandardInput, withStore } from './workspace.ts';

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
    .argument('<target>', 'a token, a token id (ta_… or tr_…), a family id (fm_…), or - to read it from standard input')
    .option('--tenant <tenant-id>', 'id of the tenant; needed with an id')
    .addOption(jsonOption())
    .action(revokeTarget);
  return new Command('token').description('tokens').addCommand(onStore(introspect)).addCommand(onStore(revoke));
}

async function introspectToken(argument: string, options: TokenOptions): Promise<void> {
  const token = await argumentOrInput(argument);
  printResult(options, await withStore(options, (store) => introspection(store, token)));
}

async function introspection(store: Store, text: string): Promise<Result> {
  const token = parseToken(text);
  const { reading } = token === undefined ? { reading: undefined } : await store.readFamily(null, token.familyId);
  if (reading === undefined || !isLive(reading, digestOf(text), Date.now())) {
    return { active: false };
  }
  const { family } = reading;
  return {
    active: true,
    token_id: tokenIdOf('access', family.familyId, family.generation),
    kind: family.kind,
    tenant_id: family.tenantId,
    client_id: family.clientId,
    subject_id: family.subjectId,
    scopes: family.scopes,
    issue_time: new Date(family.accessIssueTime).toISOString(),
    expire_time: new Date(family.accessExpireTime).toISOString(),
    family_id: family.familyId,
  };
}

async function revokeTarget(argument: string, options: TokenOptions): Promise<void> {
  const text = await argumentOrInput(argument);
  const result = await withStore(options, async (store): Promise<Result> => {
    const { familyId, isToken } = targetOf(text);
    const tenantId = isToken ? await tenantOf(store, familyId) : requireTenant(options);
    if (tenantId === undefined) {
      return { revoked: false, reason: 'there is no such token' };
    }
    const { revision, revoked } = await executeAsOperator(store, { kind: 'revoke', tenantId, familyId });
    // An operator whose id has a typing error must not believe that a token is dead now.
    const reason = revoked ? {} : { reason: 'it is unknown in the tenant, or was revoked before' };
    return { revoked, tenant_id: tenantId, revision, ...reason };
  });
  printResult(options, result);
}

async function tenantOf(store: Store, familyId: string): Promise<string | undefined> {
  return (await store.readFamily(null, familyId)).reading?.family.tenantId;
}

/** The login that is named. An operator may end any, so that a token need not be proven. */
function targetOf(text: string): { readonly familyId: string; readonly isToken: boolean } {
  const token = parseToken(text);
  const familyId = token?.familyId ?? familyOfTokenId(text) ?? (isFamilyId(text) ? text : undefined);
  if (familyId === undefined) {
    throw new Error(
      'the target must be a token, a token id (ta_… or tr_…) or a family id (fm_…). Check that no character was lost in copying',
    );
  }
  return { familyId, isToken: token !== undefined };
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
