/** What was proven is looked at again in the transaction. */
import { expect, it } from 'vitest';
import { INVALID_CREDENTIALS, INVALID_SECOND_FACTOR, LOGIN_LOCKED } from '../../../src/core/errors.ts';
import { nameCounter } from '../../../src/core/rules/counters.ts';
import { type OwnProof, refuseProof } from '../../../src/core/rules/own-proofs.ts';
import { NOW, subject, tenant } from './rows.ts';

const counters = [nameCounter('ann')];
const ANN = subject({ passwordHash: 'hash' });
const PROOF: OwnProof = { passwordHash: 'hash', needsFactor: true, counters };
const NONE = { tenant: tenant(), failures: [], own: undefined };
const sealed = Buffer.from('sealed');
const ON = {
  ...NONE,
  own: { subjectId: 'ann', tenantId: 'acme', sealed, active: true, lastStep: 7, recoveryDigests: [] },
};
const factor = { by: 'totp', sealed, step: 8 } as const;

it('holds', () => {
  expect(refuseProof(NONE, ANN, PROOF, NOW)).toBeUndefined();
  expect(refuseProof(ON, ANN, { ...PROOF, factor }, NOW)).toBeUndefined();
  expect(refuseProof(ON, ANN, { ...PROOF, needsFactor: false }, NOW)).toBeUndefined();
  expect(refuseProof(ON, ANN, undefined, NOW)).toBeUndefined();
});

it('is refused where the password was changed meanwhile, or the user was disabled', () => {
  expect(refuseProof(NONE, { ...ANN, passwordHash: 'newer' }, PROOF, NOW)).toBe(INVALID_CREDENTIALS);
  expect(refuseProof(NONE, { ...ANN, disabled: true }, PROOF, NOW)).toBe(INVALID_CREDENTIALS);
});

it('is refused where the second factor was turned on or off meanwhile, or its code was used', () => {
  expect(refuseProof(ON, ANN, PROOF, NOW)).toBe(INVALID_SECOND_FACTOR);
  expect(refuseProof(NONE, ANN, { ...PROOF, factor }, NOW)).toBe(INVALID_SECOND_FACTOR);
  expect(refuseProof(ON, ANN, { ...PROOF, factor: { ...factor, step: 7 } }, NOW)).toBe(INVALID_SECOND_FACTOR);
});

it('is refused while its name is locked', () => {
  const row = { tenantId: 'acme', key: 'subject:ann', count: 100, pending: 0, windowEndTime: NOW, countTime: NOW };
  const locked = { ...NONE, failures: [{ ...row, lockEndTime: NOW + 60_000 }] };
  expect(refuseProof(locked, ANN, PROOF, NOW)).toMatchObject({ code: LOGIN_LOCKED.code, retryAfterMs: 60_000 });
});
