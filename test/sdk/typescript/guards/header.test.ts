/** What a guard reads of `authorization`, as test/sdk/fixtures has it for every language. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { RetryInfo } from '../../../../gen/ts/google/rpc/error_details.ts';
import { admit, readBearer } from '../../../../sdk/typescript/server/src/guards/admit.ts';
import type { Refusal } from '../../../../sdk/typescript/server/src/guards/refusals.ts';
import { retryInfo } from '../../../../sdk/typescript/server/src/guards/status-details.ts';
import { SymbolonError } from '../../../../sdk/typescript/server/src/index.ts';

interface Fixture {
  readonly name: string;
  readonly headers: readonly string[];
  readonly token?: string;
  readonly refusal?: 'missing' | 'invalid_request';
}

const FIXTURES = JSON.parse(
  readFileSync(new URL('../../fixtures/bearer.json', import.meta.url), 'utf8'),
) as readonly Fixture[];

describe('authorization', () => {
  it.each(FIXTURES)('is read: $name', ({ headers, token, refusal }) => {
    const wrong = refusal === 'missing' ? 'no_token' : refusal;
    expect(readBearer(headers)).toEqual(token === undefined ? { wrong } : { token });
  });

  it('is read in time that grows with its length, whatever is in it', () => {
    const hard = [
      'Bearer',
      ' '.repeat(1_000_000),
      `Bearer ${'='.repeat(1_000_000)}!`,
      `Bearer a${' '.repeat(1_000_000)}b`,
    ];
    for (const header of hard) {
      expect(readBearer([header])).not.toHaveProperty('token');
    }
  });
});

it('never answers the error of a check that failed', async () => {
  const check = () => Promise.reject(new Error('a secret'));
  const refusal = await admit({ check }, ['Bearer a'], [], {});
  expect(refusal).toMatchObject({ kind: 'unknown', httpStatus: 503, headers: { 'Retry-After': '1' } });
  expect(JSON.stringify(refusal)).not.toContain('secret');
});

it.each([
  [undefined, '1', 1_000],
  [0, '1', 1_000],
  [-5_000, '1', 1_000],
  [Number.NaN, '1', 1_000],
  [Number.POSITIVE_INFINITY, '1', 1_000],
  [250, '1', 250],
  [1_001, '2', 1_001],
  [7_000, '7', 7_000],
])('tells clients to wait where the server says %s ms, and never not at all', async (retryAfterMs, seconds, ms) => {
  const check = () => Promise.reject(new SymbolonError('UNAVAILABLE', 'not now', { retryAfterMs }));
  const refusal = (await admit({ check }, ['Bearer a'], [], {})) as Refusal;
  expect(refusal.headers['Retry-After']).toBe(seconds);
  const { seconds: whole = 0, nanos = 0 } = RetryInfo.decode(retryInfo(refusal)).retryDelay ?? {};
  expect(whole * 1_000 + nanos / 1_000_000).toBe(ms);
});
