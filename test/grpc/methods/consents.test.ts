/** Consents and Check over real sockets: what a user and an admin see and withdraw, and what services are told of it. */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { AccessReason, Permission } from '../../../gen/ts/symbolon/v1/access_service.ts';
import { RevocationWait } from '../../../gen/ts/symbolon/v1/token_service.ts';
import { consentIdOf } from '../../../src/core/rules/consents.ts';
import type { ClientRegistration } from '../../../src/core/tables/clients.ts';
import { aFamilyId, newTokens } from '../../store/fixtures.ts';
import { make } from '../../support.ts';
import { CREDENTIALS, failureOf, issue } from '../client.ts';
import { type DirectoryBed, openDirectoryBed, type Who } from './bed.ts';

const BACK = 'https://web.example/back';
const ANN = 'user-ann';
const CLIENTS = ['first', 'second'] as const;

let bed: DirectoryBed;

beforeAll(async () => {
  bed = await openDirectoryBed();
  for (const clientId of CLIENTS) {
    const own = { clientId, tenantId: 'acme', displayName: `The ${clientId}`, confidential: false, roles: [] };
    const registration: ClientRegistration = {
      firstParty: false,
      grants: ['implicit'],
      redirectUris: [BACK],
      logoUri: '',
      accentColor: '',
    };
    const client = { ...own, ...registration, scopes: ['read', 'write'] } as const;
    await make(bed.store, { kind: 'create_client', client });
  }
});
afterAll(() => bed.close());
beforeEach(() => Promise.all(CLIENTS.map((clientId) => grant(clientId))));

async function grant(clientId: string, subjectId = ANN): Promise<void> {
  await make(bed.store, {
    ...{
      kind: 'authorize',
      tenantId: 'acme',
      subjectId,
      clientId,
      scopes: ['read'],
      audience: null,
      redirectUri: BACK,
    },
    response: { type: 'token', familyId: aFamilyId(), tokens: newTokens() },
  });
}

const idOf = (clientId: string) => consentIdOf('acme', ANN, clientId);
const mine = async () => (await issue(bed, CREDENTIALS.user())).accessToken;
const listed = (accessToken: string, who: Who, page = {}) =>
  bed.call('listConsents', { user: { $case: 'accessToken', value: accessToken }, ...page }, bed.as[who]);
const ofAnn = (who: Who = 'admin') => bed.call('listConsents', { user: { $case: 'userId', value: ANN } }, bed.as[who]);

describe('the consents of a user', () => {
  it('are listed for an admin, and for the user through whichever client', async () => {
    const first = { consentId: idOf('first'), clientId: 'first', clientName: 'The first', scopes: ['read'] };
    const both = expect.arrayContaining([expect.objectContaining(first)]);
    expect((await ofAnn()).consents).toEqual(both);
    expect((await listed(await mine(), 'public')).consents).toEqual(both);
    expect((await listed(await mine(), 'client')).consents).toHaveLength(2);
  });

  it('come in pages, which are the user’s own', async () => {
    const token = await mine();
    const page = await listed(token, 'public', { pageSize: 1 });
    const rest = await listed(token, 'public', { pageSize: 1, pageToken: page.nextPageToken });
    const ids = [...page.consents, ...rest.consents].map(({ consentId }) => consentId);
    expect(ids.sort()).toEqual(CLIENTS.map(idOf).sort());
    expect(await failureOf(listed('made up', 'public'))).toMatchObject({ reason: 'INVALID_CREDENTIALS' });
  });

  it('are withdrawn by the user, once, and are listed no more', async () => {
    const token = await mine();
    const withdraw = (consentId: string, userAccessToken = token) =>
      bed.call('withdrawConsent', { consentId, userAccessToken, wait: RevocationWait.VERIFIERS }, bed.as.public);
    const done = await withdraw(idOf('first'));
    expect(done).toMatchObject({ withdrawn: true, verifiers: { acknowledged: 0 } });
    expect(await withdraw(idOf('first'))).toMatchObject({ withdrawn: false, revision: done.revision });
    expect((await ofAnn()).consents).toMatchObject([{ clientId: 'second' }]);
    expect(await failureOf(withdraw('co_nothing'))).toMatchObject({ status: 'NOT_FOUND' });
    await bed.call('registerUser', { loginName: `ben-${done.revision}`, password: 'a password of ben' });
    const bens = await issue(bed, CREDENTIALS.user(`ben-${done.revision}`, 'a password of ben'));
    expect(await failureOf(withdraw(idOf('second'), bens.accessToken))).toMatchObject({ status: 'NOT_FOUND' });
  });

  it('are withdrawn by an admin of the tenant', async () => {
    const consentId = idOf('second');
    expect(await failureOf(bed.call('withdrawConsent', { consentId }, bed.as.otherAdmin))).toMatchObject({
      status: 'NOT_FOUND',
    });
    expect(await bed.call('withdrawConsent', { consentId })).toMatchObject({ withdrawn: true, verifiers: undefined });
    expect((await ofAnn()).consents).toMatchObject([{ clientId: 'first' }]);
  });
});

describe('a check', () => {
  const permission = Permission.READ_PROFILE;

  it('tells what is allowed, of whom, and for how long that may be kept', async () => {
    const token = await mine();
    expect(await bed.call('check', { token, permission }, bed.as.introspect)).toMatchObject({
      ...{ allowed: true, reason: AccessReason.ALLOWED, userId: ANN, timeToLive: { seconds: 10, nanos: 0 } },
      token: { active: true, subjectId: ANN, tenantId: 'acme' },
    });
  });

  it('tells why not', async () => {
    const token = await mine();
    const target = { $case: 'userId', value: 'nobody' } as const;
    expect(await bed.call('check', { token, permission, target }, bed.as.introspect)).toMatchObject({
      ...{ allowed: false, reason: AccessReason.TARGET_UNKNOWN, userId: '', timeToLive: undefined },
      token: { active: true },
    });
    const checks = [
      { token: 'made up', permission },
      { token, permission: Permission.CONNECT_DEVICE },
    ];
    const { answers } = await bed.call('batchCheck', { checks }, bed.as.introspect);
    expect(answers.map(({ reason }) => reason)).toEqual([
      ...[AccessReason.TOKEN_NOT_LIVE, AccessReason.KIND_NOT_ALLOWED],
    ]);
    expect(answers[0]?.token).toMatchObject({ active: false });
  });

  it('waits for a revision no longer than the server has it', async () => {
    const request = { token: await mine(), permission, atLeastRevision: 1_000_000 };
    expect(await failureOf(bed.call('check', request, bed.as.introspect))).toMatchObject({ status: 'UNAVAILABLE' });
  });
});
