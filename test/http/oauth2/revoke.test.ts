/** Revocation over HTTP (RFC 7009). */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openMemoryTestBed } from '../../support.ts';
import { basic, inBody, isActive, logIn, type OAuthBed, openOAuthBed, post, REVOKE } from './bed.ts';

let bed: OAuthBed;

beforeAll(async () => {
  bed = await openOAuthBed({ open: openMemoryTestBed });
});

afterAll(() => bed.close());

const revoked = (token: string, client = 'app', more: Record<string, string> = {}) =>
  post(bed, REVOKE, { token, ...more, ...inBody(bed, client) });

describe('a client', () => {
  it.each(['access_token', 'refresh_token'] as const)('ends a login of its own by its %s', async (name) => {
    const login = await logIn(bed);
    expect((await revoked(login[name])).status).toBe(200);
    expect(await isActive(bed, login.access_token)).toBe(false);
  });

  it('may give a hint, right or wrong or unknown', async () => {
    for (const token_type_hint of ['access_token', 'refresh_token', 'id_token']) {
      const { access_token } = await logIn(bed);
      expect((await revoked(access_token, 'app', { token_type_hint })).status).toBe(200);
      expect(await isActive(bed, access_token)).toBe(false);
    }
  });

  it('may prove itself by Basic, or have no secret', async () => {
    const [own, pages] = [await logIn(bed), await logIn(bed, 'page')];
    await post(bed, REVOKE, { token: own.access_token }, basic(bed, 'app'));
    await revoked(pages.access_token, 'page');
    expect(await isActive(bed, own.access_token)).toBe(false);
    expect(await isActive(bed, pages.access_token)).toBe(false);
  });

  it('is refused the token of another client, which stays', async () => {
    const { access_token, refresh_token } = await logIn(bed);
    for (const token of [access_token, refresh_token]) {
      const { status, json } = await revoked(token, 'third');
      expect([status, json.error]).toEqual([400, 'invalid_grant']);
    }
    expect(await isActive(bed, access_token)).toBe(true);
  });

  it('is refused it where it is an admin too', async () => {
    const { access_token } = await logIn(bed);
    expect((await revoked(access_token, 'boss')).status).toBe(400);
  });
});

describe('a token that nobody has', () => {
  it('is as revoked: 200', async () => {
    const { access_token } = await logIn(bed);
    await revoked(access_token);
    for (const token of [access_token, 'x', 'syu_'.padEnd(84, 'A'), 'x'.repeat(2_000), 'a\0b']) {
      expect((await revoked(token)).status).toBe(200);
    }
  });

  it('is that at another tenant too, and lives on', async () => {
    const { access_token: token } = await logIn(bed);
    const form = { token, ...inBody(bed, 'stranger') };
    expect((await post(bed, '/t/other/oauth2/revoke', form)).status).toBe(200);
    expect(await isActive(bed, token)).toBe(true);
  });
});

it('needs a token and a client', async () => {
  expect((await post(bed, REVOKE, inBody(bed, 'app'))).json.error).toBe('invalid_request');
  expect((await post(bed, REVOKE, { token: 'x' })).json.error).toBe('invalid_client');
});
