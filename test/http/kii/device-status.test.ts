/** Who disabled a thing says who enables it: what an admin disabled, no owner brings back, by whatever way. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { findSubject } from '../../../src/core/services/lookups.ts';
import { execute, makeDevice } from '../../support.ts';
import { APP, type HttpBed, openHttpBed, PASSWORD, postToken } from '../support.ts';
import { freshName, rest, type Tokens, tokensOf } from './rest.ts';

let bed: HttpBed;
let tokens: Tokens;

beforeAll(async () => {
  bed = await openHttpBed();
  tokens = await tokensOf(bed);
});

afterAll(() => bed.close());

/** A thing of Alice's. */
async function newThing() {
  const vendorId = freshName();
  const subjectId = `th.${vendorId}`;
  await makeDevice(bed.services, APP, { subjectId, vendorId, password: PASSWORD });
  const owned = { kind: 'update_subject', tenantId: APP, subjectKind: 'device', subjectId } as const;
  await execute(bed.store, { ...owned, set: {}, addOwnerId: 'user-1' });
  return { subjectId, vendorId };
}

async function setDisabled(id: string, disabled: boolean, token: string): Promise<number> {
  return (await rest(bed, 'PUT', `things/${id}/status`, { token, body: { disabled } })).status;
}

async function canLogIn(vendorId: string): Promise<boolean> {
  const body = { username: `VENDOR_THING_ID:${vendorId}`, password: PASSWORD };
  return (await postToken(bed, body)).status === 200;
}

describe('a thing that an admin disabled', () => {
  it('is enabled by an admin, and not by an owner', async () => {
    const { subjectId, vendorId } = await newThing();
    expect(await setDisabled(subjectId, true, tokens.admin)).toBe(204);
    expect(await setDisabled(subjectId, false, tokens.alice)).toBe(401);
    expect(await canLogIn(vendorId)).toBe(false);
    expect(await setDisabled(subjectId, false, tokens.admin)).toBe(204);
    expect(await canLogIn(vendorId)).toBe(true);
  });

  it('stays so when its owner disables it again, or had disabled it before', async () => {
    for (const order of [
      [tokens.admin, tokens.alice],
      [tokens.alice, tokens.admin],
      [tokens.alice, tokens.admin, tokens.alice],
    ]) {
      const { subjectId } = await newThing();
      for (const token of order) {
        expect(await setDisabled(subjectId, true, token)).toBe(204);
      }
      expect(await setDisabled(subjectId, false, tokens.alice)).toBe(401);
    }
  });

  it('is neither deleted by its owner and registered anew, nor onboarded', async () => {
    const { subjectId, vendorId } = await newThing();
    expect(await setDisabled(subjectId, true, tokens.admin)).toBe(204);
    expect((await rest(bed, 'DELETE', `things/${subjectId}`, { token: tokens.alice })).status).toBe(401);
    const body = { _vendorThingID: vendorId, _password: PASSWORD };
    expect((await rest(bed, 'POST', 'things', { body })).status).toBe(409);
    const onboarding = { vendorThingID: vendorId, thingPassword: PASSWORD, owner: 'user:user-1' };
    const type = 'OnboardingWithVendorThingIDByOwner';
    const url = `/thing-if/apps/${APP}/onboardings`;
    expect((await rest(bed, 'POST', url, { token: tokens.alice, type, body: onboarding })).status).not.toBe(200);
    expect(await canLogIn(vendorId)).toBe(false);
    expect((await rest(bed, 'DELETE', `things/${subjectId}`, { token: tokens.admin })).status).toBe(204);
  });

  it('keeps its vendor id', async () => {
    const { subjectId, vendorId } = await newThing();
    const rename = {
      kind: 'update_subject',
      tenantId: APP,
      subjectKind: 'device',
      subjectId,
      ownerId: 'user-1',
      set: { vendorId: freshName() },
    } as const;
    expect(await setDisabled(subjectId, true, tokens.admin)).toBe(204);
    expect(await execute(bed.store, rename)).toMatchObject({ refusal: { code: 'permission_denied' } });
    expect((await findSubject(bed.store, APP, { kind: 'vendor_id', key: vendorId }))?.subjectId).toBe(subjectId);
  });
});

it('a thing that an owner disabled is enabled by any of its owners, and by an admin', async () => {
  const { subjectId, vendorId } = await newThing();
  const owned = { kind: 'update_subject', tenantId: APP, subjectKind: 'device', subjectId } as const;
  await execute(bed.store, { ...owned, set: {}, addOwnerId: 'user-2' });
  for (const enabling of [tokens.alice, tokens.bob, tokens.admin]) {
    expect(await setDisabled(subjectId, true, tokens.alice)).toBe(204);
    expect(await canLogIn(vendorId)).toBe(false);
    expect(await setDisabled(subjectId, false, enabling)).toBe(204);
    expect(await canLogIn(vendorId)).toBe(true);
  }
});

it('neither a thing nor a user says of itself whether it is disabled', async () => {
  for (const disabled of [true, false]) {
    expect(await setDisabled('th.1', disabled, tokens.thing)).toBe(401);
    const own = await rest(bed, 'PUT', 'users/user-1/status', { token: tokens.alice, body: { disabled } });
    expect(own.status).toBe(401);
  }
});
