/** What several pages of My account do alike: long lists a page at a time, and what is gone meanwhile. */
import { type ErrorCode, SymbolonError } from '../../core/errors.ts';
import type { Asking } from './account-page.ts';
import { PageError } from './page-error.ts';
import type { Texts } from './texts/en.ts';
import type { Paged } from './views/paging.ts';

/** So many are on one page. */
export const PAGE_SIZE = 20;

const OFFSET = /^[1-9][0-9]{0,5}$/;
const FROM = 'from';

/** Where the page begins that is asked for, in a list of so many: the last one where it has become shorter. */
export function offsetOf({ request }: Asking, total: number): number {
  const asked = request.query.get(FROM) ?? '';
  const offset = OFFSET.test(asked) ? Number(asked) : 0;
  return Math.max(0, offset < total ? offset : Math.floor((total - 1) / PAGE_SIZE) * PAGE_SIZE);
}

export function pagedOf({ path }: Asking, offset: number, shown: number, total: number): Paged {
  const at = (from: number) => (from <= 0 ? path : `${path}?${FROM}=${from}`);
  return {
    offset,
    shown,
    total,
    previous: offset === 0 ? undefined : at(offset - PAGE_SIZE),
    next: offset + shown < total ? at(offset + shown) : undefined,
  };
}

/** For what is not there, or not the user's: which of the two is not said. */
export function gone({ path }: Pick<Asking, 'path'>): PageError {
  const way = { path, text: ({ common }: Texts) => common.back };
  return new PageError(404, ({ account }) => ({ title: account.gone, text: account.goneText }), way);
}

const GONE: ReadonlySet<ErrorCode> = new Set(['not_found', 'permission_denied', 'invalid_argument']);

/** Does it, and says so where it is gone meanwhile. */
export async function orGone<A>(asking: Asking, act: () => Promise<A>): Promise<A> {
  try {
    return await act();
  } catch (error) {
    throw error instanceof SymbolonError && GONE.has(error.code) ? gone(asking) : error;
  }
}
