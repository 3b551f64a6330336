/** What a restore does to a tenant: no revision is given twice, and nobody goes on in the log from before. */
import { describe, expect, it } from 'vitest';
import type { Change } from '../../../src/core/changes.ts';
import { policyOfProfile } from '../../../src/core/policy.ts';
import { restoredTenant } from '../../../src/core/rules/restored.ts';
import { logReadingOf } from '../../../src/core/services/revocation-log.ts';
import type { Tenant } from '../../../src/core/tables/tenants.ts';

const NOW = Date.UTC(2030, 0, 1);
const SECOND = 1_000;

const BACKUP: Tenant = {
  tenantId: 'acme',
  displayName: '',
  disabled: false,
  policy: policyOfProfile('standard'),
  revision: 7,
  cutoff: 0,
  createTime: 0,
  auditSequence: 0,
  auditHash: new Uint8Array(32) as Tenant['auditHash'],
  clientVersion: 1,
  logoUri: '',
  accentColor: '',
};

function fieldOf(changes: readonly Change[], field: string): number | undefined {
  const all = changes.map((change) => (change as { fields?: Record<string, unknown> }).fields?.[field]);
  return all.find((value) => typeof value === 'number') as number | undefined;
}

describe.each([false, true])('a restore, with tokens kept: %s', (keepTokens) => {
  const revisionAt = (now: number, tenant = BACKUP) =>
    fieldOf(restoredTenant(tenant, now, keepTokens), 'revision') as number;

  it('leaps over all that a busy store gave since another restore of the same backup', () => {
    const first = revisionAt(NOW);
    const given = first + 100_000 * 60;
    expect(revisionAt(NOW + 60 * SECOND)).toBeGreaterThan(given);
  });

  it('leaps also where the clock went back', () => {
    const tenant = { ...BACKUP, revision: NOW * 2_000 };
    expect(revisionAt(NOW, tenant)).toBeGreaterThanOrEqual(tenant.revision + 1_000_000_000);
  });

  it('stays a whole number that keeps its digits', () => {
    expect(Number.isSafeInteger(revisionAt(Date.UTC(2200, 0, 1)))).toBe(true);
  });

  it('leaves a gap in the log, for all who were before it', () => {
    const revision = revisionAt(NOW);
    const events = keepTokens
      ? []
      : [{ tenantId: 'acme', revision, scope: 'tenant', key: 'acme', cause: 'restored', eventTime: NOW } as const];
    for (const after of [7, 8, 1_000_007, revision - 2]) {
      const reading = logReadingOf(
        { tenantId: 'acme', after },
        { revision, clientVersion: 1, timeline: 1 },
        events,
        500,
      );
      expect(reading.isLost).toBe(true);
    }
  });

  it(keepTokens ? 'ends no token' : 'ends every token', () => {
    const changes = restoredTenant(BACKUP, NOW, keepTokens);
    expect(fieldOf(changes, 'cutoff')).toBe(keepTokens ? undefined : revisionAt(NOW));
  });
});
