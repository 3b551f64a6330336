/** The app and the device of examples/java print what their README shows. java.test.ts runs the services. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { ROOT } from '../../process/program.ts';
import { hasTools, MAX_DURATION_MS, runTool } from '../../stubs/tools.ts';

const HAS_TOOLS = hasTools('Java', [
  ['mvn', '--version', '3.6'],
  ['javac', '-version', '17.0'],
]);
const README = readFileSync(`${ROOT}examples/java/README.md`, 'utf8');
const SHOWN = [...README.matchAll(/^`run (\w+)` prints:\n\n```\n(.*?)^```$/gms)];

describe.skipIf(!HAS_TOOLS)('the examples in Java', { timeout: MAX_DURATION_MS }, () => {
  it('are an app and a device', () => {
    expect(SHOWN.map(([, name]) => name)).toEqual(['app', 'device']);
  });

  it.each(SHOWN.map(([, name = '', printed = '']) => ({ name, printed })))(
    '$name prints what its README shows',
    async ({ name, printed }) => {
      expect(await runTool(`${ROOT}examples/java/run`, [name], ROOT)).toBe(printed);
    },
  );
});
