/** What a user sees and ends of its own logins, by its token and through whichever client. */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { IssuedTokens } from '../../../gen/ts/symbolon/v1/token_service.ts';
import { AUDIT_RECORDS } from '../../../src/core/tables/audit.ts';
import { makeClient } from '../../support.ts';
import { CREDENTIALS, failureOf, introspect, issue, PASSWORD, revoke } from '../client.ts';
import { type DirectoryBed, openDirectoryBed, type Who } from './bed.ts';

let bed: DirectoryBed;
let made = 0;
/** By the public client, and by a confidential one. */
let mine: IssuedTokens;
let other: IssuedTokens;
let stranger: IssuedTokens;

beforeAll(async () => {
  bed = await openDirectoryBed();
});

afterAll(() => bed.close());

beforeEach(async () => {
  made += 1;
  const loginName = `ben-${made}`;
  await bed.call('registerUser', { loginName, password: PASSWORD });
  mine = await issue(bed, CREDENTIALS.user(loginName));
  bed.clock.advance(1_000);
  other = await issue(bed, CREDENTIALS.user(loginName), bed.as.client);
  stranger = await issue(bed, CREDENTIALS.user());
});

const OF_TENANT: readonly Who[] = ['public', 'client', 'introspect', 'admin', 'operator'];

const listed = async (accessToken: string, who: Who = 'public', more = {}) =>
  bed.call('listTokens', { subject: { $case: 'accessToken', value: accessToken }, ...more }, bed.as[who]);
const end = (login: Pick<IssuedTokens, 'familyId'>, userAccessToken = mine.accessToken, who: Who = 'public') =>
  bed.call('revoke', { target: { $case: 'familyId', value: login.familyId }, userAccessToken }, bed.as[who]);
const isActive = async ({ accessToken }: IssuedTokens) => (await introspect(bed, accessToken)).active;

const NOT_LIVE = { status: 'FAILED_PRECONDITION', reason: 'INVALID_CREDENTIALS' };

describe('the list of a user’s logins', () => {
  it.each(OF_TENANT)('is its own, whichever clients they came by, by the caller “%s”', async (who) => {
    const { families } = await listed(mine.accessToken, who);
    expect(families).toMatchObject([
      { familyId: mine.familyId, clientId: 'acme' },
      { familyId: other.familyId, clientId: 'plain' },
    ]);
    expect(JSON.stringify(families)).not.toContain(mine.accessToken);
  });

  it('comes in pages, which are its own', async () => {
    const first = await listed(mine.accessToken, 'public', { pageSize: 1 });
    expect(first.families).toMatchObject([{ familyId: mine.familyId }]);
    const page = { pageSize: 1, pageToken: first.nextPageToken };
    expect((await listed(mine.accessToken, 'public', page)).families).toMatchObject([{ familyId: other.familyId }]);
    expect(await failureOf(listed(stranger.accessToken, 'public', page))).toMatchObject({ status: 'INVALID_ARGUMENT' });
  });

  it('is not for a token that ended, nor one of another kind or tenant', async () => {
    const lamp = await issue(bed, CREDENTIALS.device());
    const admin = await issue(bed, CREDENTIALS.client('admin', bed.adminSecret));
    await revoke(bed, other.accessToken);
    for (const token of [lamp.accessToken, admin.accessToken, other.accessToken, mine.refreshToken, 'x']) {
      expect(await failureOf(listed(token))).toMatchObject(NOT_LIVE);
    }
    for (const who of ['otherPublic', 'otherAdmin'] as const) {
      expect(await failureOf(listed(mine.accessToken, who))).toMatchObject(NOT_LIVE);
    }
    expect(await failureOf(listed(''))).toMatchObject({ status: 'INVALID_ARGUMENT' });
  });
});

describe('a login of a user', () => {
  it.each(OF_TENANT)('is ended by the user, through the caller “%s”', async (who) => {
    const { revision } = await end(other, mine.accessToken, who);
    expect(revision).toBeGreaterThan(0);
    expect(await isActive(other)).toBe(false);
    expect(await isActive(mine)).toBe(true);
  });

  it('is named by a token’s id too', async () => {
    const target = { $case: 'tokenId' as const, value: other.tokenId };
    await bed.call('revoke', { target, userAccessToken: mine.accessToken }, bed.as.public);
    expect(await isActive(other)).toBe(false);
  });

  it('may be the one whose token it is', async () => {
    await end(mine);
    expect(await isActive(mine)).toBe(false);
    expect(await failureOf(end(mine))).toMatchObject(NOT_LIVE);
  });

  it('of another is as unknown as one that nobody has, and stays', async () => {
    const lamp = await issue(bed, CREDENTIALS.device());
    const own = await issue(bed, CREDENTIALS.client('admin', bed.adminSecret));
    const operatorSecret = await makeClient(bed.store, 'acme', `operator-${made}`, ['operator']);
    const operators = await issue(bed, CREDENTIALS.client(`operator-${made}`, operatorSecret));
    const unknown = await end({ familyId: `fm_${'0'.repeat(24)}` });
    // The roles of the client that presents the token do not count.
    for (const who of OF_TENANT) {
      for (const login of [stranger, lamp, own, operators]) {
        expect(await end(login, mine.accessToken, who)).toEqual(unknown);
        expect(await isActive(login)).toBe(true);
      }
    }
    for (const familyId of ['fm_nothing', 'x']) {
      expect(await end({ familyId })).toEqual(unknown);
    }
  });

  it('of a client is not its own, though the client has its id', async () => {
    const clientId = mine.subjectId;
    const secret = await makeClient(bed.store, 'acme', clientId);
    const login = await issue(bed, CREDENTIALS.client(clientId, secret));
    expect(login.subjectId).toBe(mine.subjectId);
    await end(login);
    expect(await isActive(login)).toBe(true);
  });

  it('is not ended by a token that is not live, of another kind, or of another tenant', async () => {
    const lamp = await issue(bed, CREDENTIALS.device());
    const dead = await issue(bed, CREDENTIALS.user());
    await revoke(bed, dead.accessToken);
    for (const token of [lamp.accessToken, dead.accessToken, mine.refreshToken, 'x']) {
      expect(await failureOf(end(other, token))).toMatchObject(NOT_LIVE);
    }
    expect(await failureOf(end(other, mine.accessToken, 'otherPublic'))).toMatchObject(NOT_LIVE);
    expect(await failureOf(end(other, 'x'.repeat(4_097)))).toMatchObject({
      status: 'INVALID_ARGUMENT',
      message: expect.stringContaining('user_access_token'),
    });
    expect(await isActive(other)).toBe(true);
  });

  it('is not named by a token and a user’s token both', async () => {
    const request = {
      target: { $case: 'token' as const, value: other.accessToken },
      userAccessToken: mine.accessToken,
    };
    const failure = await failureOf(bed.call('revoke', request, bed.as.public));
    expect(failure).toMatchObject({ status: 'INVALID_ARGUMENT', reason: 'INVALID_ARGUMENT' });
    expect(failure.message).toContain('user_access_token');
    expect(await isActive(other)).toBe(true);
  });

  it('is ended in the name of the user, as the audit log says', async () => {
    await end(other);
    const records = await bed.store.list(AUDIT_RECORDS, { tenantId: 'acme' }, { limit: 1_000 });
    expect(records.filter(({ targetId }) => targetId === other.familyId)).toMatchObject([
      { action: 'revoke', result: 'ok', actor: { kind: 'user', id: mine.subjectId, tokenId: mine.tokenId } },
    ]);
  });

  it('is ended by nobody else without a right to it', async () => {
    expect(await failureOf(end(other, ''))).toMatchObject({ status: 'PERMISSION_DENIED' });
    expect(await isActive(other)).toBe(true);
  });
});
