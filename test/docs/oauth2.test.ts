/** docs/oauth2.md has lines to paste, beside a demo, and the clients that were tried. */
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, it } from 'vitest';
import { ROOT } from '../process/program.ts';
import { dataDirectory, ServerProcess } from '../process/server-process.ts';
import { runTool } from '../stubs/tools.ts';

const read = (path: string) => readFileSync(join(ROOT, path), 'utf8');
const PAGE = read('docs/oauth2.md');

it('its lines run, and end the token', async () => {
  const [lines = ''] = /(?<=^```sh\n).*?(?=^```$)/ms.exec(PAGE) ?? [];
  using directory = dataDirectory();
  await using _server = await ServerProcess.startDemo({ dataDir: directory.path });
  const here = lines.replaceAll('data/demo.json', join(directory.path, 'demo.json'));
  const env = { PATH: `${dirname(process.execPath)}:${process.env.PATH}` };
  const printed = await runTool('sh', ['-ec', here], directory.path, env);
  expect(printed).toMatch(/^\{"issuer":"http:.*\{"active":true,.*\{\}\{"active":false\}$/s);
});

const NODE = ['openid-client', 'oauth4webapi', 'simple-oauth2', 'passport-oauth2'];
/** Where a version is pinned, and how the page names it. */
const PINNED: readonly (readonly [name: string, file: string, pinned: RegExp])[] = [
  ...NODE.map((name) => [name, 'package.json', new RegExp(`"${name}": "(.+?)"`)] as const),
  ['golang.org/x/oauth2', 'test/clients/go/go.mod', /golang\.org\/x\/oauth2 (.+)/],
  ['authlib', 'test/clients/python/requirements.txt', /authlib==(.+)/],
  ['oauth2-oidc-sdk', 'test/clients/java/nimbus/pom.xml', /oauth2-oidc-sdk<\/artifactId>\s*<version>(.+?)</],
  ['Spring Security', 'test/clients/java/spring/pom.xml', /Brings Spring Security (.+?)\. /],
  ['Spring Boot', 'test/clients/java/spring/pom.xml', /spring-boot-dependencies<\/artifactId>\s*<version>(.+?)</],
];

it.each(PINNED)('names the version of %s that %s pins', (name, file, pinned) => {
  expect(PAGE).toContain(`${name} ${pinned.exec(read(file))?.[1]}`);
});
