/** docs/oauth2.md has lines to paste, beside a demo. */
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, it } from 'vitest';
import { ROOT } from '../process/program.ts';
import { dataDirectory, ServerProcess } from '../process/server-process.ts';
import { runTool } from '../stubs/tools.ts';

it('its lines run, and end the token', async () => {
  const [lines = ''] = /(?<=^```sh\n).*?(?=^```$)/ms.exec(readFileSync(join(ROOT, 'docs/oauth2.md'), 'utf8')) ?? [];
  using directory = dataDirectory();
  await using _server = await ServerProcess.startDemo({ dataDir: directory.path });
  const here = lines.replaceAll('data/demo.json', join(directory.path, 'demo.json'));
  const env = { PATH: `${dirname(process.execPath)}:${process.env.PATH}` };
  const printed = await runTool('sh', ['-ec', here], directory.path, env);
  expect(printed).toMatch(/^\{"issuer":"http:.*\{"active":true,.*\{\}\{"active":false\}$/s);
});
