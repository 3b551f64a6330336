/** `symbolon audit`: who changed what in a tenant, and whether that record still holds. */
import { Command, InvalidArgumentError, Option } from 'commander';
import { wholeNumber } from '../config/flags.ts';
import type { StoreOptions } from '../config/store.ts';
import { verifyRecords } from '../core/operations/audit.ts';
import type { Store } from '../core/services/store.ts';
import { AUDIT_RECORDS, type AuditRecord } from '../core/tables/audit.ts';
import { jsonOption, Lines, type OutputOptions, plain, printResult } from './output.ts';
import { onStore, requireTenant, withStore } from './workspace.ts';

interface AuditOptions extends OutputOptions, StoreOptions {
  readonly tenant: string;
  readonly after: number;
}

interface ListOptions extends AuditOptions {
  readonly limit?: number;
}

interface VerifyOptions extends AuditOptions {
  readonly expectHead?: string;
}

const PAGE = 1_000;
const MAX_RECORDS = Number.MAX_SAFE_INTEGER;

export function auditCommand(): Command {
  const list = withTenant(new Command('list'))
    .description('print the records of a tenant in their order, one on a line')
    .addOption(new Option('--limit <number>', 'print at most this many records').argParser(wholeNumber(1, MAX_RECORDS)))
    .action(listRecords);
  const verify = withTenant(new Command('verify'))
    .description('check that no record was altered, taken out or put in; exits with 1 when one was')
    .addOption(
      new Option(
        '--expect-head <sequence:hash>',
        'a head that was printed earlier and kept elsewhere; the log must still hold it',
      ).argParser(parseHead),
    )
    .action(verifyLog);
  return new Command('audit').description('the audit log').addCommand(onStore(list)).addCommand(onStore(verify));
}

function withTenant(command: Command): Command {
  return command
    .requiredOption('--tenant <tenant-id>', 'id of the tenant')
    .addOption(
      new Option('--after <sequence>', 'begin after the record of this number')
        .default(0)
        .argParser(wholeNumber(0, MAX_RECORDS)),
    )
    .addOption(jsonOption());
}

async function listRecords(options: ListOptions): Promise<void> {
  const { tenant: tenantId, limit = MAX_RECORDS } = options;
  await withStore(options, async (store) => {
    await requireTenant(store, tenantId);
    const lines = new Lines();
    let [after, left] = [options.after, limit];
    while (left > 0 && lines.isWanted) {
      const records = await store.list(AUDIT_RECORDS, { tenantId }, { after: [after], limit: Math.min(PAGE, left) });
      for (const record of records) {
        lines.print(options.json === true ? JSON.stringify(resultOf(record)) : lineOf(record));
      }
      const last = records.at(-1);
      if (last === undefined) {
        return;
      }
      after = last.sequence;
      left -= records.length;
    }
  });
}

function resultOf({ actor, hash, ...record }: AuditRecord) {
  return {
    sequence: record.sequence,
    event_time: new Date(record.eventTime).toISOString(),
    actor_kind: actor.kind,
    actor_id: actor.id,
    token_id: actor.tokenId,
    address: actor.address,
    request_id: actor.requestId,
    action: record.action,
    target_kind: record.targetKind,
    target_id: record.targetId,
    result: record.result,
    details: record.details,
    hash: hexOf(hash),
  };
}

function lineOf(record: AuditRecord): string {
  const { actor, sequence, eventTime, action, targetKind, targetId, result, details } = record;
  const who = [actor.kind, actor.id, actor.tokenId, actor.address].filter((each) => each !== null && each !== '');
  const what = [action, targetKind, targetId, result, ...(details === '' ? [] : [`(${details})`])];
  return plain([sequence, new Date(eventTime).toISOString(), who.join(' '), ...what].join('  '));
}

async function verifyLog(options: VerifyOptions): Promise<void> {
  const { tenant: tenantId, expectHead } = options;
  const verified = await withStore(options, async (store) => {
    await requireTenant(store, tenantId);
    if (expectHead !== undefined) {
      await requireHead(store, tenantId, expectHead);
    }
    return verifyRecords(store, tenantId, options.after, MAX_RECORDS);
  });
  if (!verified.intact) {
    throw new Error(
      `the audit log of ${tenantId} does not hold at record ${verified.brokenSequence}: it was altered, taken out or put in. ` +
        `Records read before it, which hold: ${verified.count}`,
    );
  }
  const head = `${verified.lastSequence}:${hexOf(verified.lastHash)}`;
  printResult(
    options,
    { tenant_id: tenantId, intact: true, records: verified.count, head },
    'Keep the head elsewhere. Given as --expect-head, it betrays a log that was written anew as a whole.',
  );
}

async function requireHead(store: Store, tenantId: string, head: string): Promise<void> {
  const [sequence = '0', hash = ''] = head.split(':');
  const [record] = await store.list(AUDIT_RECORDS, { tenantId }, { after: [Number(sequence) - 1], limit: 1 });
  if (record?.sequence !== Number(sequence) || hexOf(record.hash) !== hash) {
    throw new Error(`the audit log of ${tenantId} has no record ${head}: it was written anew or cut`);
  }
}

function parseHead(text: string): string {
  if (!/^[1-9][0-9]{0,15}:[0-9a-f]{64}$/.test(text)) {
    throw new InvalidArgumentError('It must be a head that `symbolon audit verify` printed: sequence:hash.');
  }
  return text;
}

function hexOf(hash: Uint8Array): string {
  return Buffer.from(hash).toString('hex');
}
