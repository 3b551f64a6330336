/** `symbolon consent`: what a user granted is printed and taken back. */
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { consentIdOf } from '../../src/core/rules/consents.ts';
import { SqliteStore } from '../../src/store/sqlite/store.ts';
import { dataDirectory } from '../process/server-process.ts';
import { aFamilyId, newTokens } from '../store/fixtures.ts';
import { make } from '../support.ts';
import { runCommand } from './in-process.ts';

const BACK = 'https://web.example/back';

let directory: ReturnType<typeof dataDirectory>;

const run = (...args: string[]) => runCommand([...args, '--tenant', 'acme', '--data-dir', directory.path, '--json']);
const printed = async (...args: string[]) => JSON.parse((await run(...args)).stdout);

beforeAll(async () => {
  directory = dataDirectory();
  for (const args of [['init'], ['tenant', 'create', 'acme']]) {
    expect(await runCommand([...args, '--data-dir', directory.path])).toMatchObject({ failure: '' });
  }
});
afterAll(() => directory[Symbol.dispose]());

it('is listed and withdrawn, once', async () => {
  const made = await printed('user', 'create', '--login-name', 'ann');
  const subjectId = String(made.user_id);
  const consentId = consentIdOf('acme', subjectId, 'web');
  const store = await SqliteStore.open({ path: join(directory.path, 'symbolon.db'), clock: Date.now });
  const client = {
    clientId: 'web',
    tenantId: 'acme',
    displayName: 'Web',
    confidential: false,
    roles: [],
    scopes: ['read'],
  };
  await make(store, { kind: 'create_client', client: { ...client, grants: ['implicit'], redirectUris: [BACK] } });
  await make(store, {
    ...{ kind: 'authorize', tenantId: 'acme', subjectId, clientId: 'web', scopes: ['read'], audience: null },
    ...{ redirectUri: BACK, response: { type: 'token', familyId: aFamilyId(Date.now()), tokens: newTokens() } },
  });
  await store.close();

  const granted = { consent_id: consentId, client_id: 'web', client_name: 'Web', scopes: ['read'] };
  expect(await printed('consent', 'list', '--user', 'ann')).toMatchObject(granted);
  expect(await printed('consent', 'withdraw', consentId)).toMatchObject({ withdrawn: true, consent_id: consentId });
  expect(await printed('consent', 'withdraw', consentId)).toMatchObject({
    withdrawn: false,
    reason: expect.any(String),
  });
  expect((await run('consent', 'list', '--user', 'ann')).stdout).toBe('');
});

it('refuses what names nobody', async () => {
  expect((await run('consent', 'list')).failure).toContain('Give --user');
  expect((await run('consent', 'withdraw', 'co_nothing')).failure).toContain('There is no consent co_nothing');
});
