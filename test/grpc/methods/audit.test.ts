import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ActorKind } from '../../../gen/ts/symbolon/v1/audit_service.ts';
import { CREDENTIALS, issue } from '../client.ts';
import { type DirectoryBed, openDirectoryBed, user } from './bed.ts';

let bed: DirectoryBed;

beforeAll(async () => {
  bed = await openDirectoryBed();
});

afterAll(() => bed.close());

describe('the audit log', () => {
  it('tells who changed what, by which token and under which request id', async () => {
    const named = bed.as.admin.clone();
    named.set('x-request-id', 'trace-42');
    await bed.call('updateTenant', { displayName: 'Acme 2', updateMask: ['display_name'] }, named);
    const { accessToken, tokenId } = await issue(bed, CREDENTIALS.user());
    const change = { user: user.token(accessToken), displayName: 'Ann 2', updateMask: ['display_name'] };
    await bed.call('updateUser', change, bed.as.public);
    const { records } = await bed.call('listAuditRecords', { pageSize: 1_000 });
    const [tenants, users] = records.slice(-2);
    expect(tenants).toMatchObject({
      actor: { kind: ActorKind.CLIENT, id: 'admin', tokenId: '', address: '', requestId: 'trace-42' },
      action: 'update_tenant',
      targetKind: 'tenant',
      targetId: 'acme',
      result: 'ok',
      details: 'display_name',
      eventTime: { seconds: bed.clock.now / 1_000, nanos: 0 },
      hash: expect.stringMatching(/^[0-9a-f]{64}$/),
    });
    expect(users).toMatchObject({
      actor: { kind: ActorKind.USER, id: 'user-ann', tokenId },
      action: 'update_user',
      targetId: 'user-ann',
    });
    expect(records.map(({ sequence }) => sequence)).toEqual(records.map((_, i) => i + 1));
    expect(JSON.stringify(records)).not.toContain('Ann 2');
  });

  it('is verified in parts, from where the last one ended', async () => {
    const { records } = await bed.call('listAuditRecords', { pageSize: 1_000 });
    const last = records.at(-1);
    const first = await bed.call('verifyAuditLog', { maxRecords: 2 });
    expect(first).toEqual({
      intact: true,
      verifiedCount: 2,
      lastSequence: 2,
      lastHash: records[1]?.hash,
      brokenSequence: 0,
      endReached: false,
    });
    const rest = await bed.call('verifyAuditLog', { afterSequence: 2 });
    expect(rest).toEqual({
      intact: true,
      verifiedCount: records.length - 2,
      lastSequence: last?.sequence,
      lastHash: last?.hash,
      brokenSequence: 0,
      endReached: true,
    });
    const beyond = await bed.call('verifyAuditLog', { afterSequence: 1_000 });
    expect(beyond).toMatchObject({ intact: false, brokenSequence: 1_000, endReached: false });
  });

  it('is each tenant’s own', async () => {
    const { records } = await bed.call('listAuditRecords', {}, bed.as.otherAdmin);
    expect(records.map(({ targetId }) => targetId)).toEqual(['other', 'other-admin']);
  });
});
