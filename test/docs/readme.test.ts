/** The README's code, run as it stands there, and what it promises in words. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { ROOT, runShell } from '../process/program.ts';
import { dataDirectory, ServerProcess } from '../process/server-process.ts';

const MAX_LINES = 90;
const README = readFileSync(`${ROOT}README.md`, 'utf8');

function block(language: string): string {
  const found = [...README.matchAll(/^```(\w*)\n(.*?)^```$/gms)].filter(([, name]) => name === language);
  expect(found).toHaveLength(1);
  return found[0]?.[2] ?? '';
}

it('is short', () => {
  expect(README.trimEnd().split('\n').length).toBeLessThanOrEqual(MAX_LINES);
});

it('has the two commands', () => {
  const commands = block('sh')
    .split('\n')
    .map((line) => line.replace(/ *#.*/, ''));
  expect(commands).toEqual(['npm ci && npm start', 'npm ci && npm test', '']);
});

it('has client code that logs in and introspects', async () => {
  using directory = dataDirectory();
  await using server = await ServerProcess.startDemo({ dataDir: directory.path });
  const code = block('js').replace('./data/demo.json', join(directory.path, 'demo.json'));
  const { code: ending, stdout, stderr } = await runShell(`node --input-type=module <<'END'\n${code}\nEND`);
  expect({ ending, stderr }).toEqual({ ending: 0, stderr: '' });
  expect(stdout).toMatch(/active: true/);
  expect(stdout).toContain(server.demo.user.id);
});

it('shows what the demo prints', async () => {
  using directory = dataDirectory();
  await using server = await ServerProcess.startDemo({ dataDir: directory.path });
  const [shown, printed] = [block('console'), server.running.stdout].map((text) =>
    text.split('\n').filter((line) => /^\w/.test(line) && !line.startsWith('symbolon ready')),
  );
  expect(shown).toEqual(printed);
});
