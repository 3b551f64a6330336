import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { TokenKind, TokenUse } from '../../../gen/ts/symbolon/v1/token_service.ts';
import { toTimestamp } from '../../../src/grpc/messages/time.ts';
import { CREDENTIALS, failureOf, introspect, issue, PASSWORD, refresh, revoke } from '../client.ts';
import { type DirectoryBed, openDirectoryBed } from './bed.ts';

let bed: DirectoryBed;

beforeAll(async () => {
  bed = await openDirectoryBed();
});

afterAll(() => bed.close());

type HolderCase = 'userId' | 'deviceId' | 'clientId';

function listTokens($case: HolderCase, value: string, as = bed.as.admin) {
  return bed.call('listTokens', { subject: { $case, value } }, as);
}

describe('tokens', () => {
  it('are listed by their public ids, as long as they live', async () => {
    const { user } = await bed.call('registerUser', { loginName: 'tom', password: PASSWORD });
    const userId = user?.userId ?? '';
    expect(await listTokens('userId', userId)).toEqual({ families: [], nextPageToken: '' });
    const one = await issue(bed, { ...CREDENTIALS.user('tom'), scopes: ['read'] });
    // Logins are listed by the second of their issue.
    bed.clock.advance(1_000);
    const two = await refresh(
      bed,
      (await issue(bed, CREDENTIALS.user('tom'), bed.as.client)).refreshToken,
      bed.as.client,
    );
    const { families } = await listTokens('userId', userId);
    expect(families.map(({ familyId }) => familyId)).toEqual([one.familyId, two.familyId]);
    expect(families[0]).toMatchObject({
      kind: TokenKind.USER,
      clientId: 'acme',
      scopes: ['read'],
      issueTime: one.issueTime,
      expireTime: one.refreshExpireTime,
    });
    expect(families[1]?.tokens).toHaveLength(2);
    expect(families[1]?.tokens).toContainEqual({
      tokenId: two.tokenId,
      use: TokenUse.ACCESS,
      issueTime: two.issueTime,
      expireTime: two.expireTime,
    });
    expect(JSON.stringify(families)).not.toContain(two.refreshToken);
    await revoke(bed, one.accessToken);
    expect((await listTokens('userId', userId)).families).toMatchObject([{ familyId: two.familyId }]);
    await bed.call('disableClient', { clientId: 'plain' });
    expect((await listTokens('userId', userId)).families).toEqual([]);
    await bed.call('enableClient', { clientId: 'plain' });
  });

  it('are listed without those that have expired', async () => {
    const expireTime = toTimestamp(bed.clock.now + 60_000);
    const issued = await issue(bed, { ...CREDENTIALS.device(), expireTime });
    bed.clock.advance(60_000);
    const { families } = await listTokens('deviceId', 'th.lamp');
    expect(families.map(({ familyId }) => familyId)).toEqual([issued.familyId]);
    expect(families[0]?.tokens.map(({ use }) => use)).toEqual([TokenUse.REFRESH]);
  });

  it('of clients are those that stand for the client itself', async () => {
    await issue(bed, CREDENTIALS.user(), bed.as.client);
    const own = await issue(bed, CREDENTIALS.client('plain', bed.plainSecret), bed.as.client);
    const { families } = await listTokens('clientId', 'plain');
    expect(families).toMatchObject([{ familyId: own.familyId, kind: TokenKind.APPLICATION }]);
  });

  const ENDS = [
    ['userId', 'user-ann', () => issue(bed, CREDENTIALS.user())],
    ['deviceId', 'th.lamp', () => issue(bed, CREDENTIALS.device())],
    ['clientId', 'plain', () => issue(bed, CREDENTIALS.user(), bed.as.client)],
    ['tenantId', 'acme', () => issue(bed, CREDENTIALS.anonymous())],
  ] as const;

  it.each(ENDS)('all end at once, by %s', async ($case, value, login) => {
    const tokens = [await login(), await login()];
    const { revision } = await bed.call('revokeAll', { target: { $case, value } });
    for (const { accessToken } of tokens) {
      expect(await introspect(bed, accessToken, revision)).toMatchObject({ active: false });
    }
    const later = await login();
    expect(await introspect(bed, later.accessToken)).toMatchObject({ active: true, revision });
  });

  it('of another tenant are as unknown as those of nobody', async () => {
    const ids = [
      ['userId', 'user-ann'],
      ['deviceId', 'th.lamp'],
      ['clientId', 'plain'],
    ] as const;
    for (const [$case, value] of ids) {
      const listed = await failureOf(listTokens($case, value, bed.as.otherAdmin));
      const unknown = await failureOf(listTokens($case, 'nothing', bed.as.otherAdmin));
      expect([listed.status, listed.message]).toEqual(['NOT_FOUND', unknown.message]);
      const ended = await failureOf(bed.call('revokeAll', { target: { $case, value } }, bed.as.otherAdmin));
      const nothing = { target: { $case, value: 'nothing' } };
      const none = await failureOf(bed.call('revokeAll', nothing, bed.as.otherAdmin));
      expect([ended.status, ended.message.replace(value, 'nothing')]).toEqual(['NOT_FOUND', none.message]);
    }
    const tenant = { target: { $case: 'tenantId' as const, value: 'acme' } };
    expect(await failureOf(bed.call('revokeAll', tenant, bed.as.otherAdmin))).toMatchObject({ status: 'NOT_FOUND' });
  });
});
