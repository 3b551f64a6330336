/** A new address in place of a proven one: it waits until it is proven itself, and who has the old one is told. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { MESSAGES } from '../../../src/core/tables/messages.ts';
import { APP, type HttpBed, openHttpBed, PASSWORD, postToken } from '../support.ts';
import { ENGINES } from './engines.ts';
import { freshName, type RegisteredUser, register, rest, sentCodes, type Tokens, tokensOf, told } from './rest.ts';

const MAIL = {
  path: 'email-address',
  field: 'emailAddress',
  pending: '_emailAddressPending',
  flag: 'emailAddressVerified',
  ref: 'EMAIL',
  purpose: 'verify_email',
  method: 'EMAIL',
  channel: 'email',
} as const;
const PHONE = {
  path: 'phone-number',
  field: 'phoneNumber',
  pending: '_phoneNumberPending',
  flag: 'phoneNumberVerified',
  ref: 'PHONE',
  purpose: 'verify_phone',
  method: 'SMS',
  channel: 'sms',
} as const;
type Kind = typeof MAIL | typeof PHONE;

let count = 10_000_000;

function freshAddress({ ref }: Kind): string {
  count += 1;
  return ref === 'EMAIL' ? `${freshName()}@example.com` : `+8190${count}`;
}

describe.each(ENGINES)('on %s', (_engine, open) => {
  let bed: HttpBed;
  let tokens: Tokens;

  beforeAll(async () => {
    bed = await openHttpBed({ open });
    tokens = await tokensOf(bed);
  }, 120_000);

  afterAll(() => bed?.close());

  async function me({ token }: RegisteredUser): Promise<Record<string, unknown>> {
    return (await rest(bed, 'GET', 'users/me', { token })).json;
  }

  function put(kind: Kind, { token, id }: RegisteredUser, address: unknown, more: object = {}, admin = false) {
    return rest(bed, 'PUT', `users/${id}/${kind.path}`, {
      token: admin ? tokens.admin : token,
      body: { [kind.field]: address, ...more },
    });
  }

  function verify(kind: Kind, { token }: RegisteredUser, verificationCode: string | undefined) {
    return rest(bed, 'POST', `users/me/${kind.path}/verify`, { token, body: { verificationCode } });
  }

  async function logsIn(username: string, { id }: RegisteredUser): Promise<boolean> {
    const { status, json } = await postToken(bed, { username, password: PASSWORD });
    return status === 200 && json.id === id;
  }

  /** What was told to an address, without codes; in no order, for the clock stands still. */
  async function noticesTo(address: string): Promise<string[]> {
    const messages = await bed.store.list(MESSAGES, { tenantId: APP }, { limit: 1_000 });
    return messages
      .filter((each) => each.address === address && each.purpose.startsWith('address_'))
      .map((each) => each.purpose)
      .sort();
  }

  async function proven(kind: Kind): Promise<RegisteredUser & { address: string }> {
    const address = freshAddress(kind);
    const user = await register(bed, { [kind.field]: address });
    expect((await put(kind, user, address, { verified: true }, true)).status).toBe(204);
    return { ...user, address };
  }

  describe.each([MAIL, PHONE])('$path', (kind) => {
    it('of a new one waits, and the proven one logs in and resets until the new one is proven', async () => {
      const user = await proven(kind);
      const next = freshAddress(kind);
      expect((await put(kind, user, next)).status).toBe(204);
      expect(await me(user)).toMatchObject({ [kind.field]: user.address, [kind.flag]: true, [kind.pending]: next });
      expect([await logsIn(user.address, user), await logsIn(next, user)]).toEqual([true, false]);
      const reset = (address: string) =>
        rest(bed, 'POST', `users/${kind.ref}:${address}/password/request-reset`, {
          body: { notificationMethod: kind.method },
        });
      expect(told(await reset(next))).toBe('404 USER_NOT_FOUND');
      expect((await reset(user.address)).status).toBe(204);
      expect(await noticesTo(user.address)).toEqual(['address_change_asked']);

      const { [kind.purpose]: code } = await sentCodes(bed, user.id);
      expect(told(await verify(kind, user, code))).toBe('200');
      const after = await me(user);
      expect(after).toMatchObject({ [kind.field]: next, [kind.flag]: true });
      expect(kind.pending in after).toBe(false);
      expect([await logsIn(user.address, user), await logsIn(next, user)]).toEqual([false, true]);
      expect(told(await reset(user.address))).toBe('404 USER_NOT_FOUND');
      expect((await reset(next)).status).toBe(204);
      expect(await noticesTo(user.address)).toEqual(['address_change_asked', 'address_changed']);
      expect(await noticesTo(next)).toEqual([]);
    });

    it('of another takes the place of the one that waits, whose code dies', async () => {
      const user = await proven(kind);
      const [first, second] = [freshAddress(kind), freshAddress(kind)];
      await put(kind, user, first);
      const { [kind.purpose]: dead } = await sentCodes(bed, user.id);
      await rest(bed, 'PATCH', 'users/me', { token: user.token, body: { [kind.field]: second } });
      expect(await me(user)).toMatchObject({ [kind.field]: user.address, [kind.pending]: second });
      expect(told(await verify(kind, user, dead))).toBe('403 INVALID_VERIFICATION_CODE');
      const again = await rest(bed, 'POST', `users/me/${kind.path}/resend-verification`, { token: user.token });
      expect(again.status).toBe(204);
      const { [kind.purpose]: code } = await sentCodes(bed, user.id);
      expect((await verify(kind, user, code)).status).toBe(200);
      expect(await logsIn(second, user)).toBe(true);
    });

    it('of the proven one again takes the change back', async () => {
      const user = await proven(kind);
      const next = freshAddress(kind);
      await put(kind, user, next);
      const { [kind.purpose]: code } = await sentCodes(bed, user.id);
      await put(kind, user, user.address);
      const after = await me(user);
      expect([after[kind.field], after[kind.flag], kind.pending in after]).toEqual([user.address, true, false]);
      expect(told(await verify(kind, user, code))).toBe('400 INVALID_ACCOUNT_STATUS');
      expect(await logsIn(user.address, user)).toBe(true);
    });

    it('of one that somebody else proves first is refused at the end, and nothing is lost', async () => {
      const [user, other] = [await proven(kind), await register(bed)];
      const next = freshAddress(kind);
      await put(kind, user, next);
      const { [kind.purpose]: code } = await sentCodes(bed, user.id);
      await put(kind, other, next, { verified: true }, true);
      const late = await verify(kind, user, code);
      expect([told(late), late.json.value]).toEqual(['409 USER_ALREADY_EXISTS', next]);
      expect(await me(user)).toMatchObject({ [kind.field]: user.address, [kind.flag]: true, [kind.pending]: next });
      expect([await logsIn(user.address, user), await logsIn(next, other)]).toEqual([true, true]);
    });

    it('that is removed takes what waits along, and is told', async () => {
      const user = await proven(kind);
      await put(kind, user, freshAddress(kind));
      await rest(bed, 'PATCH', 'users/me', { token: user.token, body: { [kind.field]: null } });
      const after = await me(user);
      expect([kind.field in after, kind.pending in after]).toEqual([false, false]);
      expect(await noticesTo(user.address)).toEqual(['address_change_asked', 'address_changed']);
    });

    it('by an admin waits too, unless the admin says that it is verified', async () => {
      const user = await proven(kind);
      const [first, second] = [freshAddress(kind), freshAddress(kind)];
      await put(kind, user, first, {}, true);
      expect(await me(user)).toMatchObject({ [kind.field]: user.address, [kind.pending]: first });
      await put(kind, user, second, { verified: true }, true);
      const after = await me(user);
      expect([after[kind.field], after[kind.flag], kind.pending in after]).toEqual([second, true, false]);
      expect([await logsIn(user.address, user), await logsIn(second, user)]).toEqual([false, true]);
    });

    it('of a first one is taken at once, unproven, and a new one takes its place', async () => {
      const user = await register(bed);
      for (const address of [freshAddress(kind), freshAddress(kind)]) {
        await put(kind, user, address);
        const after = await me(user);
        expect([after[kind.field], after[kind.flag], kind.pending in after]).toEqual([address, false, false]);
      }
    });

    it('is freed for others once another took its place', async () => {
      const user = await proven(kind);
      await put(kind, user, freshAddress(kind));
      const { [kind.purpose]: code } = await sentCodes(bed, user.id);
      await verify(kind, user, code);
      const heir = await register(bed);
      await put(kind, heir, user.address, { verified: true }, true);
      expect(await logsIn(user.address, heir)).toBe(true);
    });

    it('that waits already is sent no second code, and no second notice', async () => {
      const user = await proven(kind);
      const next = freshAddress(kind);
      await put(kind, user, next);
      const { [kind.purpose]: code } = await sentCodes(bed, user.id);
      expect((await put(kind, user, next)).status).toBe(204);
      expect(await sentCodes(bed, user.id)).toEqual({});
      expect(await noticesTo(user.address)).toEqual(['address_change_asked']);
      expect((await verify(kind, user, code)).status).toBe(200);
    });
  });

  it('a second address that is proven is told to the first', async () => {
    const user = await proven(MAIL);
    await put(PHONE, user, freshAddress(PHONE));
    expect(await noticesTo(user.address)).toEqual([]);
    const { verify_phone: code } = await sentCodes(bed, user.id);
    await verify(PHONE, user, code);
    expect(await noticesTo(user.address)).toEqual(['address_changed']);
  });

  it('notices of what is only asked for are bounded; a change is always told', async () => {
    const user = await proven(MAIL);
    for (let i = 0; i < 12; i++) {
      await put(MAIL, user, freshAddress(MAIL));
    }
    expect(await noticesTo(user.address)).toEqual(new Array(10).fill('address_change_asked'));
    await put(MAIL, user, freshAddress(MAIL), { verified: true }, true);
    expect((await noticesTo(user.address)).at(-1)).toBe('address_changed');
  });

  it('an update that changes nothing is answered', async () => {
    const user = await register(bed, { displayName: 'Same' });
    for (const body of [{}, { displayName: 'Same' }]) {
      expect(told(await rest(bed, 'PATCH', 'users/me', { token: user.token, body }))).toBe('200');
    }
  });
});

it('where the tenant asks for no proof, a new address is taken at once, and nobody is written to', async () => {
  const bed = await openHttpBed({ policy: { emailVerificationRequired: false } });
  const [old, next] = [freshAddress(MAIL), freshAddress(MAIL)];
  const { token } = await register(bed, { emailAddress: old });
  await rest(bed, 'PUT', 'users/me/email-address', { token, body: { emailAddress: next } });
  const { json } = await rest(bed, 'GET', 'users/me', { token });
  expect(json).toMatchObject({ emailAddress: next, emailAddressVerified: true });
  expect('_emailAddressPending' in json).toBe(false);
  expect(await bed.store.list(MESSAGES, { tenantId: APP }, { limit: 10 })).toEqual([]);
  await bed.close();
});
