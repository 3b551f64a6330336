import { expect, it } from 'vitest';
import { matchingStep, totpCode, totpSecret } from '../../src/core/totp.ts';

/** RFC 6238 appendix B, SHA-1: the secret is `12345678901234567890`; our codes are the last six of its eight digits. */
it.each([
  [59, '287082'],
  [1_111_111_109, '081804'],
  [1_111_111_111, '050471'],
  [1_234_567_890, '005924'],
  [2_000_000_000, '279037'],
  [20_000_000_000, '353130'],
])('makes the codes of the RFC at %i s', (seconds, expected) => {
  const secret = totpSecret(Buffer.from('12345678901234567890'));
  expect(totpCode(secret, seconds * 1_000)).toBe(expected);
  expect(matchingStep(secret, expected, seconds * 1_000)).toBe(Math.floor(seconds / 30));
});
