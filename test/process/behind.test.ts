/** A restored store whose logins are behind their clients: what those hold is refused, and taken for no thief's. */
import { copyFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { IssuedTokens } from '../../gen/ts/symbolon/v1/token_service.ts';
import type { DemoRecord } from '../../src/server/demo.ts';
import { Workspace } from '../cli/workspace.ts';
import { basic, failureOf, TokenClient } from './grpc-client.ts';
import { eventually } from './program.ts';
import { postToken } from './rest-client.ts';
import { ServerProcess } from './server-process.ts';

const WHY = 'a token of another history: the store went back, or a key leaked';

let workspace: Workspace;
let restored: Workspace;
let demo: DemoRecord;
/** A login as it was backed up. */
let issued: IssuedTokens;
/** Its pairs since, the current one last. */
let later: IssuedTokens[];

beforeAll(async () => {
  [workspace, restored] = [new Workspace(), new Workspace()];
  await using server = await ServerProcess.startDemo({ dataDir: workspace.path });
  demo = server.demo;
  using app = appOf(server);
  issued = await app.logIn(demo.user.login_name, demo.user.password);
  const backup = join(dirname(workspace.path), 'backup.db');
  await workspace.text(['store', 'backup', '--to', backup]);
  const next = await app.refresh(issued.refreshToken);
  later = [next, await app.refresh(next.refreshToken)];
  await restored.text(['store', 'restore', '--from', backup, '--keep-tokens']);
  copyFileSync(join(workspace.path, 'symbolon.key'), join(restored.path, 'symbolon.key'));
});
afterAll(() => {
  restored[Symbol.dispose]();
  workspace[Symbol.dispose]();
});

function appOf({ grpcAddress }: ServerProcess): TokenClient {
  return new TokenClient(grpcAddress, basic(demo.tenant_id, ''));
}

/** The lines of the log about calls that were refused a refresh. */
function refusals({ running }: ServerProcess): unknown[] {
  return running.stderr
    .split('\n')
    .filter((line) => line.includes('"invalid_refresh_token"'))
    .map((line) => JSON.parse(line) as unknown);
}

it('newer refresh tokens are refused with a line in the log each, and the login lives on', async () => {
  await using server = await ServerProcess.start({ dataDir: restored.path, args: ['--log-level', 'info'] });
  using app = appOf(server);
  using admin = TokenClient.admin({ ...demo, grpc: server.grpcAddress });
  for (const [i, { accessToken, refreshToken }] of later.entries()) {
    expect((await failureOf(app.refresh(refreshToken))).reason).toBe('INVALID_REFRESH_TOKEN');
    await eventually('the line', () => refusals(server).length > 2 * i);
    const body = { grant_type: 'refresh_token', refresh_token: refreshToken };
    expect(await postToken(server.httpAddress, demo.tenant_id, body)).toMatchObject({
      status: 400,
      json: { errorCode: 'invalid_grant' },
    });
    await eventually('the line', () => refusals(server).length > 2 * i + 1);
    expect(await admin.isActive(accessToken)).toBe(false);
  }
  const why = expect.stringContaining(WHY);
  expect(refusals(server)).toEqual([
    expect.objectContaining({ method: 'Refresh', client: demo.tenant_id, cause: why }),
    expect.objectContaining({ method: 'kii.token', tenant: demo.tenant_id, cause: why }),
    expect.objectContaining({ method: 'Refresh', client: demo.tenant_id, cause: why }),
    expect.objectContaining({ method: 'kii.token', tenant: demo.tenant_id, cause: why }),
  ]);

  // Who holds what the backup holds goes on, and is not cut off by those who come with more.
  expect(await admin.isActive(issued.accessToken)).toBe(true);
  const next = await app.refresh(issued.refreshToken);
  expect((await failureOf(app.refresh(later[1]?.refreshToken ?? ''))).reason).toBe('INVALID_REFRESH_TOKEN');
  expect(await admin.isActive(next.accessToken)).toBe(true);
});
