/** C++: the messages, by plain protoc, and an example that calls. */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { dataDirectory } from '../process/server-process.ts';
import { EXAMPLES, hasTools, INTROSPECTED, MAX_DURATION_MS, PROTO, PROTO_FILES, runTool } from './tools.ts';

const HAS_TOOLS = hasTools('C++', [
  ['protoc', '--version', '3.21'],
  ['g++', '--version', '9.0'],
  ['pkg-config', '--version', '0.29'],
]);

describe.skipIf(!HAS_TOOLS)('a client in C++', { timeout: MAX_DURATION_MS }, () => {
  it('compiles', async () => {
    using directory = dataDirectory();
    const work = join(directory.root, 'cpp');
    mkdirSync(work);
    await runTool('protoc', ['-I', PROTO, `--cpp_out=${work}`, ...PROTO_FILES], work);
    const sources = PROTO_FILES.map((path) => path.replace(/\.proto$/, '.pb.cc'));
    expect(await runTool('g++', ['-std=c++17', '-fsyntax-only', '-I.', ...sources], work)).toBe('');
  });

  it('sees a token live and revoked', async () => {
    using directory = dataDirectory();
    expect(await runTool(join(EXAMPLES, 'cpp/run'), [], directory.root)).toBe(INTROSPECTED);
  });
});
