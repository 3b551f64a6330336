/** What columns hold that are no plain values: lists of words, with spaces between (no scope or role holds one), and flags. */

export function wordsOf(text: string): string[] {
  return text === '' ? [] : text.split(' ');
}

export function textOf(words: readonly string[]): string {
  return words.join(' ');
}

/** A boolean column; SQLite has 0 and 1 for it. */
export type Flag = boolean | number;
