/** Decisions as data: the words that tell what a rule has decided. */
import type { Change, Decision } from '../../../src/core/changes.ts';
import type { Table } from '../../../src/core/table.ts';

/** Rows that are put into a table. */
export function rowsPut<T>(changes: readonly Change[], { name }: Table<T>): T[] {
  return changes.flatMap((change) => (change.change === 'put' && change.table.name === name ? [change.row as T] : []));
}

/** `insert family`, `set tenant revision`: what is changed, without the values. */
export function changesOf({ changes }: Pick<Decision<unknown>, 'changes'>): string[] {
  return changes.map((change) => {
    const fields = change.change === 'set' ? ` ${Object.keys(change.fields).join(' ')}` : '';
    return `${change.change} ${change.table.name}${fields}`;
  });
}

/** `ok`, or the code of the refusal. */
export function resultOf({ outcome }: Decision<unknown>): string {
  return 'refusal' in outcome ? outcome.refusal.code : 'ok';
}
