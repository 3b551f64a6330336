/** Onboarding with a gateway, as the thing-if SDKs and kii_go send it. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { FAMILIES } from '../../../src/core/tables/families.ts';
import { APP, type HttpBed, openHttpBed, PASSWORD, postToken } from '../support.ts';
import { freshName, rest, type Tokens, tokensOf, told } from './rest.ts';

let bed: HttpBed;
let tokens: Tokens;

beforeAll(async () => {
  bed = await openHttpBed({ policy: { refreshEnabled: true } });
  tokens = await tokensOf(bed);
});
afterAll(() => bed.close());

const BY_ID = 'OnboardingEndNodeWithGatewayThingID';
const BY_VENDOR_ID = 'OnboardingEndNodeWithGatewayVendorThingID';

function onboard(type: string, body: object, token?: string) {
  return rest(bed, 'POST', `/thing-if/apps/${APP}/onboardings`, { body, type, token });
}

interface Gateway {
  readonly id: string;
  readonly vendorThingID: string;
  readonly token: string;
}

/** Alice's, who onboards it as the SDKs do. */
async function onboardGateway(owner = 'user-1', token = tokens.alice): Promise<Gateway> {
  const vendorThingID = freshName();
  const { status, json } = await onboard(
    'OnboardingWithVendorThingIDByOwner',
    { vendorThingID, thingPassword: PASSWORD, owner: `user:${owner}`, layoutPosition: 'GATEWAY' },
    token,
  );
  expect(status).toBe(200);
  return { id: String(json.thingID), vendorThingID, token: String(json.accessToken) };
}

function bodyOf({ id }: Gateway, fields: object = {}) {
  return { gatewayThingID: id, endNodeVendorThingID: freshName(), endNodePassword: 'pass', ...fields };
}

async function logins(vendorThingID: string): Promise<number> {
  const { json } = await rest(bed, 'GET', `things/VENDOR_THING_ID:${vendorThingID}`, { token: tokens.admin });
  const by = { tenantId: APP, subjectId: String(json._thingID), revokedRevision: null };
  return (await bed.store.list(FAMILIES, by, { limit: 100 })).length;
}

describe('an end node', () => {
  it('is onboarded by the owner of its gateway, and its gateway has tokens for it', async () => {
    const gateway = await onboardGateway();
    const fields = {
      owner: 'USER:user-1',
      endNodeThingType: 'LIGHT',
      endNodeThingProperties: { maker: 'x' },
      endNodeFirmwareVersion: '1.2',
      dataGroupingInterval: '1_MINUTE',
    };
    const body = bodyOf(gateway, fields);
    const answer = await onboard(BY_ID, body, tokens.alice);
    expect([answer.status, answer.json]).toEqual([
      200,
      { endNodeThingID: expect.stringMatching(/^th\./), accessToken: expect.stringMatching(/^syd_/) },
    ]);
    const id = String(answer.json.endNodeThingID);
    const own = await rest(bed, 'GET', `things/${id}`, { token: String(answer.json.accessToken) });
    expect(own.json).toMatchObject({
      _vendorThingID: body.endNodeVendorThingID,
      _thingType: 'LIGHT',
      _firmwareVersion: '1.2',
      _layoutPosition: 'END_NODE',
      maker: 'x',
    });
    const owner = await rest(bed, 'GET', `things/${id}/ownership/user:user-1`, { token: tokens.alice });
    expect(owner.status).toBe(204);
    const path = `things/${gateway.id}/end-nodes/${id}/token`;
    expect((await rest(bed, 'POST', path, { token: gateway.token, body: {} })).json.id).toBe(id);
    // As often as anybody likes.
    expect((await onboard(BY_ID, body, tokens.alice)).json.endNodeThingID).toBe(id);
  });

  it('names its gateway by the vendor’s id, in any case of the type', async () => {
    const { vendorThingID: gatewayVendorThingID } = await onboardGateway();
    const body = { gatewayVendorThingID, endNodeVendorThingID: freshName(), endNodePassword: 'pass' };
    const answer = await onboard(BY_VENDOR_ID.toLowerCase(), { ...body, owner: 'user:user-1' }, tokens.alice);
    expect(answer.status).toBe(200);
  });

  it('is onboarded by the gateway itself, for an owner of it or for nobody', async () => {
    const gateway = await onboardGateway();
    for (const fields of [{}, { owner: 'user:user-1' }]) {
      const { status, json } = await onboard(BY_ID, bodyOf(gateway, fields), gateway.token);
      expect(status).toBe(200);
      const path = `things/${gateway.id}/end-nodes/${json.endNodeThingID}/token`;
      expect((await rest(bed, 'POST', path, { token: gateway.token })).status).toBe(200);
    }
    const other = bodyOf(gateway, { owner: 'user:user-2' });
    expect(told(await onboard(BY_ID, other, gateway.token))).toBe('401 UNAUTHORIZED');
  });

  it('is onboarded by an admin, for any user', async () => {
    const gateway = await onboardGateway();
    const { json } = await onboard(BY_ID, bodyOf(gateway, { owner: 'user:user-2' }), tokens.admin);
    const path = `things/${json.endNodeThingID}`;
    expect((await rest(bed, 'GET', path, { token: tokens.bob })).status).toBe(200);
    expect(
      (await rest(bed, 'POST', `things/${gateway.id}/end-nodes/${json.endNodeThingID}/token`, { token: gateway.token }))
        .status,
    ).toBe(200);
  });

  it('is not onboarded by who does not own the gateway, and nothing is made then', async () => {
    const gateway = await onboardGateway();
    const outsider = await onboardGateway('user-2', tokens.bob);
    for (const [token, owner] of [
      [tokens.bob, 'user:user-2'],
      [tokens.bob, 'user:user-1'],
      [tokens.alice, 'user:user-2'],
      [outsider.token, 'user:user-2'],
      [tokens.anonymous, 'user:user-1'],
      [undefined, 'user:user-1'],
    ] as const) {
      const body = bodyOf(gateway, { owner });
      expect(told(await onboard(BY_ID, body, token))).toBe('401 UNAUTHORIZED');
      const found = await rest(bed, 'GET', `things/VENDOR_THING_ID:${body.endNodeVendorThingID}`, {
        token: tokens.admin,
      });
      expect(found.status).toBe(404);
    }
  });

  it('that is known proves itself by its password', async () => {
    const gateway = await onboardGateway();
    const body = bodyOf(gateway, { endNodeVendorThingID: 'Sensor-1', endNodePassword: 'wrong', owner: 'user:user-1' });
    const wrong = await onboard(BY_ID, body, tokens.alice);
    expect(told(wrong)).toBe('401 WRONG_PASSWORD');
    const right = await onboard(BY_ID, { ...body, endNodePassword: PASSWORD }, tokens.alice);
    expect(right.json.endNodeThingID).toBe('th.1');
  });

  it('of another’s gateway does not leave it by the word of a gateway, and no token is left of that', async () => {
    const first = await onboardGateway();
    const body = bodyOf(first, { owner: 'user:user-1' });
    await onboard(BY_ID, body, tokens.alice);
    const second = await onboardGateway();
    const before = await logins(body.endNodeVendorThingID);
    const moved = await onboard(BY_ID, { ...body, gatewayThingID: second.id, owner: undefined }, second.token);
    expect(told(moved)).toBe('409 OPERATION_NOT_ALLOWED');
    expect(await logins(body.endNodeVendorThingID)).toBe(before);
    const taken = await onboard(BY_ID, { ...body, gatewayThingID: second.id }, tokens.alice);
    const own = { token: String(taken.json.accessToken) };
    expect((await rest(bed, 'GET', `things/${taken.json.endNodeThingID}`, own)).status).toBe(200);
    const login = { username: `VENDOR_THING_ID:${body.endNodeVendorThingID}`, password: 'pass' };
    expect((await postToken(bed, login)).status).toBe(200);
  });

  it.each([
    [BY_ID, { gatewayThingID: undefined }, '400 INVALID_INPUT_DATA'],
    [BY_ID, { gatewayThingID: 'th.none' }, '404 THING_NOT_FOUND'],
    [BY_ID, { endNodeVendorThingID: undefined }, '400 INVALID_INPUT_DATA'],
    [BY_ID, { endNodeVendorThingID: 'a b' }, '400 INVALID_INPUT_DATA'],
    [BY_ID, { endNodePassword: undefined }, '400 INVALID_INPUT_DATA'],
    [BY_ID, { endNodePassword: 'ä' }, '400 INVALID_INPUT_DATA'],
    [BY_ID, { endNodeThingProperties: 'x' }, '400 INVALID_INPUT_DATA'],
    [BY_ID, { endNodeThingType: 7 }, '400 INVALID_INPUT_DATA'],
    [BY_ID, { owner: 'user-1' }, '400 INVALID_INPUT_DATA'],
    [BY_ID, { owner: 'group:g' }, '403 OPERATION_NOT_SUPPORTED'],
    [BY_VENDOR_ID, {}, '400 INVALID_INPUT_DATA'],
    [BY_VENDOR_ID, { gatewayVendorThingID: 'none' }, '404 THING_NOT_FOUND'],
  ])('of type %s with %j is answered %s', async (type, fields, expected) => {
    const gateway = await onboardGateway();
    const body = { ...bodyOf(gateway), owner: 'user:user-1', ...fields };
    expect(told(await onboard(type, body, tokens.alice))).toBe(expected);
  });
});

describe('a gateway', () => {
  it.each(['GATEWAY', 'STANDALONE', 'END_NODE'])('or another thing says where it is: %s', async (layoutPosition) => {
    const body = { vendorThingID: freshName(), thingPassword: 'pass', layoutPosition };
    const { json } = await onboard('onboardingWithVendorThingIDByThing', body, tokens.anonymous);
    const path = `things/${json.thingID}`;
    const read = await rest(bed, 'GET', path, { token: String(json.accessToken) });
    expect(read.json._layoutPosition).toBe(layoutPosition);
  });

  it('is nowhere else', async () => {
    const body = { vendorThingID: freshName(), thingPassword: 'pass', layoutPosition: 'ROOF' };
    expect(told(await onboard('OnboardingWithVendorThingIDByThing', body))).toBe('400 INVALID_INPUT_DATA');
  });
});
