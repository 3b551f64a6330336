import { answer, set } from '../changes.ts';
import { lockRow, one } from '../plan.ts';
import { rule } from '../rules/rule.ts';
import { FAMILY } from '../tables/families.ts';

/** The successor of a refresh was used, so its answer arrived: from now on a repeat of that refresh is theft. */
export interface Confirm {
  readonly kind: 'confirm';
  readonly familyId: string;
  readonly generation: number;
}

/** Ends the time in which the last refresh can be repeated, unless another refresh came in between. */
export const confirm = rule<Confirm>()({
  kind: 'confirm',
  plan: ({ familyId }) => ({ locks: [lockRow(FAMILY, { familyId })], reads: { family: one(FAMILY, { familyId }) } }),
  decide: ({ family }, { familyId, generation }) => {
    const refresh = family?.refresh ?? null;
    const isPending = refresh !== null && refresh.repeatUntil !== 0 && family?.generation === generation;
    return answer({}, isPending ? [set(FAMILY, { familyId }, { refresh: { ...refresh, repeatUntil: 0 } })] : []);
  },
});
