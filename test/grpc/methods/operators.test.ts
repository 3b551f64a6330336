/** An admin against an operator's client in the same tenant: every method that writes, by every way to name it. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ClientRole } from '../../../gen/ts/symbolon/v1/client_service.ts';
import { type IssuedTokens, RevokeRequest } from '../../../gen/ts/symbolon/v1/token_service.ts';
import { all } from '../../../src/core/plan.ts';
import { CLIENT, CLIENT_SECRET } from '../../../src/core/tables/clients.ts';
import { FAMILY } from '../../../src/core/tables/families.ts';
import { basic, bearer, CREDENTIALS, failureOf, introspect, issue, send } from '../client.ts';
import { type DirectoryBed, METHODS, openDirectoryBed } from './bed.ts';

let bed: DirectoryBed;
let secret: string;
let tokens: IssuedTokens;

const clientId = 'boss';
const later = { seconds: 9_000_000_000, nanos: 0 };

beforeAll(async () => {
  bed = await openDirectoryBed();
  const roles = [ClientRole.OPERATOR, ClientRole.ADMIN];
  const made = await bed.call(
    'createClient',
    { clientId, confidential: true, roles, scopes: ['read'] },
    bed.as.operator,
  );
  secret = made.clientSecret;
  tokens = await issue(bed, CREDENTIALS.client(clientId, secret), basic(clientId, secret));
});

afterAll(() => bed.close());

type Attempt = () => Promise<unknown>;

function revokeBy(target: { $case: 'tokenId' | 'familyId' | 'token'; value: string }, as = bed.as.admin) {
  return send(bed.client, bed.client.revoke, RevokeRequest.fromPartial({ target }), as);
}

/** What an admin can try; nothing where a method names neither a client nor a token. */
const ATTEMPTS: Readonly<Record<string, readonly Attempt[]>> = {
  createClient: [
    () => bed.call('createClient', { clientId: 'acme.x', confidential: true, roles: [ClientRole.OPERATOR] }),
    () => bed.call('createClient', { confidential: true, roles: [ClientRole.ADMIN, ClientRole.OPERATOR] }),
  ],
  updateClient: [
    () => bed.call('updateClient', { clientId, displayName: 'x', updateMask: ['display_name'] }),
    () => bed.call('updateClient', { clientId, roles: [], updateMask: ['roles'] }),
    () => bed.call('updateClient', { clientId, scopes: [], updateMask: ['scopes'] }),
  ],
  addClientSecret: [
    () => bed.call('addClientSecret', { clientId }),
    () => bed.call('addClientSecret', { clientId, reset: true }),
  ],
  expireClientSecret: [
    async () => {
      const { client } = await bed.call('getClient', { clientId });
      const secretId = client?.secrets[0]?.secretId ?? '';
      return bed.call('expireClientSecret', { clientId, secretId });
    },
    () => bed.call('expireClientSecret', { clientId, secretId: 'cs_nothing', expireTime: later }),
  ],
  disableClient: [() => bed.call('disableClient', { clientId })],
  enableClient: [() => bed.call('enableClient', { clientId })],
  deleteClient: [() => bed.call('deleteClient', { clientId })],
  revokeAll: [() => bed.call('revokeAll', { target: { $case: 'clientId', value: clientId } })],
  revoke: [
    async () => {
      const subject = { $case: 'clientId' as const, value: clientId };
      const { families } = await bed.call('listTokens', { subject });
      return revokeBy({ $case: 'tokenId', value: families[0]?.tokens[0]?.tokenId ?? '' });
    },
    () => revokeBy({ $case: 'familyId', value: tokens.familyId }),
  ],
};

/** They name tenants, users, devices, resource servers and what users granted. A tenant's own tokens end all together, the operator's with them, who logs in again. */
const OF_OTHERS = /Tenant|User|Device|Password|Verification|Totp|EndNode|ResourceServer|Consent|^issue$|^refresh$/;
const READS = /^(get|list|count|verify|describe|watch)|^(batchI|i)ntrospect$|^(batchC|c)heck$/;

async function rows() {
  const read = { client: all(CLIENT, { clientId }), secrets: all(CLIENT_SECRET, { clientId }) };
  return bed.store.read({ ...read, families: all(FAMILY, { tenantId: 'acme', subjectId: clientId }) });
}

describe('an operator’s client and its tokens', () => {
  it('are looked at for every method that writes', () => {
    const writing = Object.keys(METHODS).filter((name) => !READS.test(name) && !OF_OTHERS.test(name));
    expect(Object.keys(ATTEMPTS).sort()).toEqual(writing.sort());
  });

  it.each(Object.keys(ATTEMPTS))('are not touched by an admin’s %s', async (name) => {
    const before = await rows();
    for (const attempt of ATTEMPTS[name] ?? []) {
      expect(await failureOf(attempt())).toMatchObject({ status: 'PERMISSION_DENIED' });
    }
    expect(await rows()).toEqual(before);
    expect(await introspect(bed, tokens.accessToken)).toMatchObject({ active: true });
    await bed.call('listTenants', {}, bearer(tokens.accessToken));
    await bed.call('listTenants', {}, basic(clientId, secret));
  });

  it('are ended by an operator, and by anybody who holds the token', async () => {
    const one = await issue(bed, CREDENTIALS.client(clientId, secret), basic(clientId, secret));
    await revokeBy({ $case: 'familyId', value: one.familyId }, basic(clientId, secret));
    expect(await introspect(bed, one.accessToken)).toMatchObject({ active: false });
    const other = await issue(bed, CREDENTIALS.client(clientId, secret), basic(clientId, secret));
    await revokeBy({ $case: 'token', value: other.accessToken });
    expect(await introspect(bed, other.accessToken)).toMatchObject({ active: false });
  });

  it('are no shelter for a user who logs in by it', async () => {
    const { familyId, accessToken } = await issue(bed, CREDENTIALS.user(), basic(clientId, secret));
    await revokeBy({ $case: 'familyId', value: familyId });
    expect(await introspect(bed, accessToken)).toMatchObject({ active: false });
  });
});

describe('a role', () => {
  it.each([ClientRole.OPERATOR, ClientRole.ADMIN, ClientRole.INTROSPECT])(
    'is given when a client is made alone: %s',
    async (role) => {
      const id = `acme.grows-${role}`;
      const { clientSecret } = await bed.call('createClient', { clientId: id, confidential: true });
      const kept = await issue(bed, CREDENTIALS.client(id, clientSecret), basic(id, clientSecret));
      const rise = { clientId: id, roles: [role], updateMask: ['roles'] };
      for (const as of [bed.as.operator, ...(role === ClientRole.OPERATOR ? [] : [bed.as.admin])]) {
        expect(await failureOf(bed.call('updateClient', rise, as))).toMatchObject({
          status: 'FAILED_PRECONDITION',
          message: expect.stringContaining('roles are given when a client is made'),
        });
      }
      for (const as of [bearer(kept.accessToken), basic(id, clientSecret)]) {
        expect(await failureOf(bed.call('listClients', {}, as))).toMatchObject({ status: 'PERMISSION_DENIED' });
      }
    },
  );

  it('that was taken away does not come back', async () => {
    const id = 'acme.fell';
    await bed.call('createClient', {
      clientId: id,
      confidential: true,
      roles: [ClientRole.ADMIN, ClientRole.INTROSPECT],
    });
    const set = (roles: ClientRole[]) => bed.call('updateClient', { clientId: id, roles, updateMask: ['roles'] });
    await set([ClientRole.INTROSPECT]);
    expect(await failureOf(set([ClientRole.ADMIN, ClientRole.INTROSPECT]))).toMatchObject({
      status: 'FAILED_PRECONDITION',
    });
    await set([ClientRole.INTROSPECT]);
  });
});

it('a scope that is given to a client is not given to its tokens', async () => {
  const id = 'acme.wider';
  const { clientSecret } = await bed.call('createClient', { clientId: id, confidential: true, scopes: ['read'] });
  const own = { ...CREDENTIALS.client(id, clientSecret), scopes: ['read'] };
  const kept = await issue(bed, own, basic(id, clientSecret));
  await bed.call('updateClient', { clientId: id, scopes: ['read', 'write'], updateMask: ['scopes'] });
  expect(await introspect(bed, kept.accessToken)).toMatchObject({ active: true, scopes: ['read'] });
});
