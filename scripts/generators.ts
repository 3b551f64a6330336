/**
 * What `npm run gen` needs for stubs in other languages, from their own registries into node_modules/.cache. Each is pinned, for CI
 * generates again and compares. Stubs of an old generator run with newer libraries, and not the other way round: those of Python and Java
 * come from protoc 29, which is within grpcio-tools 1.71.2, too.
 */
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { chmodSync, existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { delimiter, join, resolve } from 'node:path';

const GO = [
  'google.golang.org/protobuf/cmd/protoc-gen-go@v1.36.12',
  'google.golang.org/grpc/cmd/protoc-gen-go-grpc@v1.6.2',
];
const PYTHON = [
  'grpcio-tools==1.71.2',
  'grpcio==1.71.2',
  'protobuf==5.29.6',
  'mypy-protobuf==3.6.0',
  'setuptools==80.9.0',
];
/** What Maven has as programs, and what they are called here. */
const JAVA = {
  protoc: 'com.google.protobuf:protoc:4.29.6',
  'protoc-gen-grpc-java': 'io.grpc:protoc-gen-grpc-java:1.82.2',
};
const COPY = 'org.apache.maven.plugins:maven-dependency-plugin:3.11.0:copy';
/** Generators that are within grpcio-tools. */
const BUILTIN = ['python', 'grpc_python'];

const TOOLS = { go: 'Go', python3: 'Python 3 with venv', mvn: 'Maven' };
const PLATFORMS: Readonly<Record<string, string>> = { linux: 'linux', darwin: 'osx', win32: 'windows' };
const ARCHITECTURES: Readonly<Record<string, string>> = { x64: 'x86_64', arm64: 'aarch_64' };

/** The path to run buf with. Half a minute at the first call of a checkout. */
export function pathWithGenerators(): string {
  const pins = createHash('sha256')
    .update(JSON.stringify([GO, PYTHON, JAVA]))
    .digest('hex')
    .slice(0, 12);
  const directory = resolve('node_modules/.cache/generators', pins);
  if (!existsSync(directory)) {
    const unfinished = `${directory}.unfinished`;
    rmSync(unfinished, { recursive: true, force: true });
    mkdirSync(unfinished, { recursive: true });
    needTools();
    install(unfinished, directory);
    renameSync(unfinished, directory);
  }
  return [directory, process.env.PATH].join(delimiter);
}

function needTools(): void {
  const missing = Object.entries(TOOLS).filter(([command]) => !isFound(command));
  if (missing.length > 0) {
    const names = missing.map(([, name]) => name).join(', ');
    throw new Error(`the stubs of Go, Python and Java need ${names}. For TypeScript alone: npm run gen -- typescript`);
  }
}

function isFound(command: string): boolean {
  const places = (process.env.PATH ?? '').split(delimiter);
  return places.some((place) => existsSync(join(place, command)));
}

/** Into `directory`, which will be at `later`. */
function install(directory: string, later: string): void {
  for (const program of GO) {
    run('go', ['install', program], { GOBIN: directory, GOFLAGS: '' });
  }
  run('python3', ['-m', 'venv', join(directory, 'python')], {});
  const python = join(directory, 'python', 'bin', 'python');
  run(python, ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', ...PYTHON], {});
  // By its module, for scripts of a virtual environment know where they were installed.
  const inPlace = join(later, 'python', 'bin', 'python');
  for (const [name, main] of [
    ['mypy', 'main'],
    ['mypy_grpc', 'grpc'],
  ]) {
    script(directory, `protoc-gen-${name}`, `exec '${inPlace}' -c 'from mypy_protobuf.main import ${main}; ${main}()'`);
  }
  for (const generator of BUILTIN) {
    script(
      directory,
      `protoc-gen-${generator}`,
      `exec '${inPlace}' '${resolve('scripts/protoc_builtin.py')}' ${generator}`,
    );
  }
  const platform = `${PLATFORMS[process.platform]}-${ARCHITECTURES[process.arch]}`;
  for (const [name, artifact] of Object.entries(JAVA)) {
    const wanted = [
      `-Dartifact=${artifact}:exe:${platform}`,
      `-DoutputDirectory=${directory}`,
      '-Dmdep.stripVersion=true',
    ];
    run('mvn', ['--quiet', '--batch-mode', COPY, ...wanted], {});
    renameSync(join(directory, `${name}-${platform}.exe`), join(directory, name));
    chmodSync(join(directory, name), 0o755);
  }
}

function script(directory: string, name: string, line: string): void {
  writeFileSync(join(directory, name), `#!/bin/sh\n${line}\n`, { mode: 0o755 });
}

function run(command: string, args: readonly string[], environment: NodeJS.ProcessEnv): void {
  execFileSync(command, args, { stdio: 'inherit', env: { ...process.env, ...environment } });
}
