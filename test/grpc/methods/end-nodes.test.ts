/** Devices behind a gateway: admins attach them, and a client that presents the gateway's token gets tokens for them. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { EndNode, IssueRequest } from '../../../gen/ts/symbolon/v1/token_service.ts';
import { CREDENTIALS, failureOf, introspect, issue } from '../client.ts';
import { type DirectoryBed, device, openDirectoryBed } from './bed.ts';

let bed: DirectoryBed;
let count = 0;

beforeAll(async () => {
  bed = await openDirectoryBed();
});

afterAll(() => bed.close());

async function register() {
  count += 1;
  const vendorId = `device-${count}`;
  const { device: made } = await bed.call('registerDevice', { vendorId, password: 'p' });
  return { id: made?.deviceId ?? '', vendorId, ref: device.vendorId(vendorId) };
}

/** A gateway that has logged in, and a device behind it. */
async function house() {
  const [gateway, bulb] = [await register(), await register()];
  await bed.call('attachEndNode', { gateway: gateway.ref, endNode: bulb.ref });
  const { accessToken } = await issue(bed, CREDENTIALS.device(gateway.vendorId, 'p'));
  return { gateway, bulb, accessToken };
}

function askFor(gatewayToken: string, vendorId: string, terms: Partial<IssueRequest> = {}) {
  const value = EndNode.fromPartial({ gatewayToken, device: { $case: 'vendorId', value: vendorId } });
  return issue(bed, IssueRequest.fromPartial({ credential: { $case: 'endNode', value }, ...terms }));
}

describe('a gateway', () => {
  it('gets tokens for a device behind it, however that is named', async () => {
    const { bulb, accessToken } = await house();
    const byId = EndNode.fromPartial({ gatewayToken: accessToken, device: { $case: 'deviceId', value: bulb.id } });
    const tokens = [
      await askFor(accessToken, bulb.vendorId, { scopes: ['write'] }),
      await issue(bed, IssueRequest.fromPartial({ credential: { $case: 'endNode', value: byId } })),
    ];
    for (const each of tokens) {
      expect(await introspect(bed, each.accessToken, 0)).toMatchObject({ active: true, subjectId: bulb.id });
    }
    expect(tokens[0]?.scopes).toEqual(['write']);
  });

  it('gets none for others, by another’s token, or for a device that is disabled', async () => {
    const { gateway, bulb, accessToken } = await house();
    const other = await register();
    const ann = await issue(bed, CREDENTIALS.user('ann'));
    expect(await failureOf(askFor(accessToken, other.vendorId))).toMatchObject({ status: 'NOT_FOUND' });
    expect(await failureOf(askFor(accessToken, 'nothing'))).toMatchObject({ status: 'NOT_FOUND' });
    const { accessToken: itsOwn } = await issue(bed, CREDENTIALS.device(bulb.vendorId, 'p'));
    expect(await failureOf(askFor(itsOwn, bulb.vendorId))).toMatchObject({ status: 'NOT_FOUND' });
    for (const token of [ann.accessToken, 'x', `${accessToken}x`]) {
      expect(await failureOf(askFor(token, bulb.vendorId))).toMatchObject({
        reason: 'INVALID_CREDENTIALS',
      });
    }
    for (const [token, vendorId] of [
      ['', bulb.vendorId],
      [accessToken, ''],
    ] as const) {
      expect(await failureOf(askFor(token, vendorId))).toMatchObject({ status: 'INVALID_ARGUMENT' });
    }
    expect(await failureOf(askFor(accessToken, bulb.vendorId, { requestId: 'r' }))).toMatchObject({
      status: 'INVALID_ARGUMENT',
    });
    expect(await failureOf(askFor(accessToken, bulb.vendorId, { scopes: ['none'] }))).toMatchObject({
      status: 'INVALID_ARGUMENT',
    });
    await bed.call('disableDevice', { device: bulb.ref });
    expect(await failureOf(askFor(accessToken, bulb.vendorId))).toMatchObject({ status: 'NOT_FOUND' });
    await bed.call('disableDevice', { device: gateway.ref });
    expect(await failureOf(askFor(accessToken, bulb.vendorId))).toMatchObject({
      reason: 'INVALID_CREDENTIALS',
    });
  });

  it('loses them when it is disabled, and by the revision that is answered', async () => {
    const { gateway, bulb, accessToken } = await house();
    const got = await askFor(accessToken, bulb.vendorId);
    const { revision } = await bed.call('disableDevice', { device: gateway.ref });
    expect(await introspect(bed, got.accessToken, revision)).toMatchObject({ active: false, revision });
  });

  it('loses them when the device is detached or moves to another', async () => {
    const { gateway, bulb, accessToken } = await house();
    const first = await askFor(accessToken, bulb.vendorId);
    const other = await register();
    const moved = await bed.call('attachEndNode', { gateway: other.ref, endNode: bulb.ref });
    expect(await introspect(bed, first.accessToken, moved.revision)).toMatchObject({ active: false });
    expect(await failureOf(askFor(accessToken, bulb.vendorId))).toMatchObject({ status: 'NOT_FOUND' });
    const named = { gateway: gateway.ref, endNode: bulb.ref };
    expect(await failureOf(bed.call('detachEndNode', named))).toMatchObject({ status: 'NOT_FOUND' });
    await bed.call('attachEndNode', named);
    const second = await askFor(accessToken, bulb.vendorId);
    const { revision } = await bed.call('detachEndNode', named);
    expect(await introspect(bed, second.accessToken, revision)).toMatchObject({ active: false });
  });

  it('lists what is behind it, in pages', async () => {
    const { gateway, bulb } = await house();
    const plug = await register();
    await bed.call('attachEndNode', { gateway: gateway.ref, endNode: plug.ref });
    const first = await bed.call('listEndNodes', { gateway: gateway.ref, pageSize: 1 });
    const { nextPageToken: pageToken } = first;
    const second = await bed.call('listEndNodes', { gateway: gateway.ref, pageSize: 1, pageToken });
    const ids = [...first.devices, ...second.devices].map(({ deviceId }) => deviceId);
    expect(ids).toEqual([bulb.id, plug.id].sort());
    expect(second.nextPageToken).toBe('');
    expect((await bed.call('listEndNodes', { gateway: plug.ref })).devices).toEqual([]);
  });
});
