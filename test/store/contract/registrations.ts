/** Registering a device by its certificate: begun by the device, confirmed by its user, completed by the device, once. */
import { beforeEach, expect, it } from 'vitest';
import type { BeginRegistration } from '../../../src/core/commands/begin-registration.ts';
import type { CompleteRegistration } from '../../../src/core/commands/complete-registration.ts';
import type { ConfirmRegistration } from '../../../src/core/commands/confirm-registration.ts';
import { userCodeCounter } from '../../../src/core/rules/counters.ts';
import { hexOf, registrationIn } from '../../../src/core/rules/registrations.ts';
import { readFailures, readSingleUse } from '../../../src/core/services/lookups.ts';
import { execute, make } from '../../support.ts';
import { ANN, aDigest, cutOff, makeAcme, refusalOf, subjectOf, TENANT, tenantOf, type UnderTest } from '../fixtures.ts';
import { plain } from '../people.ts';

const CERTIFICATE = 'c3'.repeat(32);
const NONCE = aDigest();
const OPEN_MS = 30 * 60_000;
const TOLD_MS = 24 * 60 * 60_000;
const AT_ONCE = [1, 2, 3, 4, 5, 6, 7, 8];

export function registrations(test: UnderTest): void {
  beforeEach(() => makeAcme(test.store));

  function beginOf(overrides: Partial<BeginRegistration> = {}): BeginRegistration {
    const pinDigest = overrides.pinDigest ?? aDigest();
    const openUntil = test.clock.now + OPEN_MS;
    const payload = {
      state: 'begun',
      registrationId: 'a-registration',
      deviceType: 'lamp',
      vendorId: '0001',
      certificate: CERTIFICATE,
      nonce: hexOf(NONCE),
      pin: hexOf(pinDigest),
      openUntil,
      userId: null,
      deviceName: null,
      boundDeviceId: null,
      deviceId: null,
    } as const;
    const digests = { digest: aDigest(), pinDigest, deviceDigest: aDigest() };
    const expireTime = test.clock.now + TOLD_MS;
    return { kind: 'begin_registration', tenantId: TENANT, ...digests, payload, expireTime, ...overrides };
  }

  async function begin(overrides: Partial<BeginRegistration> = {}): Promise<BeginRegistration> {
    const command = beginOf(overrides);
    await make(test.store, command);
    return command;
  }

  async function beginAndConfirm(): Promise<BeginRegistration> {
    const begun = await begin();
    await make(test.store, confirmOf(begun));
    return begun;
  }

  const refusal = async (command: BeginRegistration | ConfirmRegistration | CompleteRegistration) =>
    refusalOf(await execute(test.store, command));
  const isDone = async (command: ConfirmRegistration | CompleteRegistration) => (await refusal(command)) === undefined;
  const readPin = ({ pinDigest }: BeginRegistration) =>
    readSingleUse(test.store, TENANT, 'registration_pin', pinDigest);
  const read = ({ digest }: BeginRegistration) => readSingleUse(test.store, TENANT, 'registration', digest);
  const stateOf = async (begun: BeginRegistration) => registrationIn(await read(begun), TENANT)?.state;

  it('are read back field for field, from step to step', async () => {
    const begun = await begin();
    const { digest, payload, expireTime } = begun;
    const row = { digest, purpose: 'registration', tenantId: TENANT, clientId: '', familyId: null, expireTime };
    expect(plain(await read(begun))).toEqual({ ...row, subjectId: '', payload });
    expect(plain(await readPin(begun))).toEqual({
      ...row,
      digest: begun.pinDigest,
      purpose: 'registration_pin',
      subjectId: '',
      payload: { registration: hexOf(digest) },
      expireTime: payload.openUntil,
    });

    expect(await execute(test.store, confirmOf(begun, { deviceName: 'lamp' }))).toMatchObject({
      answer: { registrationId: payload.registrationId },
    });
    const confirmed = { ...payload, state: 'confirmed', userId: ANN, deviceName: 'lamp' } as const;
    expect(plain(await read(begun))).toEqual({ ...row, subjectId: ANN, payload: confirmed });
    expect(await readPin(begun)).toBeUndefined();

    const registered = { ...confirmed, state: 'registered', deviceId: 'th.lamp' } as const;
    expect(await execute(test.store, completeOf(begun))).toMatchObject({ answer: { registration: registered } });
    expect(plain(await read(begun))).toEqual({ ...row, subjectId: ANN, payload: registered });
  });

  for (const isConfirmed of [false, true]) {
    it(`are superseded, ${isConfirmed ? 'confirmed or not' : 'by the next of the same device'}`, async () => {
      const first = isConfirmed ? await beginAndConfirm() : await begin();
      const { deviceDigest } = first;
      const second = await begin({ deviceDigest });
      expect([await stateOf(first), await stateOf(second)]).toEqual(['superseded', 'begun']);
      expect(await readPin(first)).toBeUndefined();
      expect(await refusal(confirmOf(first))).toBe('invalid_code');
      expect(await refusal(completeOf(first))).toBe('precondition_failed');
      expect(await isDone(confirmOf(second))).toBe(true);
    });
  }

  it('are superseded by those of the same device alone, and not once the device is registered', async () => {
    const first = await beginAndConfirm();
    await begin();
    await make(test.store, completeOf(first));
    await begin({ deviceDigest: first.deviceDigest });
    expect(await stateOf(first)).toBe('registered');
  });

  it('have one of the same device that is open, of many begun at once', async () => {
    const deviceDigest = aDigest();
    const begun = await Promise.all(AT_ONCE.map(() => begin({ deviceDigest })));
    const states = await Promise.all(begun.map(stateOf));
    expect(states.sort()).toEqual(['begun', ...Array(AT_ONCE.length - 1).fill('superseded')]);
  });

  it('have a PIN that no other has meanwhile, and that is free again after', async () => {
    const first = await begin();
    const { pinDigest } = first;
    expect(await refusal(beginOf({ pinDigest }))).toBe('already_exists');
    expect(await stateOf(first)).toBe('begun');
    test.clock.advance(OPEN_MS - 1);
    expect(await refusal(beginOf({ pinDigest }))).toBe('already_exists');
    test.clock.advance(1);
    const second = await begin({ pinDigest });
    await make(test.store, confirmOf(second));
    expect([await stateOf(first), await stateOf(second)]).toEqual(['begun', 'confirmed']);
  });

  it('are confirmed once, of many at once', async () => {
    const begun = await begin();
    const done = await Promise.all(AT_ONCE.map(() => isDone(confirmOf(begun))));
    expect(done.filter((each) => each)).toEqual([true]);
  });

  it('are confirmed before their PIN expires, and not from then on', async () => {
    const [early, late] = [await begin(), await begin()];
    test.clock.advance(OPEN_MS - 1);
    expect(await refusal(confirmOf(early))).toBeUndefined();
    test.clock.advance(1);
    expect(await refusal(confirmOf(late))).toBe('invalid_code');
    expect(await stateOf(late)).toBe('begun');
  });

  it('are confirmed by their PIN alone', async () => {
    const { digest, deviceDigest } = await begin();
    for (const pinDigest of [digest, deviceDigest, aDigest()]) {
      expect(await refusal(confirmOf({ pinDigest }))).toBe('invalid_code');
    }
  });

  it('give back the guess that confirmed them, and keep the wrong ones before it counted', async () => {
    const begun = await begin();
    const counter = userCodeCounter(ANN);
    const counters = [counter];
    const guess = { tenantId: TENANT, counters } as const;
    await make(test.store, { kind: 'begin_guess', ...guess, alsoLocked: [] });
    await make(test.store, { kind: 'end_guess', ...guess, end: 'wrong', failed: [] });
    await make(test.store, { kind: 'begin_guess', ...guess, alsoLocked: [] });
    await make(test.store, confirmOf(begun, { counters }));
    const failures = await readFailures(test.store, TENANT, counters);
    expect(failures).toMatchObject([{ key: counter.key, count: 1, pending: 0 }]);
  });

  it('are confirmed for a device of the user alone, which is of the same type', async () => {
    const lamp = { kind: 'device', attributes: JSON.stringify({ _thingType: 'lamp' }), ownerIds: [ANN] } as const;
    const own = { ...lamp, subjectId: 'th.own', vendorId: 'own' };
    await make(test.store, subjectOf(own));
    await make(test.store, subjectOf({ ...own, subjectId: 'th.plug', vendorId: 'plug', attributes: '{}' }));
    await make(test.store, subjectOf({ ...own, subjectId: 'th.foreign', vendorId: 'foreign', ownerIds: ['user-bob'] }));
    const begun = await begin();
    for (const boundDeviceId of ['th.foreign', 'th.nobody', ANN]) {
      expect(await refusal(confirmOf(begun, { boundDeviceId }))).toBe('permission_denied');
    }
    expect(await refusal(confirmOf(begun, { boundDeviceId: 'th.plug' }))).toBe('precondition_failed');
    expect(await stateOf(begun)).toBe('begun');
    expect(await refusal(confirmOf(begun, { boundDeviceId: 'th.own' }))).toBeUndefined();
    expect(registrationIn(await read(begun), TENANT)).toMatchObject({ state: 'confirmed', boundDeviceId: 'th.own' });
  });

  it('are completed once, of many at once', async () => {
    const begun = await beginAndConfirm();
    const done = await Promise.all(AT_ONCE.map(() => isDone(completeOf(begun))));
    expect(done.filter((each) => each)).toEqual([true]);
    expect(await refusal(completeOf(begun))).toBe('precondition_failed');
  });

  it('are completed by the certificate and the nonce that they were begun with', async () => {
    const begun = await beginAndConfirm();
    for (const wrong of [{ certificate: 'd4'.repeat(32) }, { nonceDigest: aDigest() }]) {
      expect(await refusal(completeOf(begun, wrong))).toBe('permission_denied');
    }
    expect(await stateOf(begun)).toBe('confirmed');
    expect(await refusal(completeOf(begun))).toBeUndefined();
  });

  it('are not completed before a user has confirmed them', async () => {
    const begun = await begin();
    expect(await refusal(completeOf(begun))).toBe('precondition_failed');
    expect(await stateOf(begun)).toBe('begun');
  });

  for (const cause of ['disabled', 'deleted'] as const) {
    it(`are not completed for a user who was ${cause} since`, async () => {
      const begun = await beginAndConfirm();
      await make(test.store, cutOff('user', ANN, cause));
      expect(await refusal(completeOf(begun))).toBe('precondition_failed');
    });
  }

  it('are completed while they are open, and unknown once their row has expired', async () => {
    const [early, late] = [await beginAndConfirm(), await beginAndConfirm()];
    test.clock.advance(OPEN_MS - 1);
    expect(await refusal(completeOf(early))).toBeUndefined();
    test.clock.advance(1);
    expect(await refusal(completeOf(late))).toBe('precondition_failed');
    test.clock.advance(TOLD_MS - OPEN_MS);
    expect(await refusal(completeOf(late))).toBe('not_found');
  });

  it('are not those of another tenant, nor of one that is disabled or not there', async () => {
    await make(test.store, tenantOf('other'));
    const [begun, confirmed] = [await begin(), await beginAndConfirm()];
    expect(await refusal(confirmOf(begun, { tenantId: 'other' }))).toBe('invalid_code');
    expect(await refusal(completeOf(confirmed, { tenantId: 'other' }))).toBe('not_found');
    expect(await refusal(beginOf({ tenantId: 'nowhere' }))).toBe('not_found');
    await begin({ tenantId: 'other', deviceDigest: aDigest() });

    await make(test.store, cutOff('tenant', TENANT, 'disabled'));
    expect(await refusal(beginOf())).toBe('not_found');
    expect(await refusal(confirmOf(begun))).toBe('invalid_code');
    expect(await refusal(completeOf(confirmed))).toBe('not_found');
  });
}

function confirmOf(
  { pinDigest }: Pick<BeginRegistration, 'pinDigest'>,
  overrides: Partial<ConfirmRegistration> = {},
): ConfirmRegistration {
  const whose = { tenantId: TENANT, subjectId: ANN, pinDigest } as const;
  return { kind: 'confirm_registration', ...whose, deviceName: null, boundDeviceId: null, counters: [], ...overrides };
}

function completeOf(
  { digest }: Pick<BeginRegistration, 'digest'>,
  overrides: Partial<CompleteRegistration> = {},
): CompleteRegistration {
  const own = { certificate: CERTIFICATE, nonceDigest: NONCE } as const;
  return { kind: 'complete_registration', tenantId: TENANT, digest, ...own, deviceId: 'th.lamp', ...overrides };
}
