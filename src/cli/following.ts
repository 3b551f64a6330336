/** `audit list --tail`: the newest records, and then each new one, once. */
import { setTimeout as sleep } from 'node:timers/promises';
import type {
  AuditRecord,
  ListAuditRecordsRequest,
  ListAuditRecordsResponse,
} from '../../gen/ts/symbolon/v1/audit_service.ts';

export type Request = Partial<ListAuditRecordsRequest>;
export type Ask = (request: Request) => Promise<ListAuditRecordsResponse>;

export interface Following {
  /** Opens the way and closes it again: a store must not be locked for as long as somebody looks. */
  readonly open: (work: (ask: Ask) => Promise<void>) => Promise<void>;
  readonly filter: Request & { readonly afterSequence: number };
  /** Answers whether somebody still reads. */
  readonly print: (records: readonly AuditRecord[]) => boolean;
  /** Answers false when it is over. */
  readonly pause: () => Promise<boolean>;
}

/** As many as `tail` shows. */
const NEWEST = 10;
const PAGE_SIZE = 1_000;
const PAUSE_MS = 1_000;

/**
 * The head of the log is read before the records are: all up to it are there when they are. So those that the filter leaves out are not
 * read again each time, and none is missed.
 */
export async function follow({ open, filter, print, pause }: Following): Promise<void> {
  let after = filter.afterSequence;
  let isWanted = true;
  const show = (records: readonly AuditRecord[]) => {
    isWanted = print(records);
    after = Math.max(after, records.at(-1)?.sequence ?? 0);
  };
  const look = async (ask: Ask) => {
    const head = await headOf(ask);
    const from = after;
    let pageToken = '';
    do {
      const page = await ask({ ...filter, afterSequence: from, pageSize: PAGE_SIZE, pageToken });
      show(page.records);
      pageToken = page.nextPageToken;
    } while (isWanted && pageToken !== '');
    after = Math.max(after, head);
  };
  if (after === 0 && filter.startTime === undefined) {
    await open(async (ask) => {
      const head = await headOf(ask);
      show((await ask({ ...filter, newest: NEWEST })).records);
      after = Math.max(after, head);
    });
  }
  do {
    await open(look);
  } while (isWanted && (await pause()));
}

async function headOf(ask: Ask): Promise<number> {
  return (await ask({ newest: 1 })).records.at(-1)?.sequence ?? 0;
}

/** Pauses that Ctrl-C ends, and the rest with it: that is how somebody stops looking, and not a failure. */
export function untilInterrupted(): () => Promise<boolean> {
  const ending = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, () => ending.abort());
  }
  return async () => {
    await sleep(PAUSE_MS, undefined, { signal: ending.signal }).catch(() => undefined);
    return !ending.signal.aborted;
  };
}
