/** The line of the SDKs' READMEs that gives their programs the settings of a demo server. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { ROOT } from '../process/program.ts';
import { runTool } from '../stubs/tools.ts';
import { temporaryDirectory } from '../support.ts';

const directory = temporaryDirectory();
afterAll(() => directory.remove());

it.each(['go', 'python', 'typescript/client', 'typescript/server'])('sdk/%s: it exports all three', async (sdk) => {
  const readme = readFileSync(join(ROOT, 'sdk', sdk, 'README.md'), 'utf8');
  const [line = ''] = /(?<=^```sh\n)eval .*$/m.exec(readme) ?? [];
  const checkout = join(directory.path, sdk);
  mkdirSync(join(checkout, 'data'), { recursive: true });
  const demo = {
    ...{ grpc: '127.0.0.1:50051', tenant_id: 'demo', user: { login_name: 'demo-user', password: 'a-password' } },
    http: '127.0.0.1:8080',
    service: { client_id: 'demo-service', client_secret: 'sys_secret' },
    public: { client_id: 'demo-app' },
    device_client: { client_id: 'demo-tv' },
  };
  writeFileSync(join(checkout, 'data', 'demo.json'), JSON.stringify(demo));
  const env = { PATH: `${dirname(process.execPath)}:${process.env.PATH}` };
  const shown = 'echo "$SYMBOLON_ADDRESS $CLIENT_ID $CLIENT_SECRET"; export -p | grep -c SYMBOLON_ADDRESS=';
  const printed = await runTool('sh', ['-ec', `${line}\n${shown}`], checkout, env);
  expect(printed).toBe('127.0.0.1:50051 demo-service sys_secret\n1\n');
});
