/** The table of what was to be reached: each benchmark answers the rows that it is about. */

export interface Row {
  readonly what: string;
  readonly goal: string;
  readonly reached: string;
}

export function row(what: string, goal: string, reached: string): Row {
  return { what, goal, reached };
}

/** A ratio. */
export function times(ratio: number): string {
  return ratio.toFixed(2);
}

/** As docs/performance.md has it. */
export function printRows(rows: readonly Row[]): void {
  console.log('| what | goal | reached |\n| --- | --- | --- |');
  for (const { what, goal, reached } of rows) {
    console.log(`| ${what} | ${goal} | ${reached} |`);
  }
  console.log('');
}
