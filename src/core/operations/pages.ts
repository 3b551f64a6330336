/** Pages of lists. A page token is sealed, and is of use only to its caller and for its list. */
import { SymbolonError } from '../errors.ts';
import type { Services } from '../services/services.ts';
import type { List, Position, Where } from '../table.ts';
import type { Call } from './authenticate.ts';

export interface PageRequest {
  /** 0: 50. */
  readonly pageSize: number;
  /** Empty: the first page. */
  readonly pageToken: string;
}

export interface Listed<T> {
  readonly items: readonly T[];
  /** Empty when this is the last page. */
  readonly nextPageToken: string;
}

const STANDARD_SIZE = 50;
const MAX_ITEMS = 1_000;
/** At once: rows may be long, and others wait meanwhile. Of few that are wanted a short page must not take a read for each. */
const READ_AT_ONCE = 64;
/** Of one tenant. Where few rows are wanted, each goes on until its deadline. */
const MAX_LISTS_OF_TENANT = 32;
/** Of one user or device, which must not keep admins and others from theirs. */
const MAX_LISTS_OF_BEARER = 2;
/** Characters, about. A page of gRPC must stay below 4 MiB, and numbers in attributes take six times as many bytes there. */
const MAX_PAGE = 512 * 1_024;
const MAX_PAGE_TOKEN = 2_048;
const KEY_PURPOSE = 'page token';

/** A list, and those of its rows that were asked for. */
export interface Query<T> {
  /** Names the list and all that it was asked for. */
  readonly name: readonly (string | number | boolean)[];
  readonly list: List<T>;
  readonly by: Where<T>;
  /** Where the first page begins; absent: at the start. */
  readonly start?: Position | undefined;
  /** How many rows are read for a page, of a list of which few may be wanted: after them it ends, and tells where the next begins. */
  readonly mostRead?: number;
}

/** Reads one page; `isWanted` tells which rows belong on it. */
export function listPage<T>(
  services: Services,
  call: Call,
  query: Query<T>,
  page: PageRequest,
  isWanted: (row: T) => boolean = () => true,
): Promise<Listed<T>> {
  return listItems(services, call, query, page, async (row) => (isWanted(row) ? row : undefined));
}

/** Reads one page of what `itemOf` answers of the rows; undefined: the row is not on it. */
export async function listItems<T, I>(
  { keys, store, longReads }: Services,
  call: Call,
  { name, list, by, start, mostRead }: Query<T>,
  { pageSize, pageToken }: PageRequest,
  itemOf: (row: T) => Promise<I | undefined>,
): Promise<Listed<I>> {
  if (!Number.isInteger(pageSize) || pageSize < 0 || pageSize > MAX_ITEMS) {
    throw new SymbolonError('invalid_argument', `page_size must be from 0 to ${MAX_ITEMS}`);
  }
  const { tenantId, clientId, subject } = call.caller;
  const bound = JSON.stringify([tenantId, clientId, subject?.id ?? null, ...name]);
  const limit = pageSize === 0 ? STANDARD_SIZE : pageSize;
  const after = pageToken === '' ? start : openToken(keys, bound, pageToken);
  const [holder, most] =
    subject === undefined ? [tenantId, MAX_LISTS_OF_TENANT] : [`${tenantId} ${subject.id}`, MAX_LISTS_OF_BEARER];
  // One more than asked for tells whether there is a next page.
  const { found, stoppedAt } = await longReads.run('list', holder, most, () =>
    readFound(store, list, by, { after, limit: limit + 1, mostRead }, itemOf, call),
  );
  const page = fitting(found.slice(0, limit));
  const last = page.at(-1);
  const next = page.length < found.length && last !== undefined ? positionOf(list, last.row) : stoppedAt;
  return {
    items: page.map(({ item }) => item),
    nextPageToken: next === undefined ? '' : makeToken(keys, bound, next),
  };
}

interface Found<T, I> {
  readonly row: T;
  readonly item: I;
}

interface Reading {
  readonly after: Position | undefined;
  readonly limit: number;
  readonly mostRead?: number | undefined;
}

/**
 * Goes on past rows that are not on the page, of which there may be many in a row, until it is full. `stoppedAt`: the row that it has read
 * last, when it has read enough.
 */
async function readFound<T, I>(
  store: Services['store'],
  list: List<T>,
  by: Where<T>,
  { after, limit, mostRead = Number.POSITIVE_INFINITY }: Reading,
  itemOf: (row: T) => Promise<I | undefined>,
  call: Pick<Call, 'isAbandoned'>,
): Promise<{ readonly found: Found<T, I>[]; readonly stoppedAt?: Position }> {
  const found: Found<T, I>[] = [];
  let [size, read] = [0, 0];
  let isSparse = false;
  for (let position = after; ; ) {
    const atOnce: number = isSparse ? READ_AT_ONCE : Math.min(READ_AT_ONCE, limit - found.length);
    const rows = await store.list(list, by, { after: position, limit: atOnce });
    const items = await Promise.all(rows.map(itemOf));
    const more = rows.flatMap((row, i) => {
      const item = items[i];
      return item === undefined ? [] : [{ row, item }];
    });
    found.push(...more);
    size += sizeOf(more.map(({ item }) => item));
    isSparse ||= more.length < rows.length;
    const last = rows.at(-1);
    // What is beyond the size of a page is not read: one row that is too many tells that there is a next page.
    const isFull = found.length >= limit || (size > MAX_PAGE && found.length > 1);
    if (rows.length < atOnce || isFull || last === undefined) {
      return { found: found.slice(0, limit) };
    }
    requireWaiting(call);
    position = positionOf(list, last);
    read += rows.length;
    if (read >= mostRead) {
      return { found, stoppedAt: position };
    }
  }
}

/** Between two parts of a long read. */
export function requireWaiting({ isAbandoned }: Pick<Call, 'isAbandoned'>): void {
  if (isAbandoned?.() === true) {
    throw new SymbolonError('deadline_exceeded', 'The deadline passed, or the caller went away, before all was read');
  }
}

function positionOf<T>({ order }: List<T>, row: T): Position {
  return order.map((field) => row[field] as string | number);
}

/** As many as go on one page; one at least. */
function fitting<F extends Found<unknown, unknown>>(found: readonly F[]): readonly F[] {
  let size = 0;
  const end = found.findIndex(({ item }) => {
    size += sizeOf(item);
    return size > MAX_PAGE;
  });
  return end === -1 ? found : found.slice(0, Math.max(1, end));
}

function sizeOf(value: unknown): number {
  if (typeof value === 'string' || value instanceof Uint8Array) {
    return value.length;
  }
  return typeof value === 'object' && value !== null
    ? Object.values(value).reduce((sum: number, each) => sum + sizeOf(each), 0)
    : 8;
}

function makeToken(keys: Services['keys'], bound: string, position: Position): string {
  return Buffer.from(keys.seal(KEY_PURPOSE, JSON.stringify([bound, position]))).toString('base64url');
}

function openToken(keys: Services['keys'], bound: string, token: string): Position {
  const text = token.length <= MAX_PAGE_TOKEN ? keys.unseal(KEY_PURPOSE, Buffer.from(token, 'base64url')) : undefined;
  const [given, position] = text === undefined ? [] : (JSON.parse(text) as [string, Position]);
  if (position === undefined || given !== bound) {
    throw new SymbolonError(
      'invalid_argument',
      'page_token must be a next_page_token of this list, by the same caller',
    );
  }
  return position;
}
