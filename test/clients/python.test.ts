/** Python: authlib. */
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { dataDirectory } from '../process/server-process.ts';
import { hasTools, MAX_DURATION_MS, runTool } from '../stubs/tools.ts';
import { openClientsBed } from './bed.ts';
import { converse } from './conversation.ts';

const HERE = join(import.meta.dirname, 'python');
const HAS_TOOLS = hasTools('Python', [['python3', '--version', '3.10']]);
const BY_CODE = ['code', 'refresh', 'revocation', 'a code that is made up'];

describe.skipIf(!HAS_TOOLS)('authlib', { timeout: MAX_DURATION_MS }, () => {
  it('runs every flow that it has', async () => {
    using directory = dataDirectory();
    const venv = join(directory.root, 'venv');
    const python = join(venv, 'bin/python');
    await runTool('python3', ['-m', 'venv', venv], HERE);
    await runTool(python, ['-m', 'pip', 'install', '--quiet', '-r', 'requirements.txt'], HERE);
    await using bed = await openClientsBed();
    expect(await converse(bed, [python, join(HERE, 'flows.py')])).toEqual([
      // With its secret in the header, and in the body.
      ...[...BY_CODE, ...BY_CODE].map((flow) => `${flow} as web`),
      ...BY_CODE.map((flow) => `${flow} as native`),
      'client credentials as web',
      'introspection as gate',
      'password as trusted',
      'device as tv',
    ]);
  });
});
