/** Onboarding a thing that was behind another gateway: what it leaves ends its tokens, and not the one that is answered. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { APP, type HttpBed, openHttpBed, PASSWORD } from '../support.ts';
import { freshName, rest, type Tokens, tokensOf } from './rest.ts';

let bed: HttpBed;
let tokens: Tokens;

beforeAll(async () => {
  bed = await openHttpBed();
  tokens = await tokensOf(bed);
});
afterAll(() => bed.close());

async function onboard(type: string, body: object, token?: string) {
  const { status, json } = await rest(bed, 'POST', `/thing-if/apps/${APP}/onboardings`, { body, type, token });
  expect(status).toBe(200);
  return { id: String(json.endNodeThingID ?? json.thingID), token: String(json.accessToken) };
}

function byThing(vendorThingID: string) {
  return onboard('OnboardingWithVendorThingIDByThing', { vendorThingID, thingPassword: PASSWORD });
}

function byOwner(vendorThingID: string) {
  const body = { vendorThingID, thingPassword: PASSWORD, owner: 'user:user-1' };
  return onboard('OnboardingWithVendorThingIDByOwner', body, tokens.alice);
}

function behind({ id: gatewayThingID }: { readonly id: string }, endNodeVendorThingID: string, token: string) {
  const body = { gatewayThingID, endNodeVendorThingID, endNodePassword: PASSWORD };
  return onboard('OnboardingEndNodeWithGatewayThingID', body, token);
}

async function isLive({ id, token }: { readonly id: string; readonly token: string }): Promise<boolean> {
  return (await rest(bed, 'GET', `things/${id}`, { token })).status === 200;
}

it('by a user, when the thing leaves a gateway that is not that user’s', async () => {
  const gateway = await byThing(freshName());
  const name = freshName();
  const before = await behind(gateway, name, gateway.token);
  const after = await byOwner(name);
  expect([await isLive(before), await isLive(after)]).toEqual([false, true]);
});

it('with another gateway of the same user', async () => {
  const [first, second] = [await byOwner(freshName()), await byOwner(freshName())];
  const name = freshName();
  const before = await behind(first, name, tokens.alice);
  const after = await behind(second, name, tokens.alice);
  expect([await isLive(before), await isLive(after)]).toEqual([false, true]);
});
