/**
 * `npm pack` of a package in sdk/typescript runs it first, in that folder: writes dist/, with the stubs that it uses, as JavaScript and declarations.
 */
import { execFileSync } from 'node:child_process';
import { cpSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const ROOT = join('..', '..', '..');
const TARGET = 'dist';

rmSync(TARGET, { recursive: true, force: true });
execFileSync(join(ROOT, 'node_modules', '.bin', 'tsc'), ['--project', '.'], { stdio: 'inherit' });
for (const file of readdirSync(TARGET, { recursive: true, encoding: 'utf8' }).filter((name) =>
  name.endsWith('.d.ts'),
)) {
  const path = join(TARGET, file);
  // tsc names the sources in declarations, which are not in the package.
  writeFileSync(path, readFileSync(path, 'utf8').replace(/(from ['"]\.{1,2}\/[^'"]+)\.ts(['"])/g, '$1.js$2'));
}
for (const file of ['LICENSE', 'NOTICE']) {
  cpSync(join(ROOT, file), join(TARGET, file));
}
