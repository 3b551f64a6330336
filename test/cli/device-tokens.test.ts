/** `symbolon device give-token|show-token|revoke-token`, and how such a token is listed. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { Workspace } from './workspace.ts';

const ACME = ['--tenant', 'acme'];

let workspace: Workspace;

beforeAll(async () => {
  workspace = new Workspace();
  await workspace.text(['init']);
  await workspace.text(['tenant', 'create', 'acme']);
  await workspace.text(['device', 'create', ...ACME, '--vendor-id', 'lamp']);
});
afterAll(() => workspace[Symbol.dispose]());

const run = (verb: string) => workspace.json(['device', verb, 'lamp', ...ACME]);

it('the token of a device is given, shown, listed as what never expires, and revoked', async () => {
  const none = 'The device has no token';
  expect(await workspace.refusal(['device', 'show-token', 'lamp', ...ACME])).toContain(none);
  const given = await run('give-token');
  const { access_token: token, family_id: familyId } = given;
  expect(given).toMatchObject({ tenant_id: 'acme', access_token: expect.stringMatching(/^syd_/), client_id: null });
  expect(await run('show-token')).toMatchObject({ access_token: token, family_id: familyId });

  const listed = await workspace.json(['token', 'list', '--device', 'lamp', ...ACME]);
  const facts = { kind: 'DEVICE', client_id: null, audience: null, expire_time: 'never' };
  expect(listed).toMatchObject({ family_id: familyId, ...facts });
  const columns = (await workspace.text(['token', 'list', '--device', 'lamp', ...ACME])).trimEnd().split('\t');
  expect(columns.slice(0, 3)).toEqual([familyId, 'DEVICE', '']);
  expect(columns[5]).toBe('never');
  expect(columns.join()).not.toContain(token);
  expect(await workspace.json(['token', 'introspect', String(token)])).toMatchObject({ active: true, ...facts });

  const second = await run('give-token');
  expect(await workspace.json(['token', 'introspect', String(token)])).toEqual({ active: false });
  expect(await run('revoke-token')).toMatchObject({ tenant_id: 'acme', revision: expect.any(Number) });
  expect(await workspace.json(['token', 'introspect', String(second.access_token)])).toEqual({ active: false });
  expect(await workspace.refusal(['device', 'revoke-token', 'lamp', ...ACME])).toContain(none);
});
