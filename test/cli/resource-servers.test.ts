/** `symbolon resource-server`: services that tokens may be for alone. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { Workspace } from './workspace.ts';

const API = 'https://api.example.com/';
const ACME = ['--tenant', 'acme'];

let workspace: Workspace;

beforeAll(async () => {
  workspace = new Workspace();
  await workspace.text(['init']);
  await workspace.text(['tenant', 'create', 'acme']);
  await workspace.text(['client', 'create', ...ACME, '--id', 'acme.api', '--role', 'introspect']);
});
afterAll(() => workspace[Symbol.dispose]());

const run = (verb: string, ...flags: string[]) => workspace.json(['resource-server', verb, API, ...ACME, ...flags]);

it('a resource server is made, changed and deleted', async () => {
  const made = { tenant_id: 'acme', resource_server_id: API, display_name: API, scopes: ['read'] };
  const flags = ['--scope', 'read', '--introspect-by', 'acme.api'];
  expect(await run('create', ...flags)).toMatchObject({ ...made, client_ids: ['acme.api'] });
  expect(await run('get')).toMatchObject(made);
  const less = await run('update', '--display-name', 'API', '--clear-introspect-by', '--clear-scopes');
  expect(less).toMatchObject({ display_name: 'API', scopes: [], client_ids: [] });
  expect(await workspace.text(['resource-server', 'list', ...ACME])).toContain(API);
  expect(await run('delete')).toEqual({ tenant_id: 'acme', resource_server_id: API });
  expect(await workspace.refusal(['resource-server', 'get', API, ...ACME])).toContain('There is no resource_server');
});
