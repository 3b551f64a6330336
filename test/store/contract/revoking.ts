import { beforeEach, expect, it } from 'vitest';
import type { Refresh, TagVerdict } from '../../../src/core/commands/refresh.ts';
import type { Digest } from '../../../src/core/model.ts';
import { execute, make } from '../../support.ts';
import {
  APP,
  aDigest,
  aFamilyId,
  answerOf,
  begin,
  clientOf,
  type Holder,
  isPairLive,
  makeAcme,
  refreshOf,
  refusalOf,
  revokeFamily,
  TENANT,
  type UnderTest,
} from '../fixtures.ts';
import { changedTables, rowsOf } from '../rows.ts';

const TAGS: readonly TagVerdict[] = ['genuine', 'unproven', 'unreadable'];
/** Of what is in the row, and of what only the tag can prove. */
const REVOKED = [undefined, undefined, undefined];
const BY_TAG = [undefined, 'token_unproven', 'store_unavailable'];

/** A login that was refreshed twice. */
interface Login {
  readonly oldest: Holder;
  readonly last: Holder;
  readonly current: Refresh;
}

const PRESENTED: readonly (readonly [string, (login: Login) => Digest, readonly (string | undefined)[]])[] = [
  ['the current access token', ({ current }) => current.tokens.accessDigest, REVOKED],
  ['the current refresh token', ({ current }) => current.tokens.refreshDigest, REVOKED],
  ['the refresh token that was presented last', ({ last }) => last.tokens.refreshDigest, REVOKED],
  ['an older refresh token', ({ oldest }) => oldest.tokens.refreshDigest, BY_TAG],
  ['an older access token', ({ last }) => last.tokens.accessDigest, BY_TAG],
  ['a token of whatever generation', aDigest, BY_TAG],
];

/** By a token, which must be proven to be of the family: by its digest, or by its tag. */
export function revoking(test: UnderTest): void {
  beforeEach(() => makeAcme(test.store));

  async function logIn(): Promise<Login> {
    const oldest = await begin(test.store);
    const last = refreshOf(oldest);
    await make(test.store, last);
    const current = refreshOf(last);
    await make(test.store, current);
    return { oldest, last, current };
  }

  it.each(PRESENTED)('by %s', async (_, digestIn, refusals) => {
    for (const [i, tag] of TAGS.entries()) {
      const login = await logIn();
      const { familyId } = login.current;
      const before = await rowsOf(test.store);
      const presented = { digest: digestIn(login), tag };
      const outcome = await execute(test.store, revokeFamily(familyId, { presented }));

      const changed = changedTables(before, await rowsOf(test.store));
      const isRevoked = refusals[i] === undefined;
      expect(refusalOf(outcome), tag).toBe(refusals[i]);
      expect(changed, tag).toEqual(isRevoked ? ['tenant', 'family', 'revocation', 'audit'] : []);
      expect(await isPairLive(test, login.current), tag).toBe(!isRevoked);
    }
  });

  it('by a genuine token of a family that is behind its client', async () => {
    const first = await begin(test.store);
    const lost = refreshOf(first);
    const presented = { digest: lost.tokens.accessDigest, tag: 'genuine' } as const;
    await make(test.store, revokeFamily(first.familyId, { presented }));
    expect(await isPairLive(test, first)).toBe(false);
  });

  it('of a family that has no refresh token', async () => {
    await make(test.store, { kind: 'update_tenant', tenantId: TENANT, policy: { refreshEnabled: false } });
    const { familyId, tokens } = await begin(test.store);
    const by = (digest: Digest) =>
      execute(test.store, revokeFamily(familyId, { presented: { digest, tag: 'unproven' } }));
    // It was never given away.
    expect(refusalOf(await by(tokens.refreshDigest))).toBe('token_unproven');
    expect(answerOf(await by(tokens.accessDigest))).toEqual({ revision: 1, revoked: true });
  });

  it('again, and of what is unknown, is an answer that changes nothing', async () => {
    const { familyId } = await begin(test.store);
    const revoke = revokeFamily(familyId);
    expect(answerOf(await execute(test.store, revoke))).toEqual({ revision: 1, revoked: true });
    const before = await rowsOf(test.store);
    for (const id of [familyId, aFamilyId()]) {
      expect(answerOf(await execute(test.store, revokeFamily(id)))).toEqual({ revision: 1, revoked: false });
    }
    expect(await rowsOf(test.store)).toEqual(before);
    expect(refusalOf(await execute(test.store, { ...revoke, tenantId: 'nobody' }))).toBe('not_found');
  });

  it('by a client that may revoke only what was issued to it, or through it', async () => {
    await make(test.store, clientOf('robot'));
    const login = await begin(test.store, { refreshClientId: TENANT });
    const by = (onlyClientId: string) => execute(test.store, revokeFamily(login.familyId, { onlyClientId }));
    const before = await rowsOf(test.store);
    expect(refusalOf(await by('robot'))).toBe('permission_denied');
    expect(await rowsOf(test.store)).toEqual(before);
    expect(answerOf(await by(TENANT))).toMatchObject({ revoked: true });

    const other = await begin(test.store, { refreshClientId: TENANT });
    const own = revokeFamily(other.familyId, { onlyClientId: APP });
    expect(answerOf(await execute(test.store, own))).toMatchObject({ revoked: true });
  });
}
