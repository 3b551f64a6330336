/** `examples/typescript/run`, as a newcomer runs it. */
import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';
import { environment, ROOT } from '../../process/program.ts';

const EXAMPLES = join(ROOT, 'examples');
const [, EXPECTED] = /^```\n(.*?)^```$/ms.exec(readFileSync(join(EXAMPLES, 'README.md'), 'utf8')) ?? [];

it('prints what examples/README.md shows', async () => {
  const { stdout, stderr } = await promisify(execFile)(join(EXAMPLES, 'typescript', 'run'), { env: environment() });
  expect(stdout).toBe(EXPECTED);
  // A service warns where its machine stood still.
  expect(stderr.replaceAll(/^.*SymbolonWarning: The watch ended.*\n|^\(Use `node .*\n/gm, '')).toBe('');
});
