/** Lists of words in one column, with spaces between; no scope or role holds one. */

export function wordsOf(text: string): string[] {
  return text === '' ? [] : text.split(' ');
}

export function textOf(words: readonly string[]): string {
  return words.join(' ');
}
