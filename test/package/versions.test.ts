/** One version for the server and every package of an SDK: they come from one contract, and are released together. */
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { ROOT } from '../process/program.ts';

const { version } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as { readonly version: string };

/** Where each kind of package says its version. */
const PLACES = {
  'sdk/typescript/*/package.json': /^ {2}"version": "(.*)"/m,
  'sdk/python/src/symbolon/__init__.py': /^__version__ = "(.*)"/m,
  // The first is the parent's, or its own.
  'sdk/java/{,*/}pom.xml': /<version>(.*)<\/version>/,
  'sdk/go/go.mod': /^\s*symbolon\.internal\/gen\/go v(.*)$/m,
  'examples/typescript/package.json': /^ {2}"version": "(.*)"/m,
};

for (const [places, pattern] of Object.entries(PLACES)) {
  const paths = globSync(places, { cwd: ROOT });

  it(`${places} is there`, () => expect(paths).not.toEqual([]));

  it.each(paths)('%s has the version of the server', (path) => {
    expect(pattern.exec(readFileSync(join(ROOT, path), 'utf8'))?.[1]).toBe(version);
  });
}
