/** Java: Maven's protoc with protoc-gen-grpc-java, compiled against the jars. */
import { chmodSync, cpSync, existsSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { DOMAIN } from '../../gen/ts/symbolon/domain.ts';
import { fileOptions } from '../../scripts/contract-names.ts';
import { dataDirectory } from '../process/server-process.ts';
import { hasTools, MAX_DURATION_MS, PROTO, PROTO_FILES, runTool } from './tools.ts';

const HAS_TOOLS = hasTools('Java', [
  ['mvn', '--version', '3.6'],
  ['javac', '-version', '17.0'],
]);

describe.skipIf(!HAS_TOOLS)('a client in Java', { timeout: MAX_DURATION_MS }, () => {
  it('compiles, with a file for each message', async () => {
    using directory = dataDirectory();
    const work = join(directory.root, 'java');
    cpSync(join(import.meta.dirname, 'java'), work, { recursive: true });
    const target = join(work, 'target');
    const goals = ['dependency:copy', 'dependency:build-classpath', '-Dmdep.outputFile=target/classpath'];
    await runTool('mvn', ['--quiet', '--batch-mode', ...goals], work);
    const classpath = readFileSync(join(target, 'classpath'), 'utf8').trim();
    const [protoc = '', plugin = ''] = ['protoc', 'protoc-gen-grpc-java'].map((name) => join(target, name));
    chmodSync(protoc, 0o755);
    chmodSync(plugin, 0o755);
    // What the contract imports of Google's comes with the jar, as its descriptors do.
    const jar = classpath.split(':').find((path) => path.includes('protobuf-java-')) ?? '';
    const [imports = '', sources = '', classes = ''] = ['imports', 'src', 'classes'].map((name) => join(target, name));
    mkdirSync(imports);
    mkdirSync(sources);
    await runTool('jar', ['xf', jar, 'google/protobuf'], imports);
    const outs = [`--plugin=protoc-gen-grpc-java=${plugin}`, `--java_out=${sources}`, `--grpc-java_out=${sources}`];
    await runTool(protoc, ['-I', PROTO, '-I', imports, ...outs, ...PROTO_FILES], work);
    const { java_package } = fileOptions('symbolon/v1/token_service.proto', DOMAIN);
    const inPackage = String(java_package).replaceAll('.', '/');
    await runTool('sh', ['-c', `javac -proc:none -d "$0" -cp "$1" ${inPackage}/*.java`, classes, classpath], sources);
    for (const name of ['TokenServiceGrpc$TokenServiceStub', 'IssueResponse$ResultCase', 'User', 'ErrorReason']) {
      expect(existsSync(join(classes, inPackage, `${name}.class`)), name).toBe(true);
    }
  });
});
