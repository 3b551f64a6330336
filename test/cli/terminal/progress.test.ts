/** How far something long has come, on a terminal alone. */
import type { WriteStream } from 'node:tty';
import { expect, it } from 'vitest';
import { amountText, Progress } from '../../../src/cli/terminal/progress.ts';

function terminal(isTTY: boolean) {
  const written: string[] = [];
  const write = (text: string) => written.push(text) > 0;
  return { written, stream: { isTTY, columns: 20, write } as unknown as WriteStream };
}

it('is told a few times a second, on one line that is gone at the end', () => {
  const { written, stream } = terminal(true);
  let now = 0;
  const progress = new Progress(stream, () => now);
  for (; now < 1_000; now += 10) {
    progress.tell(`row ${now} of a table with a name`);
  }
  progress.end();
  const wipe = ['\u{1b}[1G', '\u{1b}[0K'];
  const lines = ['row 0 of a table wi', 'row 250 of a table ', 'row 500 of a table ', 'row 750 of a table '];
  expect(written).toEqual([...lines.flatMap((line) => [...wipe, line]), ...wipe]);
});

it('is not told where nobody reads', () => {
  const { written, stream } = terminal(false);
  const progress = new Progress(stream, () => 0);
  progress.tell('row 1');
  progress.end();
  expect(written).toEqual([]);
});

it('says of how many', () => {
  expect(amountText('copying family', 12_000, 48_000, 'rows')).toBe('copying family: 12,000 of 48,000 rows (25%)');
  expect(amountText('copying family', 12_000, undefined, 'rows')).toBe('copying family: 12,000 rows');
  expect(amountText('backing up', 1_536, 3_221_225_472, 'bytes')).toBe('backing up: 1.5 KiB of 3.0 GiB (0%)');
  expect(amountText('backing up', 5, 4, 'bytes')).toBe('backing up: 5 bytes of 4 bytes (100%)');
});
