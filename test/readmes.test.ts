/** The README of a folder says what is there, so the files that it names must be there. */
import { existsSync, globSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';

const ROOT = join(import.meta.dirname, '..');
/** A file of the folder itself: without a way to another one. */
const OWN_FILE = /`([a-z0-9-]+\.ts)`/g;

const readmes = ['src', 'sdk'].flatMap((folder) => globSync(`${folder}/**/README.md`, { cwd: ROOT }));

test.each(readmes.filter((path) => !path.includes('node_modules')))('the files that %s names are there', (path) => {
  const text = readFileSync(join(ROOT, path), 'utf8');
  const named = [...text.matchAll(OWN_FILE)].map(([, file]) => file as string);
  expect(named.filter((file) => !existsSync(join(ROOT, dirname(path), file)))).toEqual([]);
});
