import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { IssueRequest, RevokeRequest, TokenKind } from '../../gen/ts/symbolon/v1/token_service.ts';
import { make, makeClient, makeTenant } from '../support.ts';
import {
  basic,
  bearer,
  CREDENTIALS,
  failureOf,
  type GrpcBed,
  introspect,
  issue,
  openGrpcBed,
  refresh,
  revoke,
  send,
} from './client.ts';

let bed: GrpcBed;

beforeAll(async () => {
  bed = await openGrpcBed();
});

afterAll(() => bed.close());

describe('Issue', () => {
  it('answers each credential with a token of its kind, which Introspect describes', async () => {
    const { adminSecret, serviceSecret } = bed;
    const cases = [
      { request: CREDENTIALS.user(), kind: TokenKind.USER, subjectId: 'user-ann', clientId: 'acme' },
      { request: CREDENTIALS.device(), kind: TokenKind.DEVICE, subjectId: 'th.lamp', clientId: 'acme' },
      {
        request: CREDENTIALS.client('admin', adminSecret),
        kind: TokenKind.ADMIN,
        subjectId: 'admin',
        clientId: 'admin',
      },
      {
        request: CREDENTIALS.client('service', serviceSecret),
        kind: TokenKind.APPLICATION,
        subjectId: 'service',
        clientId: 'service',
      },
      { request: CREDENTIALS.anonymous(), kind: TokenKind.ANONYMOUS, subjectId: 'acme', clientId: 'acme' },
    ];
    for (const { request, kind, subjectId, clientId } of cases) {
      const tokens = await issue(bed, { ...request, scopes: ['write', 'read'] });
      expect(tokens).toMatchObject({ kind, subjectId, scopes: ['write', 'read'] });
      expect(tokens.refreshToken === '').toBe(kind === TokenKind.ANONYMOUS);
      expect(tokens.refreshExpireTime === undefined).toBe(kind === TokenKind.ANONYMOUS);
      const { tokenId, familyId, issueTime, expireTime } = tokens;
      expect(await introspect(bed, tokens.accessToken)).toEqual({
        active: true,
        tokenId,
        kind,
        tenantId: 'acme',
        clientId,
        subjectId,
        scopes: ['write', 'read'],
        issueTime,
        expireTime,
        familyId,
        audience: '',
        consentId: '',
        revision: 0,
        timeToLive: { seconds: (expireTime?.seconds ?? 0) - bed.clock.now / 1_000, nanos: 0 },
      });
    }
  });

  it('takes a device by its id too', async () => {
    const request = IssueRequest.fromPartial({
      credential: {
        $case: 'devicePassword',
        value: { device: { $case: 'deviceId', value: 'th.lamp' }, password: 'correct horse' },
      },
    });
    expect((await issue(bed, request)).subjectId).toBe('th.lamp');
  });

  it('honours an expire time to the millisecond, and refuses one in the past', async () => {
    const seconds = bed.clock.now / 1_000 + 60;
    const tokens = await issue(bed, { ...CREDENTIALS.user(), expireTime: { seconds, nanos: 7_000_000 } });
    expect(tokens.expireTime).toEqual({ seconds, nanos: 7_000_000 });
    const past = { seconds: bed.clock.now / 1_000, nanos: 0 };
    expect(await failureOf(issue(bed, { ...CREDENTIALS.user(), expireTime: past }))).toMatchObject({
      status: 'INVALID_ARGUMENT',
      reason: 'EXPIRE_TIME_OUT_OF_RANGE',
    });
  });

  it('answers the same tokens to the same request id', async () => {
    const request = { ...CREDENTIALS.user(), requestId: 'b9d3ae55-b7f3-4a8e-8f6f-6f3a4d7f1f10' };
    expect(await issue(bed, request)).toEqual(await issue(bed, request));
    expect(await failureOf(issue(bed, { ...request, scopes: ['read'] }))).toMatchObject({
      status: 'ALREADY_EXISTS',
      reason: 'REQUEST_ID_REUSED',
    });
  });

  it('tells a wrong password and an unknown user the same', async () => {
    const wrong = await failureOf(issue(bed, CREDENTIALS.user('ann', 'wrong')));
    const unknown = await failureOf(issue(bed, CREDENTIALS.user('bob', 'wrong')));
    expect(wrong).toMatchObject({ status: 'FAILED_PRECONDITION', reason: 'INVALID_CREDENTIALS' });
    expect({ ...unknown, requestId: '' }).toEqual({ ...wrong, requestId: '' });
  });
});

describe('Refresh', () => {
  it('replaces the pair, and answers a lost one again until it is used', async () => {
    const first = await issue(bed, CREDENTIALS.user());
    const second = await refresh(bed, first.refreshToken);
    expect(await refresh(bed, first.refreshToken)).toEqual(second);
    expect((await introspect(bed, first.accessToken)).active).toBe(false);
    expect((await introspect(bed, second.accessToken)).active).toBe(true);
    expect(second.familyId).toBe(first.familyId);
    const third = await refresh(bed, second.refreshToken);
    expect(await failureOf(refresh(bed, first.refreshToken))).toMatchObject({
      status: 'FAILED_PRECONDITION',
      reason: 'INVALID_REFRESH_TOKEN',
    });
    expect((await introspect(bed, third.accessToken)).active).toBe(false);
  });

  it('is refused to another client, which revokes nothing', async () => {
    const tokens = await issue(bed, CREDENTIALS.user(), basic('plain', bed.plainSecret));
    expect(await failureOf(refresh(bed, tokens.refreshToken))).toMatchObject({
      reason: 'INVALID_REFRESH_TOKEN',
    });
    expect((await introspect(bed, tokens.accessToken)).active).toBe(true);
  });
});

describe('Introspect', () => {
  it('tells nothing but the revision of what is not live', async () => {
    const { client, serviceSecret } = bed;
    const revision = await revoke(bed, (await issue(bed, CREDENTIALS.user())).accessToken);
    const { refreshToken } = await issue(bed, CREDENTIALS.user());
    for (const token of ['rubbish', refreshToken, 'syu_0000000000000000000000000000000000000000000000000']) {
      const answer = await send(
        client,
        client.introspect,
        { token, atLeastRevision: 0, maxStaleness: undefined },
        basic('service', serviceSecret),
      );
      expect(answer).toMatchObject({ active: false, tokenId: '', tenantId: '', familyId: '', scopes: [], revision });
    }
  });

  it('refuses to answer for a revision that the store has not reached', async () => {
    const { accessToken } = await issue(bed, CREDENTIALS.user());
    for (const token of [accessToken, 'rubbish']) {
      expect(await failureOf(introspect(bed, token, 1_000))).toMatchObject({
        status: 'UNAVAILABLE',
        reason: 'REVISION_NOT_REACHED',
        retryDelaySeconds: 1,
      });
    }
  });

  it('knows of a role the moment that it was taken', async () => {
    const secret = await makeClient(bed.store, 'acme', 'newcomer', ['introspect']);
    const { client } = bed;
    const request = { token: 'x', atLeastRevision: 0, maxStaleness: undefined };
    const asked = () => send(client, client.introspect, request, basic('newcomer', secret));
    expect(await asked()).toMatchObject({ active: false });
    await make(bed.store, { kind: 'update_client', tenantId: 'acme', clientId: 'newcomer', roles: [] });
    expect(await failureOf(asked())).toMatchObject({ status: 'PERMISSION_DENIED' });
  });

  it('forgets what it knew of a caller the moment that it was disabled', async () => {
    const secret = await makeClient(bed.store, 'acme', 'short-lived', ['introspect']);
    const { accessToken } = await issue(bed, CREDENTIALS.user());
    const ask = (token: string) =>
      send(
        bed.client,
        bed.client.introspect,
        { token, atLeastRevision: 0, maxStaleness: undefined },
        basic('short-lived', secret),
      );
    expect((await ask(accessToken)).active).toBe(true);
    await make(bed.store, {
      kind: 'cut_off',
      tenantId: 'acme',
      target: { kind: 'client', id: 'short-lived' },
      cause: 'disabled',
    });
    for (const token of [accessToken, 'rubbish']) {
      expect(await failureOf(ask(token))).toMatchObject({ status: 'UNAUTHENTICATED' });
    }
  });
});

describe('Revoke', () => {
  it('ends the family by token, token id or family id, and answers what is dead already', async () => {
    const { client, adminSecret } = bed;
    const targets = [
      (tokens: { accessToken: string }) => ({ $case: 'token' as const, value: tokens.accessToken }),
      (tokens: { refreshToken: string }) => ({ $case: 'token' as const, value: tokens.refreshToken }),
      (tokens: { tokenId: string }) => ({ $case: 'tokenId' as const, value: tokens.tokenId }),
      (tokens: { familyId: string }) => ({ $case: 'familyId' as const, value: tokens.familyId }),
    ];
    for (const targetOf of targets) {
      const tokens = await issue(bed, CREDENTIALS.user());
      const target = targetOf(tokens);
      const { revision } = await send(
        client,
        client.revoke,
        RevokeRequest.fromPartial({ target }),
        basic('admin', adminSecret),
      );
      const answer = await introspect(bed, tokens.accessToken, revision);
      expect(answer).toMatchObject({ active: false, revision });
      expect(await failureOf(refresh(bed, tokens.refreshToken))).toMatchObject({ status: 'FAILED_PRECONDITION' });
      const again = await send(
        client,
        client.revoke,
        RevokeRequest.fromPartial({ target }),
        basic('admin', adminSecret),
      );
      expect(again.revision).toBe(revision);
    }
  });

  it('by id is for the client that it was issued to and for admins', async () => {
    const { client, plainSecret, serviceSecret } = bed;
    const { tokenId } = await issue(bed, CREDENTIALS.user(), basic('plain', plainSecret));
    const byId = (metadata: ReturnType<typeof basic>) =>
      send(
        client,
        client.revoke,
        RevokeRequest.fromPartial({ target: { $case: 'tokenId', value: tokenId } }),
        metadata,
      );
    expect(await failureOf(byId(basic('service', serviceSecret)))).toMatchObject({ status: 'PERMISSION_DENIED' });
    expect(await failureOf(byId(basic('acme')))).toMatchObject({ status: 'PERMISSION_DENIED' });
    expect((await byId(basic('plain', plainSecret))).revision).toBeGreaterThan(0);
  });
});

describe('the caller', () => {
  it('may be known by an ADMIN or APPLICATION token, and by no other', async () => {
    const { client, adminSecret, serviceSecret } = bed;
    const { accessToken } = await issue(bed, CREDENTIALS.user());
    const ask = (metadata: ReturnType<typeof basic>) =>
      send(client, client.introspect, { token: accessToken, atLeastRevision: 0, maxStaleness: undefined }, metadata);
    const admin = await issue(bed, CREDENTIALS.client('admin', adminSecret));
    const service = await issue(bed, CREDENTIALS.client('service', serviceSecret));
    expect((await ask(bearer(admin.accessToken))).active).toBe(true);
    expect((await ask(bearer(service.accessToken))).active).toBe(true);
    const anonymous = await issue(bed, CREDENTIALS.anonymous());
    const others = [accessToken, anonymous.accessToken, admin.refreshToken, 'rubbish'];
    for (const token of others) {
      expect(await failureOf(ask(bearer(token)))).toMatchObject({ status: 'UNAUTHENTICATED' });
    }
    await revoke(bed, admin.accessToken);
    expect(await failureOf(ask(bearer(admin.accessToken)))).toMatchObject({ status: 'UNAUTHENTICATED' });
  });

  it('sees its own tenant only', async () => {
    await makeTenant(bed.store, 'other');
    const secret = await makeClient(bed.store, 'other', 'other-admin', ['admin']);
    const { client } = bed;
    const { accessToken, tokenId, refreshToken } = await issue(bed, CREDENTIALS.user());
    const stranger = basic('other-admin', secret);
    const answer = await send(
      client,
      client.introspect,
      { token: accessToken, atLeastRevision: 0, maxStaleness: undefined },
      stranger,
    );
    expect(answer).toMatchObject({ active: false, revision: 0 });
    for (const target of [
      { $case: 'token' as const, value: accessToken },
      { $case: 'tokenId' as const, value: tokenId },
    ]) {
      expect(await send(client, client.revoke, RevokeRequest.fromPartial({ target }), stranger)).toEqual({
        revision: 0,
        revoked: false,
        verifiers: undefined,
      });
    }
    expect(await failureOf(refresh(bed, refreshToken, stranger))).toMatchObject({ status: 'FAILED_PRECONDITION' });
    expect(await failureOf(issue(bed, CREDENTIALS.user(), stranger))).toMatchObject({ status: 'FAILED_PRECONDITION' });
    expect((await introspect(bed, accessToken)).active).toBe(true);
  });
});
