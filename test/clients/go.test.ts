/** Go: golang.org/x/oauth2. */
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { dataDirectory } from '../process/server-process.ts';
import { hasTools, MAX_DURATION_MS, runTool } from '../stubs/tools.ts';
import { openClientsBed } from './bed.ts';
import { converse } from './conversation.ts';

const HAS_TOOLS = hasTools('Go', [['go', 'version', '1.21']]);
const BY_CODE = ['code', 'refresh', 'a code that is made up'];

describe.skipIf(!HAS_TOOLS)('golang.org/x/oauth2', { timeout: MAX_DURATION_MS }, () => {
  it('runs every flow that it has', async () => {
    using directory = dataDirectory();
    const program = join(directory.root, 'flows');
    await runTool('go', ['build', '-o', program, '.'], join(import.meta.dirname, 'go'));
    await using bed = await openClientsBed();
    expect(await converse(bed, [program])).toEqual([
      // With its secret in the header, and in the body.
      ...[...BY_CODE, ...BY_CODE].map((flow) => `${flow} as web`),
      ...BY_CODE.map((flow) => `${flow} as native`),
      'client credentials as web',
      'a wrong secret as web',
      'password as trusted',
      'device as tv',
    ]);
  });
});
