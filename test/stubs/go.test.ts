/** Go: plain protoc with protoc-gen-go and protoc-gen-go-grpc, built, and logged in with. */
import { cpSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { DOMAIN } from '../../gen/ts/symbolon/domain.ts';
import { dataDirectory } from '../process/server-process.ts';
import { printed, serveLogins } from './logins.ts';
import { hasTools, MAX_DURATION_MS, PROTO, PROTO_FILES, runTool } from './tools.ts';

const HAS_TOOLS = hasTools('Go', [
  ['protoc', '--version', '3.21'],
  ['go', 'version', '1.21'],
]);

describe.skipIf(!HAS_TOOLS)('a client in Go', { timeout: MAX_DURATION_MS }, () => {
  it('compiles, and tells tokens, a challenge and an error apart', async () => {
    using directory = dataDirectory();
    const work = join(directory.root, 'go');
    const bin = join(directory.root, 'bin');
    cpSync(join(import.meta.dirname, 'go'), work, { recursive: true });
    await runTool('go', ['install', 'tool'], work, { GOBIN: bin });
    // The package is where its import path says: no option names it.
    const module = `module=${DOMAIN}/gen/go`;
    const outs = [`--go_out=${work}`, `--go_opt=${module}`, `--go-grpc_out=${work}`, `--go-grpc_opt=${module}`];
    const plugins = ['protoc-gen-go', 'protoc-gen-go-grpc'].map((name) => `--plugin=${join(bin, name)}`);
    await runTool('protoc', ['-I', PROTO, ...plugins, ...outs, ...PROTO_FILES], work);
    const login = join(bin, 'login');
    await runTool('go', ['build', '-o', login, '.'], work);
    await using logins = await serveLogins(directory);
    expect(printed(await runTool(login, logins.args, work))).toEqual(logins.expected);
  });
});
