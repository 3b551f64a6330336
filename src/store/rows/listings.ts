/** What both engines' lists share: where a page begins, and families with their tokens. */
import type { Token } from '../../core/model.ts';
import type { FamilyListing, Page, TimePosition } from '../../core/store.ts';
import { columnsOf, prefixed, rowOf } from './columns.ts';
import { FAMILY_COLUMNS, familyOf, TOKEN_COLUMNS, tokenOf } from './token-rows.ts';

const FAMILY = columnsOf(FAMILY_COLUMNS);
const TOKEN = columnsOf(TOKEN_COLUMNS);

/** Before all positions. */
const START: TimePosition = { time: Number.MIN_SAFE_INTEGER, id: '' };

export function startOf({ after = START }: Page<TimePosition>): [time: number, id: string] {
  return [after.time, after.id];
}

/**
 * A page of families, each once for every token of its generation, or once without one: one statement, so of one moment. A token is
 * kept until its family expires, so it is found in the index of that time.
 */
export function familiesWithTokens(page: string): string {
  return `SELECT ${prefixed('f', FAMILY)}, ${prefixed('t', TOKEN)}
    FROM (SELECT ${FAMILY_COLUMNS} FROM family ${page}) f
      LEFT JOIN token t ON t.keep_until = f.expire_time AND t.family_id = f.family_id AND t.generation = f.generation
    ORDER BY f.issue_time, f.family_id, t.is_refresh`;
}

/** Puts rows of `familiesWithTokens` together, in the order in which they come. */
export function familyListingsOf(rows: readonly (readonly unknown[])[]): FamilyListing[] {
  const listings: { readonly family: FamilyListing['family']; readonly tokens: Token[] }[] = [];
  for (const row of rows) {
    const family = familyOf(rowOf(FAMILY, row));
    const tokens = row[FAMILY.length] === null ? [] : [tokenOf(rowOf(TOKEN, row, FAMILY.length))];
    const last = listings.at(-1);
    if (last?.family.familyId === family.familyId) {
      last.tokens.push(...tokens);
    } else {
      listings.push({ family, tokens });
    }
  }
  return listings;
}
