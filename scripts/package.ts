/**
 * `npm pack` runs it first: writes dist/, what the package has in place of the sources. Node strips no types below node_modules, so
 * they are stripped here, by the same Node function and without moving a line.
 */
import { cpSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { stripTypeScriptTypes } from 'node:module';
import { dirname, join } from 'node:path';

const TARGET = 'dist';

/** What another module is called by: in imports, exports and the URLs of worker threads. */
const MODULE_NAME = /(['"])(\.{1,2}\/[^'"\n]+)\.ts\1/g;

function compile(from: string): string {
  return stripTypeScriptTypes(readFileSync(from, 'utf8')).replace(MODULE_NAME, '$1$2.js$1');
}

rmSync(TARGET, { recursive: true, force: true });
for (const folder of ['src', join('gen', 'ts')]) {
  for (const file of readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile())) {
    const from = join(file.parentPath, file.name);
    const to = join(TARGET, from);
    mkdirSync(dirname(to), { recursive: true });
    if (file.name.endsWith('.ts')) {
      writeFileSync(to.replace(/\.ts$/, '.js'), compile(from));
    } else if (!file.name.endsWith('.md')) {
      cpSync(from, to);
    }
  }
}
cpSync(join('gen', 'descriptors.binpb'), join(TARGET, 'gen', 'descriptors.binpb'));
// What the sources read of it, one folder above src.
const { name, version, type } = JSON.parse(readFileSync('package.json', 'utf8')) as Record<string, string>;
writeFileSync(join(TARGET, 'package.json'), `${JSON.stringify({ name, version, type }, null, 2)}\n`);
