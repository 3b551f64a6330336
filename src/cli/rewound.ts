/** `symbolon store rewound`. */
import { Command } from 'commander';
import { ConfigError } from '../config/flags.ts';
import { type StoreOptions, storeLocation } from '../config/store.ts';
import type { Store } from '../core/services/store.ts';
import { TENANTS, type Tenant } from '../core/tables/tenants.ts';
import { type ConfirmOptions, confirm, yesOption } from './terminal/confirm.ts';
import { UsageError } from './terminal/failures.ts';
import { jsonOption, type OutputOptions, printResult } from './terminal/output.ts';
import { amountText, Progress } from './terminal/progress.ts';
import { onStore, withStore } from './workspace.ts';

interface RewoundOptions extends OutputOptions, StoreOptions, ConfirmOptions {
  readonly keepTokens?: boolean;
}

const PAGE = 500;

const WHY = 'nothing of it is changed beside a server';
const CUT_OFF =
  'Every token that was issued until now is dead: nobody knows which were revoked in what is lost. Everybody must log in anew.';
const KEPT = 'Tokens that were revoked in what is lost live again.';
const AS_BEFORE =
  'What was disabled or deleted, or got another password, secret or second factor, in what is lost is as before again: do that anew.';

export function rewoundCommand(): Command {
  const command = new Command('rewound')
    .description(
      'say that PostgreSQL lost its end, by a restore or a failover: no revision is given twice, and all tokens end; servers may run',
    )
    .option('--keep-tokens', 'end no tokens: those that were revoked in what is lost live again')
    .addOption(yesOption())
    .addOption(jsonOption())
    .action(rewound);
  return onStore(command);
}

async function rewound(options: RewoundOptions): Promise<void> {
  const location = storeLocation(options);
  if (location.kind === 'sqlite') {
    throw new ConfigError(
      'this is for PostgreSQL, and the store is sqlite, where `symbolon store restore` does all of it. Name the database with --store ' +
        '(or SYMBOLON_STORE)',
    );
  }
  const { describeLocation } = await import('../store/open.ts');
  const keepTokens = options.keepTokens === true;
  const where = describeLocation(location);
  const database = where.slice(where.lastIndexOf('/') + 1);
  if (!keepTokens) {
    // Before the store is open: others would wait for who types.
    await confirm(options, `this ends all logins of all tenants in ${where}`, database);
  }
  const progress = new Progress();
  const tenants = await withStore(options, WHY, (store) => rewindAll(store, keepTokens, progress)).finally(() =>
    progress.end(),
  );
  if (tenants === 0) {
    throw new UsageError(`${where} has no tenant, so nothing was done. Name the database that has them with --store`);
  }
  printResult(
    options,
    { store: where, tenants, tenants_cut_off: keepTokens ? 0 : tenants, tokens_kept: keepTokens },
    `${keepTokens ? KEPT : CUT_OFF}\n${AS_BEFORE}\nVerifiers begin afresh within a second, wherever they are.`,
  );
}

/** Answers the number of tenants. Each is a transaction of its own; done again after it broke off, it ends the rest and the first ones anew. */
async function rewindAll(store: Store, keepTokens: boolean, progress: Progress): Promise<number> {
  const [{ answerOf }, { operatorHere }] = await Promise.all([
    import('../core/operations/perform.ts'),
    import('./api/directory.ts'),
  ]);
  const by = operatorHere();
  let count = 0;
  for (let after: Pick<Tenant, 'tenantId'> | undefined; ; ) {
    const page = await store.list(TENANTS, {}, { limit: PAGE, ...(after && { after: [after.tenantId] }) });
    for (const { tenantId } of page) {
      answerOf(await store.execute({ kind: 'rewind_tenant', tenantId, keepTokens, authority: 'operator', by }));
      progress.tell(amountText('tenants', ++count, undefined, 'rows'));
    }
    after = page.at(-1);
    if (page.length < PAGE) {
      return count;
    }
  }
}
