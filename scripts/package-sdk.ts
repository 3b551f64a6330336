/**
 * `npm pack` of a package in sdk/typescript runs it first, in that folder: writes dist/, with the stubs that it uses, as JavaScript and declarations.
 * `package-sdk.ts FOLDER` puts the package there, as it is once installed, and not beside the sources.
 */
import { execFileSync } from 'node:child_process';
import { cpSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const ROOT = join('..', '..', '..');
const [, , FOLDER = '.'] = process.argv;
const TARGET = join(FOLDER, 'dist');

rmSync(TARGET, { recursive: true, force: true });
execFileSync(join(ROOT, 'node_modules', '.bin', 'tsc'), ['--project', '.', '--outDir', TARGET], { stdio: 'inherit' });
const { name: self } = JSON.parse(readFileSync('package.json', 'utf8')) as { name: string };
const CLIENT = '@symbolon/client';
if (self !== CLIENT) {
  // It comes as a package of its own, so that there is one SymbolonError.
  rmSync(join(TARGET, 'sdk', 'typescript', 'client'), { recursive: true });
}
for (const file of readdirSync(TARGET, { recursive: true, encoding: 'utf8' }).filter((name) =>
  /\.(js|d\.ts)$/.test(name),
)) {
  const path = join(TARGET, file);
  // tsc names the sources in declarations, which are not in the package.
  const text = readFileSync(path, 'utf8').replace(/(from ['"]\.{1,2}\/[^'"]+)\.ts(['"])/g, '$1.js$2');
  writeFileSync(path, text.replace(/(from ['"])(?:\.\.\/)+client\/src\/internal\.js(['"])/g, `$1${CLIENT}/internal$2`));
}
for (const file of ['LICENSE', 'NOTICE']) {
  cpSync(join(ROOT, file), join(TARGET, file));
}
if (FOLDER !== '.') {
  cpSync('package.json', join(FOLDER, 'package.json'));
}
