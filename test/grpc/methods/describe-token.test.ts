/** DescribeToken, and what a refusal tells of a token's end: who has a token asks what it is, through any client of the tenant. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { RevocationCause, TokenKind } from '../../../gen/ts/symbolon/v1/token_service.ts';
import { toTimestamp } from '../../../src/grpc/messages/time.ts';
import { CREDENTIALS, failureOf, introspect, issue, metadataOf, PASSWORD, refresh, revoke } from '../client.ts';
import { type DirectoryBed, openDirectoryBed, type Who } from './bed.ts';

let bed: DirectoryBed;

beforeAll(async () => {
  bed = await openDirectoryBed();
});

afterAll(() => bed.close());

const OF_TENANT: readonly Who[] = ['public', 'client', 'introspect', 'admin', 'operator'];
const DEAD = { status: 'FAILED_PRECONDITION', reason: 'INVALID_CREDENTIALS', message: 'The access token is not live' };

const describeToken = (accessToken: string, who: Who = 'public') =>
  bed.call('describeToken', { accessToken }, bed.as[who]);

describe('a live token', () => {
  it.each(OF_TENANT)('is described to its holder, by the caller “%s”', async (who) => {
    const issued = await issue(bed, { ...CREDENTIALS.user(), scopes: ['read'] }, bed.as.client);
    bed.clock.advance(1_500);
    const { issueTime, expireTime, tokenId, familyId } = issued;
    const described = await describeToken(issued.accessToken, who);
    expect(described).toMatchObject({ tokenId, familyId, issueTime, expireTime, scopes: ['read'] });
    expect(described).toMatchObject({ kind: TokenKind.USER, clientId: 'plain', subjectId: 'user-ann' });
    expect(described.timeToLive).toEqual((await introspect(bed, issued.accessToken)).timeToLive);
  });

  it('of each kind', async () => {
    const kinds = [
      [CREDENTIALS.device(), TokenKind.DEVICE, 'th.lamp'],
      [CREDENTIALS.client('admin', bed.adminSecret), TokenKind.ADMIN, 'admin'],
      [CREDENTIALS.client('plain', bed.plainSecret), TokenKind.APPLICATION, 'plain'],
      [CREDENTIALS.anonymous(), TokenKind.ANONYMOUS, 'acme'],
    ] as const;
    for (const [credential, kind, subjectId] of kinds) {
      const { accessToken } = await issue(bed, credential);
      expect(await describeToken(accessToken)).toMatchObject({ kind, subjectId });
    }
  });

  it('is in use then: the refresh that made it can’t be repeated', async () => {
    const first = await issue(bed, CREDENTIALS.user());
    const { accessToken } = await refresh(bed, first.refreshToken);
    await describeToken(accessToken);
    await expect
      .poll(async () => (await bed.store.readFamily('acme', first.familyId)).reading?.family.repeatUntil)
      .toBe(0);
    expect(await metadataOf(refresh(bed, first.refreshToken))).toEqual({ endedBy: 'REFRESH_REUSE' });
  });
});

describe('what is no live token', () => {
  it('is refused in one way', async () => {
    const { accessToken, refreshToken } = await issue(bed, CREDENTIALS.user());
    await revoke(bed, accessToken);
    for (const text of ['x', refreshToken, accessToken, `${accessToken.slice(0, -1)}!`]) {
      expect(await failureOf(describeToken(text))).toMatchObject(DEAD);
    }
  });

  it('of another tenant is refused, and told nothing about', async () => {
    const { accessToken, refreshToken } = await issue(bed, CREDENTIALS.user());
    for (const who of ['otherAdmin', 'otherPublic'] as const) {
      expect(await failureOf(describeToken(accessToken, who))).toMatchObject(DEAD);
      await revoke(bed, accessToken);
      expect(await metadataOf(describeToken(accessToken, who))).toEqual({});
      expect(await metadataOf(refresh(bed, refreshToken, bed.as[who]))).toEqual({});
    }
  });

  it('must be there, and no longer than a token may be', async () => {
    for (const accessToken of ['', 'x'.repeat(4_097)]) {
      const failure = await failureOf(describeToken(accessToken));
      expect(failure).toMatchObject({ status: 'INVALID_ARGUMENT', reason: 'INVALID_ARGUMENT' });
      expect(failure.message).toContain('access_token');
    }
  });
});

describe('the end of a token', () => {
  it('is told to its holder, and by Refresh to its client alone', async () => {
    const { accessToken, refreshToken } = await issue(bed, CREDENTIALS.user(), bed.as.client);
    await bed.call('changeUserPassword', {
      user: { user: { $case: 'userId', value: 'user-ann' } },
      newPassword: PASSWORD,
    });
    for (const who of OF_TENANT) {
      expect(await metadataOf(describeToken(accessToken, who)), who).toEqual({ endedBy: 'PASSWORD_CHANGED' });
      const told = who === 'client' ? { endedBy: 'PASSWORD_CHANGED' } : {};
      expect(await metadataOf(refresh(bed, refreshToken, bed.as[who])), who).toEqual(told);
    }
  });

  it('is told as EXPIRED where time ended it', async () => {
    const expireTime = toTimestamp(bed.clock.now + 60_000);
    const { accessToken, refreshToken } = await issue(bed, { ...CREDENTIALS.user(), expireTime });
    bed.clock.advance(60_000);
    expect(await metadataOf(describeToken(accessToken))).toEqual({ endedBy: 'EXPIRED' });
    expect((await refresh(bed, refreshToken)).accessToken).not.toBe(accessToken);
  });

  it('has the names of RevocationCause', async () => {
    const { familyId, accessToken } = await issue(bed, CREDENTIALS.user());
    const causes = Object.keys(RevocationCause).filter((name) => !['UNSPECIFIED', 'UNRECOGNIZED'].includes(name));
    const { revision } = await bed.call('revoke', { target: { $case: 'familyId', value: familyId } });
    expect(revision).toBeGreaterThan(0);
    const { endedBy } = await metadataOf(describeToken(accessToken));
    expect(causes).toContain(endedBy);
  });
});

it('describes as Introspect does', async () => {
  const { accessToken } = await issue(bed, CREDENTIALS.user());
  const { active: _, revision: __, consentId: ___, tenantId, ...introspected } = await introspect(bed, accessToken);
  expect(tenantId).toBe('acme');
  expect(await describeToken(accessToken)).toEqual(introspected);
});
