import { describe, expect, it } from 'vitest';
import { accessExpiry, familyExpiry, mayBeRefreshed } from '../../src/core/lifetimes.ts';
import type { TokenKind } from '../../src/core/model.ts';
import type { TenantPolicy } from '../../src/core/policy.ts';
import { DEFAULT_POLICY, MAX_LIFETIME_MS, policyOfProfile } from '../../src/core/policy.ts';

const NOW = 1_900_000_000_000;
const HOUR = 3_600_000;
const DAY = 24 * HOUR;

interface Case {
  readonly name: string;
  readonly policy?: Partial<TenantPolicy>;
  readonly kind?: TokenKind;
  readonly consentId?: string;
  /** From now on. */
  readonly asked?: number;
  readonly lives: number | 'out of range';
}

const CASES: readonly Case[] = [
  { name: 'the tenant’s default when nothing was asked', policy: { defaultTokenLifetimeMs: 5 }, lives: 5 },
  {
    name: 'no longer than the tenant’s longest, even by default',
    policy: { defaultTokenLifetimeMs: 9, longestTokenLifetimeMs: 7 },
    lives: 7,
  },
  { name: 'one hour for an application that asked for nothing', kind: 'APPLICATION', lives: HOUR },
  {
    name: 'what the tenant says of applications, beyond the longest',
    kind: 'APPLICATION',
    policy: { applicationTokenLifetimeMs: 9, longestTokenLifetimeMs: 7, defaultTokenLifetimeMs: 5 },
    lives: 9,
  },
  {
    name: 'what an application asked for, as long as it gets unasked',
    kind: 'APPLICATION',
    policy: { applicationTokenLifetimeMs: 9, longestTokenLifetimeMs: 7 },
    asked: 9,
    lives: 9,
  },
  {
    name: 'nothing beyond both for an application',
    kind: 'APPLICATION',
    policy: { applicationTokenLifetimeMs: 9, longestTokenLifetimeMs: 7 },
    asked: 10,
    lives: 'out of range',
  },
  { name: 'fourteen days by consent, whatever the default is', consentId: 'co_1', lives: 14 * DAY },
  {
    name: 'what the tenant says of consents, beyond the longest',
    consentId: 'co_1',
    policy: { consentTokenLifetimeMs: 9, longestTokenLifetimeMs: 7 },
    lives: 9,
  },
  { name: 'less than a consent gives, where that was asked', consentId: 'co_1', asked: HOUR, lives: HOUR },
  { name: 'nothing beyond what a consent gives', consentId: 'co_1', asked: 14 * DAY + 1, lives: 'out of range' },
  { name: 'the tenant’s default for an admin', kind: 'ADMIN', lives: MAX_LIFETIME_MS },
  { name: 'the tenant’s default for nobody in particular', kind: 'ANONYMOUS', lives: MAX_LIFETIME_MS },
  { name: 'what an application asked for', kind: 'APPLICATION', asked: 2 * HOUR, lives: 2 * HOUR },
  { name: 'one millisecond when that was asked', asked: 1, lives: 1 },
  { name: 'nothing that ends now', asked: 0, lives: 'out of range' },
  { name: 'nothing that ended', asked: -1, lives: 'out of range' },
  { name: 'the longest lifetime', policy: { longestTokenLifetimeMs: 7 }, asked: 7, lives: 7 },
  { name: 'nothing beyond the longest', policy: { longestTokenLifetimeMs: 7 }, asked: 8, lives: 'out of range' },
  { name: 'a 32-bit number of seconds', asked: 2_147_483_647_000, lives: 2_147_483_647_000 },
  { name: 'nothing beyond it', asked: 2_147_483_647_001, lives: 'out of range' },
];

describe('an access token lives for', () => {
  it.each(CASES)('$name', ({ policy = {}, kind = 'USER', consentId, asked, lives }) => {
    const requested = asked === undefined ? undefined : NOW + asked;
    const expiry = accessExpiry({ ...policyOfProfile('kii'), ...policy }, { kind, consentId }, requested, NOW);

    if (lives === 'out of range') {
      expect(expiry).toMatchObject({ refusal: { code: 'expire_time_out_of_range' } });
    } else {
      expect(expiry).toEqual({ expireTime: NOW + lives });
    }
  });
});

it('a family lives as long as it can be refreshed, and never shorter than its first token', () => {
  const policy = { ...DEFAULT_POLICY, refreshLifetimeMs: 100, consentRefreshLifetimeMs: 50 };
  expect(familyExpiry(policy, {}, NOW + 10, true, NOW)).toBe(NOW + 100);
  expect(familyExpiry(policy, {}, NOW + 200, true, NOW)).toBe(NOW + 200);
  expect(familyExpiry(policy, {}, NOW + 10, false, NOW)).toBe(NOW + 10);
  expect(familyExpiry(policy, { consentId: 'co_1' }, NOW + 10, true, NOW)).toBe(NOW + 50);
});

it('what comes by consent is refreshed, whatever the tenant says of the rest', () => {
  const [off, on] = [policyOfProfile('kii'), DEFAULT_POLICY];
  expect([off, on].map((policy) => mayBeRefreshed(policy, {}))).toEqual([false, true]);
  expect([off, on].map((policy) => mayBeRefreshed(policy, { consentId: null }))).toEqual([false, true]);
  expect([off, on].map((policy) => mayBeRefreshed(policy, { consentId: 'co_1' }))).toEqual([true, true]);
});

it('a token of a client lives an hour in every profile, and failures lock', () => {
  expect(policyOfProfile('kii').applicationTokenLifetimeMs).toBe(HOUR);
  // NIST SP 800-63B section 3.2.2: no more than 100 failed attempts.
  expect(DEFAULT_POLICY.loginAttempts).toBeLessThanOrEqual(100);
});
