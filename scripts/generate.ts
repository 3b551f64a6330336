/**
 * `npm run gen`: writes gen/ and the names in proto/ from proto/ with the tools in node_modules, and nothing from a network.
 */
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { writeNames } from './contract-names.ts';

/** Runs buf with the given arguments; its output goes to the terminal, a failure ends the script. */
function buf(...args: string[]): void {
  execFileSync('npx', ['--no-install', 'buf', ...args], { stdio: 'inherit' });
}

const domain = writeNames();
buf('generate');
keepEveryName('gen/ts/google/protobuf/struct.ts');
writeFileSync(
  'gen/ts/symbolon/domain.ts',
  `// Written by npm run gen, of proto/names.json.\nexport const DOMAIN = '${domain}';\n`,
);
// What reflection serves and what the tests walk over: every file, message and method, with its comments left out.
buf('build', '--as-file-descriptor-set', '--exclude-source-info', '--output', 'gen/descriptors.binpb');

/** A member of a Struct may be called `__proto__`: on an object with a prototype, setting that name loses the member without a word. */
function keepEveryName(path: string): void {
  const before = readFileSync(path, 'utf8');
  const bare = 'globalThis.Object.create(null)';
  const after = before
    .replaceAll('{ fields: {} }', `{ fields: ${bare} }`)
    .replaceAll(': any } = {};', `: any } = ${bare};`);
  if (after.split(bare).length !== 3) {
    throw new Error(`${path} is not as it was. Look at how it makes the fields of a Struct`);
  }
  writeFileSync(path, after);
}
