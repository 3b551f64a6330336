/** `symbolon token introspect|revoke`, beside a server and without one. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { IssuedTokens } from '../../gen/ts/symbolon/v1/token_service.ts';
import { madeUp } from '../core/made-up.ts';
import { TokenClient } from '../process/grpc-client.ts';
import { ServerProcess } from '../process/server-process.ts';
import { fieldsOf, Workspace } from './workspace.ts';

let workspace: Workspace;
let server: ServerProcess;
let client: TokenClient;

beforeAll(async () => {
  workspace = new Workspace();
  server = await ServerProcess.startDemo({ dataDir: workspace.path });
  client = TokenClient.admin(server.demo);
  await workspace.text(['tenant', 'create', 'other']);
});
afterAll(async () => {
  client[Symbol.dispose]();
  await server.kill();
  workspace[Symbol.dispose]();
});

function issue(): Promise<IssuedTokens> {
  const { login_name: username, password } = server.demo.user;
  return client.issue({
    credential: { $case: 'userPassword', value: { username, password } },
    scopes: ['read', 'write'],
  });
}

describe('token introspect', () => {
  it('tells all about a live token', async () => {
    const { accessToken, tokenId, familyId, issueTime } = await issue();
    const known = {
      token_id: tokenId,
      kind: 'USER',
      tenant_id: 'demo',
      client_id: 'demo-admin',
      subject_id: server.demo.user.id,
      issue_time: new Date((issueTime?.seconds ?? 0) * 1_000 + (issueTime?.nanos ?? 0) / 1e6).toISOString(),
      expire_time: expect.stringMatching(/^20\d\d-\d\d-\d\dT[\d:.]+Z$/),
      family_id: familyId,
    };
    expect(await workspace.json(['token', 'introspect', accessToken])).toEqual({
      active: true,
      ...known,
      audience: null,
      scopes: ['read', 'write'],
    });
    const printed = await workspace.text(['token', 'introspect', '-'], { input: `${accessToken}\n` });
    expect(fieldsOf(printed)).toEqual({ active: 'true', ...known, scopes: 'read write' });
  });

  it('tells nothing of any other text', async () => {
    const { refreshToken } = await issue();
    for (const text of [refreshToken, madeUp('access'), 'rubbish']) {
      expect(await workspace.json(['token', 'introspect', '-'], { input: text })).toEqual({ active: false });
    }
    expect(await workspace.text(['token', 'introspect', 'rubbish'])).toBe('active  false\n');
    expect(await workspace.refusal(['token', 'introspect', ''])).toMatch(/^<token> is empty\. Name one/);
  });
});

describe('token revoke', () => {
  it.each([
    ['an access token', ({ accessToken }: IssuedTokens) => accessToken, []],
    ['a refresh token', ({ refreshToken }: IssuedTokens) => refreshToken, []],
    ['a token id', ({ tokenId }: IssuedTokens) => tokenId, ['--tenant', 'demo']],
    ['a family id', ({ familyId }: IssuedTokens) => familyId, ['--tenant', 'demo']],
  ])(
    'takes %s, as an argument or from standard input, and says when nothing was left to revoke',
    async (_title, of, options) => {
      const issued = await issue();
      expect(await client.isActive(issued.accessToken)).toBe(true);
      const first = await workspace.json(['token', 'revoke', '-', ...options], { input: `${of(issued)}\n` });
      const tenant = options[1] === undefined ? {} : { tenant_id: options[1] };
      expect(first).toEqual({ revoked: true, tenant_id: null, ...tenant, revision: expect.any(Number) });
      expect(await client.isActive(issued.accessToken)).toBe(false);
      expect(fieldsOf(await workspace.text(['token', 'revoke', of(issued), ...options]))).toEqual({
        revoked: 'false',
        ...tenant,
        revision: String(first.revision),
        reason: 'it is unknown, or was revoked before',
      });
    },
  );

  it('says that there is no such token, where there is none', async () => {
    const answer = await workspace.json(['token', 'revoke', madeUp('refresh')]);
    expect(answer).toMatchObject({ revoked: false, reason: 'it is unknown, or was revoked before' });
  });

  it.each([
    [`ta_${'0'.repeat(30)}`, 'demo'],
    [`tr_${'0'.repeat(30)}`, 'demo'],
    [`fm_${'0'.repeat(24)}`, 'demo'],
    [`fm_${'0'.repeat(24)}`, 'other'],
  ])('does not claim to have revoked %s of %s, which is nobody’s', async (id, tenant) => {
    expect(await workspace.json(['token', 'revoke', id, '--tenant', tenant])).toMatchObject({ revoked: false });
  });

  it('knows no id of another tenant', async () => {
    const { accessToken, tokenId, familyId } = await issue();
    for (const id of [tokenId, familyId]) {
      expect(await workspace.json(['token', 'revoke', id, '--tenant', 'other'])).toMatchObject({ revoked: false });
    }
    expect(await client.isActive(accessToken)).toBe(true);
  });

  it('refuses what it can’t look up', async () => {
    const id = `ta_${'0'.repeat(30)}`;
    expect(await workspace.refusal(['token', 'revoke', id])).toBe(
      '--tenant is missing. Name a tenant: symbolon tenant list prints them',
    );
    expect(await workspace.refusal(['token', 'revoke', id, '--tenant', 'nobody'])).toBe(
      'There is no tenant nobody. Name another, or make it with symbolon tenant create',
    );
    const mistyped = `${madeUp('access').slice(0, -1)}_`;
    const line = await workspace.refusal(['token', 'revoke', mistyped]);
    expect(line).toBe(
      'the target must be a token, a token id (ta_… or tr_…) or a family id (fm_…). ' +
        'Check that no character was lost in copying',
    );
    // A token that is nearly right is nearly a secret.
    expect(line).not.toContain(mistyped.slice(0, 20));
  });
});

describe('without a server', () => {
  it('both work on what the last one left', async () => {
    const { accessToken, tokenId } = await issue();
    await server.running.end('SIGTERM');
    expect(await workspace.json(['token', 'introspect', accessToken])).toMatchObject({
      active: true,
      token_id: tokenId,
    });
    expect(await workspace.json(['token', 'revoke', accessToken])).toMatchObject({ revoked: true });
    expect(await workspace.json(['token', 'introspect', accessToken])).toEqual({ active: false });
  });
});
