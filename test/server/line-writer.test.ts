/** Lines are written at once, and whole; a reader that is slow or away costs lines at most. Real pipes. */
import { spawnSync } from 'node:child_process';
import { closeSync, constants, openSync, readFileSync, readSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { LineWriter } from '../../src/server/line-writer.ts';
import { eventually } from '../process/program.ts';
import { temporaryDirectory } from '../support.ts';

let directory: ReturnType<typeof temporaryDirectory>;
let path: string;

beforeEach(() => {
  directory = temporaryDirectory();
  path = join(directory.path, 'pipe');
});
afterEach(() => directory.remove());

/** Both ends of a pipe. */
function pipe(): { readonly reader: number; readonly writer: number } {
  spawnSync('mkfifo', [path]);
  const reader = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
  return { reader, writer: openSync(path, constants.O_WRONLY) };
}

/** What is in the pipe now. */
function drain(reader: number): string {
  const buffer = Buffer.alloc(65_536);
  let text = '';
  try {
    for (let read = readSync(reader, buffer); read > 0; read = readSync(reader, buffer)) {
      text += buffer.toString('utf8', 0, read);
    }
  } catch {
    // Nothing more for now.
  }
  return text;
}

it('a line is there when it was written', () => {
  writeFileSync(path, 'before\n');
  const file = openSync(path, 'a');
  new LineWriter(file).write('line\n');
  expect(readFileSync(path, 'utf8')).toBe('before\nline\n');
  closeSync(file);
});

it('what a full pipe does not take comes later, whole and in order', async () => {
  const { reader, writer } = pipe();
  const lines = new LineWriter(writer);
  const written = Array.from({ length: 5_000 }, (_, i) => `${String(i).padStart(100, '.')}\n`);
  for (const line of written) {
    lines.write(line);
  }
  let read = '';
  await eventually('all lines', () => {
    read += drain(reader);
    return read.length >= 5_000 * 101;
  });
  expect(read).toBe(written.join(''));
});

it('what is more than it keeps is lost, and how much is told', async () => {
  const { reader, writer } = pipe();
  let lost = 0;
  const lines = new LineWriter(writer, (count) => {
    lost += count;
  });
  const line = `${'.'.repeat(999)}\n`;
  for (let i = 0; i < 3_000; i++) {
    lines.write(line);
  }
  let read = '';
  await eventually('what was kept', () => {
    read += drain(reader);
    return lost > 0;
  });
  read += drain(reader);
  expect(read.length / line.length + lost).toBe(3_000);
  expect(read).toBe(line.repeat(read.length / line.length));
});

it('a reader that is only slow loses nothing, however much it is', async () => {
  const { reader, writer } = pipe();
  let lost = 0;
  const lines = new LineWriter(writer, (count) => {
    lost += count;
  });
  const line = `${'.'.repeat(999)}\n`;
  let read = '';
  for (let round = 0; round < 30; round++) {
    // Twice what a pipe takes.
    for (let i = 0; i < 110; i++) {
      lines.write(line);
    }
    await eventually('them all', () => {
      read += drain(reader);
      return read.length === (round + 1) * 110 * line.length;
    });
  }
  expect(lost).toBe(0);
});

it('a reader that comes back gets what was kept', async () => {
  const { reader, writer } = pipe();
  const lines = new LineWriter(writer);
  closeSync(reader);
  lines.write('one\n');
  lines.write('two\n');
  const again = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
  let read = '';
  await eventually('both lines', () => {
    read += drain(again);
    return read === 'one\ntwo\n';
  });
});
