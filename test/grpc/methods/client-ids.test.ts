/** Whose ids of clients are: what apps of one tenant name must never become another tenant's. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ClientRole } from '../../../gen/ts/symbolon/v1/client_service.ts';
import { basic, failureOf } from '../client.ts';
import { type DirectoryBed, openDirectoryBed } from './bed.ts';

let bed: DirectoryBed;

beforeAll(async () => {
  bed = await openDirectoryBed();
});

afterAll(() => bed.close());

const INVALID = { status: 'INVALID_ARGUMENT' };
const TAKEN = { status: 'ALREADY_EXISTS' };

function create(clientId: string, as = bed.as.admin, fields: object = {}) {
  return bed.call('createClient', { clientId, ...fields }, as);
}

describe('ids of clients', () => {
  it('that an admin chooses begin with the id of its tenant and a dot', async () => {
    const { client } = await create('acme.web');
    expect(client).toMatchObject({ clientId: 'acme.web', tenantId: 'acme' });
    // Also one that begins with more of the same.
    expect((await create('acme.web.2')).client?.clientId).toBe('acme.web.2');
    for (const clientId of [
      'web',
      'later',
      'acme',
      'ACME',
      'Acme.web',
      'other',
      'other.web',
      'acme-web',
      'acme.',
      '.web',
    ]) {
      expect(await failureOf(create(clientId)), clientId).toMatchObject({
        ...INVALID,
        message: 'client_id must begin with acme. and go on, or be empty: only an operator chooses another',
      });
    }
  });

  it('are the same in another tenant, and tell nothing of what is taken there', async () => {
    const stolen = create('plain', bed.as.otherAdmin);
    expect(await failureOf(stolen)).toMatchObject({ ...INVALID, message: expect.stringContaining('other.') });
    const free = create('free', bed.as.otherAdmin);
    expect(await failureOf(free)).toMatchObject({ ...INVALID, message: expect.stringContaining('other.') });
  });

  it('that an operator chooses are those of no tenant, in any case', async () => {
    expect((await create('gateway', bed.as.operator)).client?.clientId).toBe('gateway');
    for (const clientId of ['acme', 'ACME', 'other', 'Other', 'other.web', 'OTHER.web', 'gateway']) {
      expect(await failureOf(create(clientId, bed.as.operator)), clientId).toMatchObject(TAKEN);
    }
    const within = await create('other.api', bed.as.operator, { tenantId: 'other' });
    expect(within.client).toMatchObject({ clientId: 'other.api', tenantId: 'other' });
  });

  it('are no ids of tenants that are made later', async () => {
    await create('taken-by-client', bed.as.operator);
    const made = bed.call('createTenant', { tenantId: 'taken-by-client' }, bed.as.operator);
    expect(await failureOf(made)).toMatchObject(TAKEN);
  });

  it('of a deleted client are nobody else’s', async () => {
    await create('acme.gone');
    await bed.call('deleteClient', { clientId: 'acme.gone' });
    expect(await failureOf(create('acme.gone', bed.as.otherAdmin))).toMatchObject(INVALID);
    expect(await failureOf(create('acme.gone', bed.as.operator, { tenantId: 'other' }))).toMatchObject(TAKEN);
    expect((await create('acme.gone')).client?.tenantId).toBe('acme');
  });

  it('of the tenant itself are its public client’s, which can be disabled and not deleted', async () => {
    await bed.call('createTenant', { tenantId: 'lasting' }, bed.as.operator);
    const roles = [ClientRole.ADMIN];
    const as = { tenantId: 'lasting', confidential: true, roles };
    const { clientSecret } = await create('lasting.admin', bed.as.operator, as);
    const admin = basic('lasting.admin', clientSecret);
    expect(await failureOf(bed.call('deleteClient', { clientId: 'lasting' }, admin))).toMatchObject({
      ...INVALID,
      message: 'The public client of a tenant can be disabled, but not deleted',
    });
    await bed.call('disableClient', { clientId: 'lasting' }, admin);
    expect((await bed.call('getClient', { clientId: 'lasting' }, admin)).client?.disabled).toBe(true);
    await bed.call('enableClient', { clientId: 'lasting' }, admin);
    expect((await bed.call('getClient', { clientId: 'lasting' }, admin)).client?.disabled).toBe(false);
  });
});
