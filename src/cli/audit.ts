/** `symbolon audit`: who changed what in a tenant, and whether that record still holds. */
import { Command, InvalidArgumentError, Option } from 'commander';
import type { AuditRecord } from '../../gen/ts/symbolon/v1/audit_service.ts';
import { wholeNumber } from '../config/flags.ts';
import type { Api } from './api/api.ts';
import { withApi } from './api/open.ts';
import { follow, untilInterrupted } from './following.ts';
import { printPages } from './lists.ts';
import { type TenantOptions, tenantCommand, tenantIn } from './naming.ts';
import { UsageError } from './terminal/failures.ts';
import { ListPrinter, printResult, type Result } from './terminal/output.ts';
import { parseSince, timeText, toTimestamp } from './times.ts';

interface AuditOptions extends TenantOptions {
  readonly after: number;
}

interface ListOptions extends AuditOptions {
  readonly limit?: number;
  /** Epoch milliseconds. */
  readonly since?: number;
  readonly actor?: string;
  readonly target?: string;
  readonly tail?: boolean;
}

interface VerifyOptions extends AuditOptions {
  readonly expectHead?: string;
}

const MAX_RECORDS = Number.MAX_SAFE_INTEGER;
/** As ts-proto numbers them. */
const ACTOR_KINDS = ['', 'client', 'user', 'device', 'operator', 'server'];
const COLUMNS = ['sequence', 'event_time', 'actor_kind', 'actor_id', 'action', 'target_kind', 'target_id', 'result'];

export function auditCommand(): Command {
  const list = auditOf('list')
    .description('print the records of a tenant in their order')
    .addOption(new Option('--limit <number>', 'print at most this many records').argParser(wholeNumber(1, MAX_RECORDS)))
    .addOption(
      new Option(
        '--since <time>',
        'only records from then on: a time such as 2026-01-31T08:00:00Z, or how long ago: 2h',
      ).argParser((text) => parseSince(text)),
    )
    .option('--actor <id>', 'only what this client, user, device or operator did')
    .option('--target <id>', 'only what was done to this one')
    .option('--tail', 'print the newest, and go on with what comes, until Ctrl-C')
    .action((options: ListOptions) => (options.tail === true ? followRecords(options) : listRecords(options)));
  const verify = auditOf('verify')
    .description('check that no record was altered, taken out or put in; fails when one was')
    .addOption(
      new Option(
        '--expect-head <sequence:hash>',
        'a head that was printed earlier and kept elsewhere; the log must still hold it',
      ).argParser(parseHead),
    )
    .action(verifyLog);
  return new Command('audit').description('the audit log').addCommand(list).addCommand(verify);
}

function auditOf(verb: string): Command {
  return tenantCommand(new Command(verb), 'id of the tenant').addOption(
    new Option('--after <sequence>', 'begin after the record of this number')
      .default(0)
      .argParser(wholeNumber(0, MAX_RECORDS)),
  );
}

/** Which records are asked for. */
function filterOf({ after, since, actor = '', target = '' }: ListOptions) {
  return {
    afterSequence: after,
    actorId: actor,
    targetId: target,
    ...(since === undefined ? {} : { startTime: toTimestamp(since) }),
  };
}

async function followRecords(options: ListOptions): Promise<void> {
  if (options.limit !== undefined) {
    throw new UsageError('--limit is given with --tail, which goes on. Leave one of them out');
  }
  const printer = new ListPrinter(options, [...COLUMNS, 'details']);
  await follow({
    open: (work) =>
      withApi(options, tenantIn(options), (api) => work((request) => api.call('listAuditRecords', request))),
    filter: filterOf(options),
    print: (records) => {
      printer.print(records.map(recordResult));
      return printer.isWanted;
    },
    pause: untilInterrupted(),
  });
}

async function listRecords(options: ListOptions): Promise<void> {
  const { limit } = options;
  await withApi(options, tenantIn(options), (api) =>
    printPages(options, {
      columns: [...COLUMNS, 'details'],
      none: 'There is no record',
      ...(limit === undefined ? {} : { limit }),
      read: async (page) => {
        const { records, nextPageToken } = await api.call('listAuditRecords', { ...filterOf(options), ...page });
        return { rows: records.map(recordResult), next: nextPageToken };
      },
    }),
  );
}

function recordResult({ actor, ...record }: AuditRecord): Result {
  const orNull = (text: string | undefined) => (text === undefined || text === '' ? null : text);
  return {
    sequence: record.sequence,
    event_time: timeText(record.eventTime),
    actor_kind: ACTOR_KINDS[actor?.kind ?? 0] ?? '',
    actor_id: actor?.id ?? '',
    token_id: orNull(actor?.tokenId),
    address: orNull(actor?.address),
    request_id: orNull(actor?.requestId),
    action: record.action,
    target_kind: record.targetKind,
    target_id: record.targetId,
    result: record.result,
    details: record.details,
    hash: record.hash,
  };
}

async function verifyLog(options: VerifyOptions): Promise<void> {
  const tenantId = tenantIn(options);
  const { expectHead } = options;
  const verified = await withApi(options, tenantId, async (api) => {
    if (expectHead !== undefined) {
      await requireHead(api, tenantId, expectHead);
    }
    return verifyAll(api, options.after);
  });
  if (!verified.intact) {
    throw new Error(
      `the audit log of ${logOf(tenantId)} does not hold at record ${verified.brokenSequence}: it was altered, taken out or put in. ` +
        `Records read before it, which hold: ${verified.count}`,
    );
  }
  printResult(
    options,
    { tenant_id: tenantId === '' ? null : tenantId, intact: true, records: verified.count, head: verified.head },
    'Keep the head elsewhere. Given as --expect-head, it betrays a log that was written anew as a whole.',
  );
}

/** A part at a time: a server takes no more at once. */
async function verifyAll(api: Api, after: number) {
  for (let [afterSequence, before] = [after, 0]; ; ) {
    const part = await api.call('verifyAuditLog', { afterSequence });
    const count = before + part.verifiedCount;
    const { intact, brokenSequence, lastSequence, lastHash } = part;
    if (!intact || part.endReached) {
      return { intact, brokenSequence, count, head: `${lastSequence}:${lastHash}` };
    }
    [afterSequence, before] = [lastSequence, count];
  }
}

/** A client of a server need not say its tenant. */
function logOf(tenantId: string): string {
  return tenantId === '' ? 'its tenant' : tenantId;
}

async function requireHead(api: Api, tenantId: string, head: string): Promise<void> {
  const [sequence = '0', hash = ''] = head.split(':');
  const { records } = await api.call('listAuditRecords', { afterSequence: Number(sequence) - 1, pageSize: 1 });
  const [record] = records;
  if (record?.sequence !== Number(sequence) || record.hash !== hash) {
    throw new Error(`the audit log of ${logOf(tenantId)} has no record ${head}: it was written anew or cut`);
  }
}

function parseHead(text: string): string {
  if (!/^[1-9][0-9]{0,15}:[0-9a-f]{64}$/.test(text)) {
    throw new InvalidArgumentError('It must be a head that `symbolon audit verify` printed: sequence:hash.');
  }
  return text;
}
