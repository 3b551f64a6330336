import { answer, set } from '../changes.ts';
import { lockRow, one } from '../plan.ts';
import { rule } from '../rules/rule.ts';
import { FAMILY } from '../tables/families.ts';

/** A browser came back with the cookie of a login. */
export interface NoteVisit {
  readonly kind: 'note_visit';
  readonly familyId: string;
}

/** As exact as the list of a user's logins is. */
export const VISITS_MS = 10 * 60_000;

/** Written at most once in that time, whichever server asks. */
export const noteVisit = rule<NoteVisit>()({
  kind: 'note_visit',
  plan: ({ familyId }) => ({ locks: [lockRow(FAMILY, { familyId })], reads: { family: one(FAMILY, { familyId }) } }),
  decide: ({ family }, { familyId }, now) => {
    const last = family?.visitTime ?? null;
    // A time to come was written by a clock that was wrong.
    const isDue = last !== null && (last > now || last + VISITS_MS <= now);
    return answer({}, isDue ? [set(FAMILY, { familyId }, { visitTime: now })] : []);
  },
});
