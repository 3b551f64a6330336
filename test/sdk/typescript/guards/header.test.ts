/** What a guard reads of `authorization`, as test/sdk/fixtures has it for every language. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { admit, readBearer } from '../../../../sdk/typescript/server/src/guards/admit.ts';

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
