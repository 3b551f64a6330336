/** Python: grpcio-tools, every module imported, and logged in with. */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { dataDirectory } from '../process/server-process.ts';
import { printed, serveLogins } from './logins.ts';
import { hasTools, MAX_DURATION_MS, PROTO, PROTO_FILES, runTool } from './tools.ts';

const HERE = join(import.meta.dirname, 'python');
const HAS_TOOLS = hasTools('Python', [['python3', '--version', '3.9']]);

describe.skipIf(!HAS_TOOLS)('a client in Python', { timeout: MAX_DURATION_MS }, () => {
  it('can be imported, and tells tokens, a challenge and an error apart', async () => {
    using directory = dataDirectory();
    const work = join(directory.root, 'python');
    mkdirSync(work);
    await runTool('python3', ['-m', 'venv', 'venv'], work);
    const python = join(work, 'venv/bin/python');
    await runTool(python, ['-m', 'pip', 'install', '--quiet', '-r', join(HERE, 'requirements.txt')], work);
    const outs = ['--python_out=.', '--pyi_out=.', '--grpc_python_out=.'];
    await runTool(python, ['-m', 'grpc_tools.protoc', '-I', PROTO, ...outs, ...PROTO_FILES], work);
    const modules = PROTO_FILES.flatMap((path) => {
      const name = path.replace(/\.proto$/, '').replaceAll('/', '.');
      return [`import ${name}_pb2`, `import ${name}_pb2_grpc`];
    });
    await runTool(python, ['-c', modules.join('\n')], work);
    await using logins = await serveLogins(directory);
    const output = await runTool(python, [join(HERE, 'login.py'), ...logins.args], work, { PYTHONPATH: work });
    expect(printed(output)).toEqual(logins.expected);
  });
});
