/** Gateways and the things behind them: as kii_go attaches them, and asks for their tokens. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeTenant, makeUser } from '../../support.ts';
import { APP, type HttpBed, openHttpBed, PASSWORD, postToken } from '../support.ts';
import { freshName, rest, type Tokens, tokensOf, told } from './rest.ts';

let bed: HttpBed;
let tokens: Tokens;

beforeAll(async () => {
  bed = await openHttpBed({ policy: { refreshEnabled: true } });
  tokens = await tokensOf(bed);
});
afterAll(() => bed.close());

const WITH_TOKEN = 'ThingRegistrationAndAuthorizationRequest';

interface Thing {
  readonly id: string;
  readonly vendorThingID: string;
  readonly token: string;
}

async function registerThing(type = 'ThingRegistrationRequest', owner?: string): Promise<Thing> {
  const vendorThingID = freshName();
  const body = { _vendorThingID: vendorThingID, _password: PASSWORD, _layoutPosition: 'END_NODE' };
  const { json } = await rest(bed, 'POST', 'things', { body, type });
  const id = String(json._thingID);
  if (owner !== undefined) {
    await own(id, owner);
  }
  return { id, vendorThingID, token: String(json._accessToken) };
}

function own(id: string, owner: string, method = 'PUT') {
  return rest(bed, method, `things/${id}/ownership/user:${owner}`, { token: tokens.admin });
}

const registerGateway = (owner?: string) => registerThing(WITH_TOKEN, owner);

/** With the content type that kii_go sets, and no body. */
function put(gateway: string, endNode: string, token?: string) {
  const headers = { 'content-type': 'application/json' };
  return rest(bed, 'PUT', `things/${gateway}/end-nodes/${endNode}`, { token, headers });
}

function ask(gateway: string, endNode: string, token?: string, body: object | undefined = {}) {
  return rest(bed, 'POST', `things/${gateway}/end-nodes/${endNode}/token`, { token, body });
}

async function isLive({ json }: { json: Record<string, unknown> }): Promise<boolean> {
  const answer = await rest(bed, 'GET', `things/${json.id}`, { token: String(json.access_token) });
  return answer.status === 200;
}

/** A gateway with a thing behind it. */
async function house() {
  const [gateway, node] = [await registerGateway(), await registerThing()];
  expect((await put(gateway.id, node.id, gateway.token)).status).toBe(204);
  return { gateway, node };
}

describe('a gateway', () => {
  it('attaches a thing that was registered for it, and has tokens for it', async () => {
    const { gateway, node } = await house();
    const answer = await ask(gateway.id, node.id, gateway.token);
    expect(answer.status).toBe(200);
    expect(answer.json).toEqual({
      id: node.id,
      access_token: expect.stringMatching(/^syd_/),
      expires_in: expect.any(Number),
      token_type: 'Bearer',
      refresh_token: expect.stringMatching(/^syr_/),
    });
    expect(await isLive(answer)).toBe(true);
    const refreshed = await postToken(bed, { refresh_token: answer.json.refresh_token });
    expect([refreshed.status, refreshed.json.id]).toEqual([200, node.id]);
    expect((await put(gateway.id, node.id, gateway.token)).status).toBe(204);
  });

  it('and the thing are named by their vendors’ ids too', async () => {
    const { gateway, node } = await house();
    const [byGateway, byNode] = [gateway, node].map(({ vendorThingID }) => `VENDOR_THING_ID:${vendorThingID}`);
    expect((await put(byGateway ?? '', byNode ?? '', gateway.token)).status).toBe(204);
    expect((await ask(byGateway ?? '', byNode ?? '', gateway.token)).json.id).toBe(node.id);
    expect((await ask('th.none', byNode ?? '', gateway.token)).status).toBe(404);
  });

  it.each([
    [undefined, true],
    [{}, true],
    [{ expires_in: 60 }, 60],
    [{ expires_in: '60' }, 60],
    [{ expires_in: '' }, true],
    [{ expires_in: null }, true],
    [{ expires_in: 0 }, false],
    [{ expires_in: -1 }, false],
    [{ expires_in: 1.5 }, false],
    [{ expires_in: 'soon' }, false],
    [{ expires_in: 1e300 }, false],
    [{ expires_in: 9e15 }, false],
    [{ expires_in: [60] }, false],
  ])('says for how long: %j', async (body, expected) => {
    const { gateway, node } = await house();
    const answer = await rest(bed, 'POST', `things/${gateway.id}/end-nodes/${node.id}/token`, {
      token: gateway.token,
      body,
    });
    expect(told(answer)).toBe(expected === false ? '400 INVALID_INPUT_DATA' : '200');
    if (typeof expected === 'number') {
      expect(answer.json.expires_in).toBe(expected);
    }
  });

  it('has none for a thing that is not behind it, that is disabled, or that is not there', async () => {
    const { gateway, node } = await house();
    const others = [await registerThing(), await registerThing(WITH_TOKEN)];
    const words: string[] = [];
    for (const id of [...others.map(({ id: other }) => other), gateway.id, 'th.none', 'user-1']) {
      const answer = await ask(gateway.id, id, gateway.token);
      words.push(`${told(answer)} ${answer.json.value === id}`);
    }
    expect(new Set(words)).toEqual(new Set(['404 THING_NOT_FOUND true']));
    // Not even the id of a vendor's thing is told.
    const named = await ask(gateway.id, `VENDOR_THING_ID:${others[0]?.vendorThingID}`, gateway.token);
    expect([told(named), named.text.includes(others[0]?.id ?? '')]).toEqual(['404 THING_NOT_FOUND', false]);
    await rest(bed, 'PUT', `things/${node.id}/status`, { token: tokens.admin, body: { disabled: true } });
    expect(told(await ask(gateway.id, node.id, gateway.token))).toBe('404 THING_NOT_FOUND');
  });

  it('alone asks for them: not its owner, an admin, the thing itself, or another gateway', async () => {
    const { gateway, node } = await house();
    await own(gateway.id, 'user-1');
    const other = await registerGateway();
    const words: string[] = [];
    for (const token of [tokens.alice, tokens.bob, tokens.admin, tokens.thing, other.token, tokens.anonymous]) {
      words.push(told(await ask(gateway.id, node.id, token)));
    }
    expect(new Set(words)).toEqual(new Set(['401 UNAUTHORIZED']));
    expect(told(await ask(gateway.id, node.id))).toBe('401 UNAUTHORIZED');
    expect(told(await ask(gateway.id, node.id, 'x'))).toBe('403 WRONG_TOKEN');
    expect(told(await ask(other.id, node.id, other.token))).toBe('404 THING_NOT_FOUND');
  });
});

describe('a thing that is not the gateway’s', () => {
  it.each([
    ['one that somebody owns', () => registerThing('ThingRegistrationRequest', 'user-2'), 'id'],
    ['one that has logged in', () => registerThing(WITH_TOKEN), 'id'],
    ['one that has logged in, by its vendor’s id', () => registerThing(WITH_TOKEN), 'vendorThingID'],
  ] as const)('is not taken by its id: %s', async (_what, make, by) => {
    const [gateway, thing] = [await registerGateway('user-1'), await make()];
    const name = by === 'id' ? thing.id : `VENDOR_THING_ID:${thing.vendorThingID}`;
    for (const token of [gateway.token, tokens.alice]) {
      expect(told(await put(gateway.id, name, token))).toBe('401 UNAUTHORIZED');
    }
    expect(told(await ask(gateway.id, thing.id, gateway.token))).toBe('404 THING_NOT_FOUND');
  });

  it('and hangs on another is not taken from that', async () => {
    const { gateway, node } = await house();
    const thief = await registerGateway();
    expect(told(await put(thief.id, node.id, thief.token))).toBe('409 OPERATION_NOT_ALLOWED');
    expect(told(await put(thief.id, gateway.id, tokens.admin))).toBe('409 OPERATION_NOT_ALLOWED');
    expect(told(await put(node.id, thief.id, tokens.admin))).toBe('409 OPERATION_NOT_ALLOWED');
    expect(told(await put(thief.id, thief.id, tokens.admin))).toBe('400 INVALID_INPUT_DATA');
    expect(told(await ask(thief.id, node.id, thief.token))).toBe('404 THING_NOT_FOUND');
  });

  it('and is owned is not attached by a gateway that names its owner', async () => {
    const node = await registerThing(WITH_TOKEN, 'user-1');
    const thief = await registerGateway();
    const path = `things/${thief.id}/ownership/user:user-1`;
    expect((await rest(bed, 'PUT', path, { token: thief.token })).status).toBe(204);
    expect(told(await put(thief.id, node.id, thief.token))).toBe('401 UNAUTHORIZED');
    expect(told(await ask(thief.id, node.id, thief.token))).toBe('404 THING_NOT_FOUND');
  });

  it('is not attached by its id alone when it was registered long ago', async () => {
    const gateway = await registerGateway();
    const [stored, fresh] = [await registerThing(), await registerThing()];
    await put(gateway.id, fresh.id, gateway.token);
    bed.clock.advance(11 * 60_000);
    expect(told(await put(gateway.id, stored.id, gateway.token))).toBe('401 UNAUTHORIZED');
    expect(told(await put(gateway.id, `VENDOR_THING_ID:${stored.vendorThingID}`, gateway.token))).toBe(
      '401 UNAUTHORIZED',
    );
    expect((await put(gateway.id, fresh.id, gateway.token)).status).toBe(204);
  });

  it('leaves the gateway of a stranger when its owner onboards it, who gets a token that lives', async () => {
    const { gateway, node } = await house();
    const { status, json } = await rest(bed, 'POST', `/thing-if/apps/${APP}/onboardings`, {
      type: 'OnboardingWithThingIDByOwner',
      token: tokens.alice,
      body: { thingID: node.id, thingPassword: PASSWORD, owner: 'user:user-1' },
    });
    expect(status).toBe(200);
    expect((await rest(bed, 'GET', `things/${node.id}`, { token: String(json.accessToken) })).status).toBe(200);
    expect(told(await ask(gateway.id, node.id, gateway.token))).toBe('404 THING_NOT_FOUND');
  });

  it('is attached by who owns both and by an admin; its gateway may say so again, and detach it', async () => {
    const [gateway, node] = [await registerGateway('user-1'), await registerThing(WITH_TOKEN, 'user-1')];
    for (const token of [tokens.alice, tokens.admin, gateway.token]) {
      const attached = await put(gateway.id, node.id, token === gateway.token ? tokens.alice : token);
      expect(attached.status).toBe(204);
      expect((await put(gateway.id, node.id, gateway.token)).status).toBe(204);
      expect((await ask(gateway.id, node.id, gateway.token)).status).toBe(200);
      const path = `things/${gateway.id}/end-nodes/${node.id}`;
      expect((await rest(bed, 'DELETE', path, { token })).status).toBe(204);
      expect(told(await rest(bed, 'DELETE', path, { token }))).toBe('404 THING_NOT_FOUND');
      expect(told(await ask(gateway.id, node.id, gateway.token))).toBe('404 THING_NOT_FOUND');
    }
  });

  it('of another app is as unknown', async () => {
    await makeTenant(bed.store, 'app9');
    await makeUser(bed.services, 'app9', { subjectId: 'user-9', loginName: 'bob', password: PASSWORD });
    const other = await rest(bed, 'POST', '/api/apps/app9/things', {
      body: { _vendorThingID: 'far', _password: PASSWORD },
    });
    const gateway = await registerGateway();
    for (const token of [gateway.token, tokens.admin]) {
      expect(told(await put(gateway.id, String(other.json._thingID), token))).toBe('404 THING_NOT_FOUND');
    }
  });
});

describe('tokens that a gateway got', () => {
  const ends: [string, (gateway: Thing, node: Thing) => Promise<unknown>][] = [
    ['the gateway is disabled', ({ id }) => status(id)],
    ['the gateway is deleted', ({ id }) => rest(bed, 'DELETE', `things/${id}`, { token: tokens.admin })],
    [
      'the gateway has another password',
      ({ id }) => rest(bed, 'PUT', `things/${id}/password`, { token: tokens.admin, body: { newPassword: 'new' } }),
    ],
    [
      'the gateway has another name and password',
      ({ id, token }) =>
        rest(bed, 'PUT', `things/${id}/vendor-thing-id`, {
          token,
          body: { _vendorThingID: freshName(), _password: 'new' },
        }),
    ],
    ['the thing is detached', (gateway, { id }) => remove(gateway.id, id)],
    ['the thing is disabled', (_, { id }) => status(id)],
    ['the thing comes to somebody else', (_, { id }) => own(id, 'user-2')],
  ];
  const status = (id: string) =>
    rest(bed, 'PUT', `things/${id}/status`, { token: tokens.admin, body: { disabled: true } });
  const remove = (gateway: string, id: string) =>
    rest(bed, 'DELETE', `things/${gateway}/end-nodes/${id}`, { token: tokens.admin });

  it.each(ends)('end when %s', async (_, end) => {
    const { gateway, node } = await house();
    const got = await ask(gateway.id, node.id, gateway.token);
    await end(gateway, node);
    expect(await isLive(got)).toBe(false);
    expect((await postToken(bed, { refresh_token: got.json.refresh_token })).status).toBe(400);
    expect((await ask(gateway.id, node.id, gateway.token)).status).not.toBe(200);
  });

  it('stay when gateway and thing come to one owner', async () => {
    const { gateway, node } = await house();
    const got = await ask(gateway.id, node.id, gateway.token);
    await own(gateway.id, 'user-1');
    await own(node.id, 'user-1');
    expect(await isLive(got)).toBe(true);
    expect((await ask(gateway.id, node.id, gateway.token)).status).toBe(200);
    await own(gateway.id, 'user-1', 'DELETE');
    expect(await isLive(got)).toBe(false);
  });
});

describe('the list of end nodes', () => {
  const list = (id: string, token?: string, query = '') =>
    rest(bed, 'GET', `/thing-if/apps/${APP}/things/${id}/end-nodes${query}`, { token });

  it('is read in pages by the gateway, its owner and an admin', async () => {
    const { gateway, node } = await house();
    const second = await registerThing();
    await put(gateway.id, second.id, gateway.token);
    await own(gateway.id, 'user-1');
    const shown = [node, second]
      .map(({ id, vendorThingID }) => ({ thingID: id, vendorThingID }))
      .sort((one, other) => (one.thingID < other.thingID ? -1 : 1));
    for (const token of [gateway.token, tokens.alice, tokens.admin]) {
      const all = await list(gateway.id, token);
      expect([all.status, all.json]).toEqual([200, { results: shown }]);
      const first = await list(gateway.id, token, '?bestEffortLimit=1');
      expect(first.json.results).toEqual([shown[0]]);
      const key = encodeURIComponent(String(first.json.nextPaginationKey));
      const last = await list(gateway.id, token, `?bestEffortLimit=1&nextPaginationKey=${key}`);
      expect(last.json).toEqual({ results: [shown[1]] });
    }
    for (const [token, query, expected] of [
      [tokens.bob, '', '401 UNAUTHORIZED'],
      [second.token, '', '403 WRONG_TOKEN'],
      [undefined, '', '401 UNAUTHORIZED'],
      [tokens.admin, '?bestEffortLimit=x', '400 INVALID_INPUT_DATA'],
      [tokens.admin, '?bestEffortLimit=-1', '400 INVALID_INPUT_DATA'],
      [tokens.admin, '?nextPaginationKey=x', '400 INVALID_INPUT_DATA'],
    ] as const) {
      expect(told(await list(gateway.id, token, query))).toBe(expected);
    }
  });
});
