/** Pages of lists. A page token is authenticated, and is of use only to its caller and for its list. */
import { timingSafeEqual } from 'node:crypto';
import { SymbolonError } from '../../errors.ts';
import type { Services } from '../../services.ts';
import type { Page, TimePosition } from '../../store.ts';
import type { Call } from '../authenticate.ts';

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
const MOST_ITEMS = 1_000;
/** Characters, about. A page of gRPC must stay below 4 MiB, and numbers in attributes take six times as many bytes there. */
const LONGEST_PAGE = 512 * 1_024;
const LONGEST_TOKEN = 2_048;
const KEY_PURPOSE = 'page token';

/** Reads one page. `query` names the list and all that it was asked for; `positionOf` is where an item stands in it. */
export async function listPage<T, Position extends string | number | TimePosition>(
  { keys }: Services,
  call: Call,
  query: readonly (string | number | boolean)[],
  request: PageRequest,
  read: (page: Page<Position>) => Promise<readonly T[]>,
  positionOf: (item: T) => Position,
): Promise<Listed<T>> {
  const { pageSize, pageToken } = request;
  if (!Number.isInteger(pageSize) || pageSize < 0 || pageSize > MOST_ITEMS) {
    throw new SymbolonError('invalid_argument', `page_size must be from 0 to ${MOST_ITEMS}`);
  }
  const { tenantId, clientId, subject } = call.caller;
  const bound = JSON.stringify([tenantId, clientId, subject?.id ?? null, ...query]);
  const limit = pageSize === 0 ? STANDARD_SIZE : pageSize;
  const after = pageToken === '' ? undefined : (openToken(keys, bound, pageToken) as Position);
  // One more than asked for tells whether there is a next page.
  const items = await read({ limit: limit + 1, ...(after === undefined ? {} : { after }) });
  const page = fitting(items.slice(0, limit));
  const last = page.at(-1);
  const isLast = page.length === items.length || last === undefined;
  return { items: page, nextPageToken: isLast ? '' : makeToken(keys, bound, positionOf(last)) };
}

/** As many as go on one page; one at least. */
function fitting<T>(items: readonly T[]): readonly T[] {
  let size = 0;
  const end = items.findIndex((item) => {
    size += sizeOf(item);
    return size > LONGEST_PAGE;
  });
  return end === -1 ? items : items.slice(0, Math.max(1, end));
}

function sizeOf(value: unknown): number {
  if (typeof value === 'string' || value instanceof Uint8Array) {
    return value.length;
  }
  return typeof value === 'object' && value !== null
    ? Object.values(value).reduce((sum: number, each) => sum + sizeOf(each), 0)
    : 8;
}

function makeToken(keys: Services['keys'], bound: string, position: unknown): string {
  const text = JSON.stringify(position);
  const mac = keys.digest(KEY_PURPOSE, `${bound}\0${text}`);
  return `${Buffer.from(text).toString('base64url')}.${Buffer.from(mac).toString('base64url')}`;
}

function openToken(keys: Services['keys'], bound: string, token: string): unknown {
  const [position = '', mac = ''] = token.length <= LONGEST_TOKEN ? token.split('.') : [];
  const text = Buffer.from(position, 'base64url').toString('utf8');
  const given = Buffer.from(mac, 'base64url');
  const expected = keys.digest(KEY_PURPOSE, `${bound}\0${text}`);
  if (given.length !== expected.length || !timingSafeEqual(given, expected)) {
    throw new SymbolonError('invalid_argument', 'page_token is not one that this list was answered with');
  }
  return JSON.parse(text);
}
