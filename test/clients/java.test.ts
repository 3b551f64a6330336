/** Java: Nimbus' OAuth 2 SDK, and an application of Spring Boot with Spring Security's client. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { hasTools, MAX_DURATION_MS, runTool } from '../stubs/tools.ts';
import { temporaryDirectory } from '../support.ts';
import { type ClientsBed, openClientsBed } from './bed.ts';
import { converse } from './conversation.ts';

const HAS_TOOLS = hasTools('Java', [
  ['mvn', '--version', '3.6'],
  ['javac', '-version', '17.0'],
]);

describe.skipIf(!HAS_TOOLS)('in Java', { timeout: MAX_DURATION_MS }, () => {
  const directory = temporaryDirectory();
  let bed: ClientsBed;

  beforeAll(async () => {
    const elsewhere = `-Dclients.target=${directory.path}/\${project.artifactId}`;
    await runTool('mvn', ['-q', '-B', elsewhere, 'compile'], join(import.meta.dirname, 'java'));
    bed = await openClientsBed();
  }, MAX_DURATION_MS);
  afterAll(async () => {
    await bed[Symbol.asyncDispose]();
    directory.remove();
  });

  const run = (artifact: string, main: string) => {
    const built = join(directory.path, artifact);
    const classpath = [join(built, 'classes'), readFileSync(join(built, 'classpath'), 'utf8').trim()].join(':');
    return converse(bed, ['java', '-cp', classpath, main]);
  };

  it('Nimbus’ SDK runs every flow that it has', async () => {
    const byCode = ['code', 'refresh', 'revocation', 'a code that is made up'];
    expect(await run('nimbus', 'Nimbus')).toEqual([
      // With its secret in the header, and in the body.
      ...[...byCode, ...byCode].map((flow) => `${flow} as web`),
      ...byCode.map((flow) => `${flow} as native`),
      'client credentials as web',
      'introspection as gate',
      'password as trusted',
      'device as tv',
    ]);
  });

  it('Spring Security runs every flow that it has', async () => {
    expect(await run('spring', 'Spring')).toEqual([
      ...['code as web', 'refresh as web', 'code as native', 'refresh as native'],
      ...['client credentials as web', 'a wrong secret as web', 'introspection as gate'],
    ]);
  });
});
