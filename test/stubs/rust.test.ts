/** Rust: tonic and prost, by protoc. The program is an example. */
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { dataDirectory } from '../process/server-process.ts';
import { EXAMPLES, hasTools, INTROSPECTED, MAX_DURATION_MS, runTool } from './tools.ts';

const HAS_TOOLS = hasTools('Rust', [
  ['protoc', '--version', '3.21'],
  ['cargo', '--version', '1.88'],
]);

describe.skipIf(!HAS_TOOLS)('a client in Rust', { timeout: MAX_DURATION_MS }, () => {
  it('compiles, and sees a token live and revoked', async () => {
    using directory = dataDirectory();
    const env = { CARGO_TARGET_DIR: join(directory.root, 'target') };
    expect(await runTool(join(EXAMPLES, 'rust/run'), [], directory.root, env)).toBe(INTROSPECTED);
  });
});
