import { answer, set } from '../changes.ts';
import { lockRow, one } from '../plan.ts';
import { rule } from '../rules/rule.ts';
import { SUBJECT } from '../tables/subjects.ts';

/** A password that was proven right and whose hash is weaker than what is now asked for. */
export interface Rehash {
  readonly kind: 'rehash';
  readonly tenantId: string;
  readonly subjectId: string;
  readonly oldHash: string;
  readonly newHash: string;
}

/** A password that was changed meanwhile stays. */
export const rehash = rule<Rehash>()({
  kind: 'rehash',
  plan: ({ subjectId }) => ({
    locks: [lockRow(SUBJECT, { subjectId })],
    reads: { subject: one(SUBJECT, { subjectId }) },
  }),
  decide: ({ subject }, { subjectId, oldHash, newHash }) =>
    answer({}, subject?.passwordHash === oldHash ? [set(SUBJECT, { subjectId }, { passwordHash: newHash })] : []),
});
