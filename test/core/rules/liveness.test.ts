import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type FamilyReading, isFamilyLive, isLive, type TokenReading } from '../../../src/core/rules/liveness.ts';

import { digestOf } from '../../../src/core/secrets.ts';
import { TOKEN_KINDS } from '../../../src/core/tables/families.ts';

const NOW = 1_900_000_000_000;

/** Of the token that is looked at, and of another. */
const DIGEST = digestOf('the current access token');
const OTHER = digestOf('another token');

interface Parts {
  family?: Partial<FamilyReading>;
  tenant?: Partial<TokenReading['tenant']>;
  client?: Partial<NonNullable<TokenReading['client']>> | null;
  subject?: Partial<NonNullable<TokenReading['subject']>> | null;
  /** Absent: the token hangs on none. */
  consent?: Partial<NonNullable<TokenReading['consent']>> | null;
}

/** A live user's token, with these parts of it otherwise. */
function readingWith({ family, tenant, client, subject, consent }: Parts): TokenReading {
  const standing = { tenantId: 'acme', disabled: false, cutoff: 0 };
  return {
    family: {
      familyId: 'fm_1',
      tenantId: 'acme',
      clientId: 'app',
      subjectId: 'ann',
      kind: 'USER',
      scopes: [],
      generation: 3,
      issueRevision: 5,
      issueTime: NOW - 20,
      expireTime: NOW + 100,
      revokedRevision: null,
      audience: null,
      consentId: consent === undefined ? null : 'co_1',
      accessDigest: DIGEST,
      accessIssueTime: NOW - 10,
      accessExpireTime: NOW + 10,
      repeatUntil: 0,
      ...family,
    },
    tenant: { ...standing, ...tenant },
    client: client === null ? undefined : { ...standing, ...client },
    subject: subject === null ? undefined : { ...standing, ...subject },
    consent: consent ? { tenantId: 'acme', withdrawTime: null, cutoff: 0, ...consent } : undefined,
  };
}

describe('a token is', () => {
  const byClient = { kind: 'APPLICATION' } as const;
  const cases: [string, Parts, boolean][] = [
    ['live', {}, true],
    ['live for its last millisecond', { family: { accessExpireTime: NOW + 1 } }, true],
    ['dead at its expiry', { family: { accessExpireTime: NOW } }, false],
    ['dead when the family has another by now, whatever the generation', { family: { accessDigest: OTHER } }, false],
    ['dead when its family was revoked', { family: { revokedRevision: 6 } }, false],
    ['dead when its family was revoked at revision 0', { family: { revokedRevision: 0 } }, false],
    ['dead at the expiry of its family', { family: { expireTime: NOW } }, false],
    ['live when its family ends by revocation alone', { family: { expireTime: null } }, true],
    ['dead when its tenant is disabled', { tenant: { disabled: true } }, false],
    ['dead when its client is disabled', { client: { disabled: true } }, false],
    ['dead when its client was deleted', { client: null }, false],
    ['dead when another tenant took the id of its client', { client: { tenantId: 'other' } }, false],
    ['dead when its user is disabled', { subject: { disabled: true } }, false],
    ['dead when its user was deleted', { subject: null }, false],
    ['dead when another tenant took the id of its user', { subject: { tenantId: 'other' } }, false],
    ['live while its consent stands', { consent: {} }, true],
    ['dead when its consent was deleted', { consent: null }, false],
    ['dead when its consent is another tenant’s', { consent: { tenantId: 'other' } }, false],
    ['dead when its consent was withdrawn', { consent: { withdrawTime: NOW - 1 } }, false],
    ['live when it was issued at the consent’s cutoff', { consent: { cutoff: 5 } }, true],
    ['dead when its consent was withdrawn and given anew', { consent: { cutoff: 6 } }, false],
    ['live when it was issued at the tenant’s cutoff', { tenant: { cutoff: 5 } }, true],
    ['dead when it was issued before the tenant’s cutoff', { tenant: { cutoff: 6 } }, false],
    ['dead when it was issued before the client’s cutoff', { client: { cutoff: 6 } }, false],
    ['dead when it was issued before the user’s cutoff', { subject: { cutoff: 6 } }, false],
    ['live without a subject when it is a client’s', { family: byClient, subject: null }, true],
    ['live when a user who bears its client’s id is disabled', { family: byClient, subject: { disabled: true } }, true],
    ['live when a user who bears its client’s id was cut off', { family: byClient, subject: { cutoff: 6 } }, true],
    ['dead when it is a client’s and the client was cut off', { family: byClient, client: { cutoff: 6 } }, false],
  ];

  it.each(cases)('%s', (_, parts, expected) => {
    expect(isLive(readingWith(parts), DIGEST, NOW)).toBe(expected);
  });
});

describe('whatever the rows are', () => {
  /** Good more often than not, or of many checks one would always fail. */
  function mostly<T>(good: T, ...bad: T[]): fc.Arbitrary<T> {
    const spoilt = bad.map((value) => ({ weight: 1, arbitrary: fc.constant(value) }));
    return fc.oneof({ weight: 10 * bad.length, arbitrary: fc.constant(good) }, ...spoilt);
  }

  const someRevision = fc.nat(4);
  const someTime = mostly(NOW + 1_000, NOW - 1, NOW, NOW + 1);
  const someStanding = fc.record({
    tenantId: mostly('acme', 'other'),
    disabled: mostly(false, true),
    cutoff: fc.oneof({ weight: 2, arbitrary: fc.constant(0) }, { weight: 1, arbitrary: someRevision }),
  });
  const someReading = fc
    .record({
      family: fc.record({
        accessDigest: mostly(DIGEST, OTHER),
        accessExpireTime: someTime,
        revokedRevision: mostly<number | null>(null, 0, 1),
        expireTime: fc.option(someTime, { freq: 4 }),
        kind: fc.constantFrom(...TOKEN_KINDS),
        issueRevision: someRevision,
      }),
      tenant: someStanding.map((standing) => ({ ...standing, tenantId: 'acme' })),
      client: fc.option(someStanding, { freq: 12 }),
      subject: fc.option(someStanding, { freq: 12 }),
    })
    .map(readingWith);

  /** Each reason for a token to be dead, on its own. */
  function reasonsAgainst({ family, tenant, client, subject }: TokenReading): string[] {
    const hasSubject = family.kind === 'USER' || family.kind === 'DEVICE';
    const reasons: Record<string, boolean> = {
      expired: family.accessExpireTime <= NOW,
      replaced: family.accessDigest !== DIGEST,
      familyExpired: family.expireTime !== null && family.expireTime <= NOW,
      revoked: family.revokedRevision !== null,
      tenantDisabled: tenant.disabled,
      tenantCutoff: family.issueRevision < tenant.cutoff,
      noClient: client === undefined,
      clientOfAnother: client?.tenantId === 'other',
      clientDisabled: client?.disabled === true,
      clientCutoff: family.issueRevision < (client?.cutoff ?? 0),
      noSubject: hasSubject && subject === undefined,
      subjectOfAnother: hasSubject && subject?.tenantId === 'other',
      subjectDisabled: hasSubject && subject?.disabled === true,
      subjectCutoff: hasSubject && family.issueRevision < (subject?.cutoff ?? 0),
    };
    return Object.keys(reasons).filter((reason) => reasons[reason]);
  }

  it('a token is live exactly when nothing speaks against it', () => {
    const seen = { live: 0, dead: 0 };
    fc.assert(
      fc.property(someReading, (reading) => {
        const reasons = reasonsAgainst(reading);
        expect(isLive(reading, DIGEST, NOW), reasons.join()).toBe(reasons.length === 0);
        seen[reasons.length === 0 ? 'live' : 'dead'] += 1;
      }),
      { numRuns: 5_000 },
    );
    expect(Math.min(seen.live, seen.dead)).toBeGreaterThan(500);
  });

  it('no cutoff masks another: moving any of them forward never revives a family', () => {
    fc.assert(
      fc.property(someReading, fc.constantFrom('tenant', 'client', 'subject'), someRevision, (reading, level, more) => {
        const standing = reading[level as 'tenant'];
        fc.pre(standing !== undefined);
        const later = { ...reading, [level]: { ...standing, cutoff: standing.cutoff + more } };
        expect(isFamilyLive(reading, NOW) || !isFamilyLive(later, NOW)).toBe(true);
      }),
      { numRuns: 2_000 },
    );
  });

  it('what is dead stays dead as time goes by', () => {
    fc.assert(
      fc.property(someReading, fc.nat(2_000), (reading, later) => {
        expect(isLive(reading, DIGEST, NOW) || !isLive(reading, DIGEST, NOW + later)).toBe(true);
      }),
    );
  });
});
