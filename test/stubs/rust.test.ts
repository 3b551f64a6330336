/** Rust: tonic and prost, by protoc. */
import { cpSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'vitest';
import { dataDirectory } from '../process/server-process.ts';
import { hasTools, MAX_DURATION_MS, PROTO, PROTO_FILES, runTool } from './tools.ts';

const HAS_TOOLS = hasTools('Rust', [
  ['protoc', '--version', '3.21'],
  ['cargo', '--version', '1.88'],
]);

describe.skipIf(!HAS_TOOLS)('a client in Rust', { timeout: MAX_DURATION_MS }, () => {
  it('compiles', async () => {
    using directory = dataDirectory();
    const work = join(directory.root, 'rust');
    cpSync(join(import.meta.dirname, 'rust'), work, { recursive: true });
    const env = { PROTO, PROTO_FILES: PROTO_FILES.join(' '), CARGO_TARGET_DIR: join(work, 'target') };
    await runTool('cargo', ['check', '--locked', '--quiet'], work, env);
  });
});
