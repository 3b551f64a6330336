import { beforeEach, expect, it } from 'vitest';
import type { Authorize } from '../../../src/core/commands/authorize.ts';
import type { BeginDeviceAuthorization } from '../../../src/core/commands/begin-device-authorization.ts';
import type { DecideDeviceAuthorization } from '../../../src/core/commands/decide-device-authorization.ts';
import type { RedeemAuthorizationCode } from '../../../src/core/commands/redeem-authorization-code.ts';
import type { RedeemDeviceCode } from '../../../src/core/commands/redeem-device-code.ts';
import { AUTHORIZATION_CODE_LIFETIME_MS, USED_CODE_MEMORY_MS } from '../../../src/core/lifetimes.ts';
import type { Digest } from '../../../src/core/model.ts';
import { one } from '../../../src/core/plan.ts';
import { consentIdOf } from '../../../src/core/rules/consents.ts';
import { DEVICE_CODE_LIFETIME_MS } from '../../../src/core/rules/device-authorizations.ts';
import { readSingleUse } from '../../../src/core/services/lookups.ts';
import { CONSENT, CONSENTS } from '../../../src/core/tables/consents.ts';
import { execute, make } from '../../support.ts';
import {
  ANN,
  APP,
  aDigest,
  aFamilyId,
  answerOf,
  clientOf,
  cutOff,
  isPairLive,
  makeAcme,
  newTokens,
  refreshOf,
  refusalOf,
  revisionOf,
  subjectOf,
  TENANT,
  tenantOf,
  type UnderTest,
} from '../fixtures.ts';
import { plain } from '../people.ts';

const WEB = 'web';
const BACK = 'https://app.example/back';
const CONSENT_ID = consentIdOf(TENANT, ANN, WEB);
const WITHDRAW = { kind: 'withdraw_consent', tenantId: TENANT, consentId: CONSENT_ID } as const;
const AT_ONCE = [1, 2, 3, 4, 5, 6, 7, 8];

const wantedCode = (digest: Digest) => ({ type: 'code', digest, redirectWasGiven: true, codeChallenge: 'c' }) as const;

function authorizeOf(overrides: Partial<Authorize> = {}): Authorize {
  const whose = { tenantId: TENANT, subjectId: ANN, clientId: WEB } as const;
  const asked = { scopes: ['read'], audience: null, redirectUri: BACK, response: wantedCode(aDigest()) };
  return { kind: 'authorize', ...whose, ...asked, ...overrides };
}

function redeemOf(digest: Digest, overrides: Partial<RedeemAuthorizationCode> = {}): RedeemAuthorizationCode {
  const begun = { familyId: aFamilyId(), tokens: newTokens() };
  const asked = { tenantId: TENANT, clientId: WEB, digest, redirectUri: BACK, challenge: 'c' };
  return { kind: 'redeem_authorization_code', ...asked, ...begun, ...overrides };
}

function beginOf(overrides: Partial<BeginDeviceAuthorization> = {}): BeginDeviceAuthorization {
  const digests = { deviceDigest: aDigest(), userDigest: aDigest() };
  return { kind: 'begin_device_authorization', tenantId: TENANT, clientId: WEB, scopes: [], ...digests, ...overrides };
}

function decideOf(
  { deviceDigest, userDigest }: BeginDeviceAuthorization,
  overrides: Partial<DecideDeviceAuthorization> = {},
): DecideDeviceAuthorization {
  const whose = { tenantId: TENANT, subjectId: ANN, deviceDigest, userDigest } as const;
  return { kind: 'decide_device_authorization', ...whose, decision: 'approve', counters: [], ...overrides };
}

function pollOf({ deviceDigest: digest }: BeginDeviceAuthorization): RedeemDeviceCode {
  const begun = { familyId: aFamilyId(), tokens: newTokens() };
  return { kind: 'redeem_device_code', tenantId: TENANT, clientId: WEB, digest, ...begun };
}

export function authorizing(test: UnderTest): void {
  beforeEach(async () => {
    await makeAcme(test.store);
    const { client, secret } = clientOf(WEB);
    const grants = ['authorization_code', 'refresh_token', 'device_code', 'implicit'] as const;
    await make(test.store, { kind: 'create_client', client: { ...client, grants, redirectUris: [BACK] }, secret });
  });

  async function newCode(overrides: Partial<Authorize> = {}): Promise<Digest> {
    const digest = aDigest();
    await make(test.store, authorizeOf({ response: wantedCode(digest), ...overrides }));
    return digest;
  }

  const refusalOfCode = async (command: RedeemAuthorizationCode | RedeemDeviceCode | DecideDeviceAuthorization) =>
    refusalOf(await execute(test.store, command));
  const readConsent = async () => (await test.store.read({ consent: one(CONSENT, { consentId: CONSENT_ID }) })).consent;

  /** Those that were answered. */
  async function winners<C extends RedeemAuthorizationCode | RedeemDeviceCode>(commands: readonly C[]): Promise<C[]> {
    const outcomes = await Promise.all(commands.map((command) => execute(test.store, command)));
    return commands.filter((_, i) => 'answer' in (outcomes[i] ?? {}));
  }

  it('writes a consent and a code, both read back field for field', async () => {
    await make(test.store, cutOff('client', APP));
    const digest = await newCode({ scopes: ['read', 'write'] });
    expect(await readConsent()).toEqual({
      consentId: CONSENT_ID,
      tenantId: TENANT,
      subjectId: ANN,
      clientId: WEB,
      scopes: ['read', 'write'],
      cutoff: await revisionOf(test.store),
      grantTime: test.clock.now,
      withdrawTime: null,
    });
    expect(plain(await readSingleUse(test.store, TENANT, 'authorization_code', digest))).toEqual({
      digest,
      purpose: 'authorization_code',
      tenantId: TENANT,
      subjectId: ANN,
      clientId: WEB,
      familyId: null,
      payload: {
        redirectUri: BACK,
        redirectWasGiven: true,
        codeChallenge: 'c',
        scopes: ['read', 'write'],
        audience: null,
        consentId: CONSENT_ID,
        issueRevision: await revisionOf(test.store),
        redeemUntil: test.clock.now + AUTHORIZATION_CODE_LIFETIME_MS,
      },
      expireTime: test.clock.now + AUTHORIZATION_CODE_LIFETIME_MS + USED_CODE_MEMORY_MS,
    });
  });

  it('adds up what is granted at once', async () => {
    const scopes = ['read', 'write'];
    await Promise.all(AT_ONCE.map((i) => make(test.store, authorizeOf({ scopes: [scopes[i % 2] ?? ''] }))));
    expect([...((await readConsent())?.scopes ?? [])].sort()).toEqual(scopes);
    expect(await test.store.list(CONSENTS, { tenantId: TENANT, subjectId: ANN }, { limit: 9 })).toHaveLength(1);
  });

  it('gives a code’s tokens to one of many that bring it, and those end, for the others are replays', async () => {
    const digest = await newCode();
    const before = (await revisionOf(test.store)) ?? 0;
    const [winner, ...others] = await winners(AT_ONCE.map(() => redeemOf(digest)));
    expect(others).toEqual([]);
    expect(winner).toBeDefined();
    expect(await isPairLive(test, winner as RedeemAuthorizationCode)).toBe(false);
    expect(await revisionOf(test.store)).toBe(before + 1);
  });

  it('of many codes at once gives each its own', async () => {
    const digests = await Promise.all(AT_ONCE.map(() => newCode()));
    const won = await winners(digests.map((digest) => redeemOf(digest)));
    expect(won).toHaveLength(AT_ONCE.length);
    for (const command of won) {
      expect(await isPairLive(test, command)).toBe(true);
    }
  });

  it('ends what a code gave when it comes back, also while that is refreshed', async () => {
    for (const _ of AT_ONCE) {
      const digest = await newCode();
      const command = redeemOf(digest);
      answerOf(await execute(test.store, command));
      const refresh = refreshOf(command, { clientId: WEB });
      const [, replay] = await Promise.all([execute(test.store, refresh), execute(test.store, redeemOf(digest))]);
      expect(refusalOf(replay)).toBe('invalid_grant');
      expect(await isPairLive(test, command)).toBe(false);
      expect(await isPairLive(test, refresh)).toBe(false);
    }
  });

  it('refuses a code that is another’s, late, or does not fit, and takes it afterwards', async () => {
    await make(test.store, tenantOf('other'));
    await make(test.store, clientOf('theirs', 'other'));
    const digest = await newCode();
    const wrong: Partial<RedeemAuthorizationCode>[] = [
      { digest: aDigest() },
      { clientId: TENANT },
      { tenantId: 'other', clientId: 'theirs' },
      { redirectUri: `${BACK}/` },
      { redirectUri: undefined },
      { challenge: 'd' },
      { challenge: undefined },
    ];
    for (const overrides of wrong) {
      expect(await refusalOfCode(redeemOf(digest, overrides))).toBe('invalid_grant');
    }
    const late = await newCode();
    test.clock.advance(AUTHORIZATION_CODE_LIFETIME_MS - 1);
    const command = redeemOf(digest);
    answerOf(await execute(test.store, command));
    expect(await isPairLive(test, command)).toBe(true);
    test.clock.advance(1);
    expect(await refusalOfCode(redeemOf(late))).toBe('invalid_grant');
  });

  it('gives nothing that is live for a code when its user is cut off meanwhile', async () => {
    for (const _ of AT_ONCE) {
      const command = redeemOf(await newCode());
      await Promise.all([execute(test.store, command), execute(test.store, cutOff('user', ANN))]);
      expect(await isPairLive(test, command)).toBe(false);
    }
  });

  it('gives nothing for a code whose consent was withdrawn, also when that was granted anew', async () => {
    const digest = await newCode();
    await make(test.store, WITHDRAW);
    expect(await refusalOfCode(redeemOf(digest))).toBe('invalid_grant');
    const command = redeemOf(await newCode({ scopes: ['write'] }));
    expect(await readConsent()).toMatchObject({ scopes: ['write'], cutoff: 1, withdrawTime: null });
    expect(await refusalOfCode(redeemOf(digest))).toBe('invalid_grant');
    answerOf(await execute(test.store, command));
    expect(await isPairLive(test, command)).toBe(true);
  });

  it('gives nothing that is live for a code, or at once, when the consent is withdrawn meanwhile', async () => {
    for (const _ of AT_ONCE) {
      const command = redeemOf(await newCode());
      await Promise.all([execute(test.store, command), make(test.store, WITHDRAW)]);
      expect(await isPairLive(test, command)).toBe(false);
    }
    for (const _ of AT_ONCE) {
      await newCode();
      const begun = { familyId: aFamilyId(), tokens: newTokens() };
      const agreed = authorizeOf({ response: { type: 'token', ...begun } });
      await Promise.all([execute(test.store, agreed), make(test.store, WITHDRAW)]);
      // Which came first is told by the consent: what was granted after the withdrawal stands.
      expect(await isPairLive(test, begun)).toBe((await readConsent())?.withdrawTime === null);
    }
  });

  it('knows a used code for a day', async () => {
    const digest = await newCode();
    const command = redeemOf(digest);
    answerOf(await execute(test.store, command));
    test.clock.advance(USED_CODE_MEMORY_MS);
    await test.store.purgeExpired(1_000);
    expect(await refusalOfCode(redeemOf(digest))).toBe('invalid_grant');
    expect(await isPairLive(test, command)).toBe(false);
    test.clock.advance(AUTHORIZATION_CODE_LIFETIME_MS);
    await test.store.purgeExpired(1_000);
    expect(await readSingleUse(test.store, TENANT, 'authorization_code', digest)).toBeUndefined();
  });

  it('gives tokens at once to a client that may have them', async () => {
    const begun = { familyId: aFamilyId(), tokens: newTokens() };
    const answered = answerOf(await execute(test.store, authorizeOf({ response: { type: 'token', ...begun } })));
    expect(answered).toMatchObject({ issued: { scopes: ['read'], refreshExpireTime: null } });
    expect(await isPairLive(test, begun)).toBe(true);
    expect(await readConsent()).toMatchObject({ scopes: ['read'] });
  });

  it('gives a device its tokens once, however many ask while its user approves', async () => {
    for (const _ of AT_ONCE.slice(4)) {
      const begun = beginOf();
      answerOf(await execute(test.store, begun));
      const [decided, first] = await Promise.all([execute(test.store, decideOf(begun)), winners([pollOf(begun)])]);
      expect(answerOf(decided)).toEqual({});
      const won = [...first, ...(await winners(AT_ONCE.map(() => pollOf(begun))))];
      expect(won).toHaveLength(1);
      expect(await isPairLive(test, won[0] as RedeemDeviceCode)).toBe(false);
    }
    expect(await readConsent()).toMatchObject({ scopes: ['read', 'write'] });
  });

  it('lets one of several decide on a device, and no one after that', async () => {
    await make(test.store, subjectOf({ subjectId: 'bob' }));
    const begun = beginOf({ scopes: ['read'] });
    answerOf(await execute(test.store, begun));
    const deciders = [decideOf(begun), decideOf(begun, { decision: 'deny' }), decideOf(begun, { subjectId: 'bob' })];
    const outcomes = await Promise.all(deciders.map((command) => execute(test.store, command)));
    expect(outcomes.filter((outcome) => 'answer' in outcome)).toHaveLength(1);
    expect(outcomes.map(refusalOf).filter((code) => code === 'invalid_code')).toHaveLength(2);
    expect(await refusalOfCode(decideOf(begun))).toBe('invalid_code');
  });

  it('tells a device that waits that it does, and when it is too late', async () => {
    const begun = beginOf();
    answerOf(await execute(test.store, begun));
    const told = [await refusalOfCode(pollOf(begun)), await refusalOfCode(pollOf(begun))];
    expect(told).toEqual(['authorization_pending', 'slow_down']);
    test.clock.advance(DEVICE_CODE_LIFETIME_MS - 1);
    expect(await refusalOfCode(pollOf(begun))).toBe('authorization_pending');
    test.clock.advance(1);
    expect(await refusalOfCode(pollOf(begun))).toBe('expired_token');
    expect(await refusalOfCode(decideOf(begun))).toBe('invalid_code');
  });

  it('begins no second device with one user code', async () => {
    const begun = beginOf();
    const { userDigest } = begun;
    const outcomes = await Promise.all([begun, beginOf({ userDigest })].map((each) => execute(test.store, each)));
    expect(outcomes.map(refusalOf).sort()).toEqual(['already_exists', undefined]);
    test.clock.advance(DEVICE_CODE_LIFETIME_MS);
    answerOf(await execute(test.store, beginOf({ userDigest })));
  });

  test.lasting('keeps codes and consents over a restart', async () => {
    const digest = await newCode();
    const begun = beginOf();
    answerOf(await execute(test.store, begun));
    await test.reopen();
    answerOf(await execute(test.store, decideOf(begun)));
    await test.reopen();
    const commands = [redeemOf(digest), pollOf(begun)];
    expect(await winners(commands)).toHaveLength(2);
    await test.reopen();
    expect(await refusalOfCode(redeemOf(digest))).toBe('invalid_grant');
    expect(await isPairLive(test, commands[0] as RedeemAuthorizationCode)).toBe(false);
    expect(await isPairLive(test, commands[1] as RedeemDeviceCode)).toBe(true);
  });
}
