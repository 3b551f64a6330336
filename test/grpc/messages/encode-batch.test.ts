/** The batch that is written by hand is the one that would be generated. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { BatchIntrospectResponse, IntrospectResponse, TokenKind } from '../../../gen/ts/symbolon/v1/token_service.ts';
import { encodeBatch } from '../../../src/grpc/messages/encode-batch.ts';

const text = fc.oneof(
  fc.string({ maxLength: 140 }),
  fc.string({ unit: 'grapheme', maxLength: 140 }),
  fc.constantFrom('', 'x'.repeat(127), 'x'.repeat(128), 'é'.repeat(64), 'é'.repeat(128), `${'x'.repeat(126)}é`),
);
const whole = (max: number) => fc.oneof(fc.nat(3), fc.integer({ min: 0, max }));
const time = fc.option(fc.record({ seconds: whole(253_402_300_799), nanos: whole(999_999_999) }), { nil: undefined });

const answer = fc.record<IntrospectResponse>({
  active: fc.boolean(),
  tokenId: text,
  kind: fc.constantFrom(TokenKind.UNSPECIFIED, TokenKind.USER, TokenKind.ANONYMOUS),
  tenantId: text,
  clientId: text,
  subjectId: text,
  scopes: fc.array(text, { maxLength: 5 }),
  issueTime: time,
  expireTime: time,
  familyId: text,
  revision: whole(Number.MAX_SAFE_INTEGER),
  timeToLive: time,
  audience: text,
  consentId: text,
});

describe('a batch', () => {
  it('is byte for byte what is generated', () => {
    fc.assert(
      fc.property(fc.array(answer, { maxLength: 8 }), (answers) => {
        const expected = Buffer.from(BatchIntrospectResponse.encode({ answers }).finish());
        expect(encodeBatch({ answers }).equals(expected)).toBe(true);
      }),
    );
  });

  it('has every field of an answer, and no other', () => {
    const one: IntrospectResponse = IntrospectResponse.decode(new Uint8Array());
    const answers = [{ ...one, scopes: [''], revision: 1 }];
    expect(Object.keys(answers[0] ?? {})).toHaveLength(14);
    expect(BatchIntrospectResponse.decode(encodeBatch({ answers }))).toEqual({ answers });
    expect(encodeBatch({ answers: [] })).toHaveLength(0);
  });
});
