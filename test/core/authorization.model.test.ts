/** Codes of both flows against a model that is small enough to be believed, over sequences of commands that nobody would think of. */
import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { CommandData } from '../../src/core/commands/index.ts';
import { AUTHORIZATION_CODE_LIFETIME_MS } from '../../src/core/lifetimes.ts';
import type { Digest } from '../../src/core/model.ts';
import { all, one } from '../../src/core/plan.ts';
import { consentIdOf } from '../../src/core/rules/consents.ts';
import { DEVICE_CODE_LIFETIME_MS, POLL_INTERVAL_MS } from '../../src/core/rules/device-authorizations.ts';
import { CONSENT } from '../../src/core/tables/consents.ts';
import { FAMILY } from '../../src/core/tables/families.ts';
import { MemoryStore } from '../../src/store/memory/store.ts';
import {
  ANN,
  aDigest,
  aFamilyId,
  clientOf,
  cutOff,
  type Holder,
  isPairLive,
  makeAcme,
  newTokens,
  refusalOf,
  TENANT,
} from '../store/fixtures.ts';
import { execute, make, TestClock } from '../support.ts';

const WEB = 'web';
const BACK = 'https://app.example/back';
const CONSENT_ID = consentIdOf(TENANT, ANN, WEB);

interface World {
  readonly store: MemoryStore;
  readonly clock: TestClock;
}

/** A code of either flow. */
interface Code {
  readonly flow: 'authorization_code' | 'device_code';
  readonly digest: Digest;
  /** Of the device flow: what the user types. */
  readonly userDigest: Digest;
  readonly until: number;
  /** After how many ends of the user’s logins it was approved; undefined: it was not yet. */
  approved: Pick<Model, 'ends'> | undefined;
  isDenied: boolean;
  /** What it gave, once. */
  login: Login | undefined;
}

interface Login {
  readonly holder: Holder;
  /** As its code was. */
  readonly approved: Pick<Model, 'ends'>;
  isReplayed: boolean;
}

class Model {
  readonly codes: Code[] = [];
  isGranted = false;
  /** How often all that had come by the consent, or all that the user had, was ended. */
  ends = 0;

  /** Any number names a code, if there is one. */
  code(index: number): Code | undefined {
    return this.codes[index % Math.max(1, this.codes.length)];
  }

  isAlive({ approved, isReplayed }: Login): boolean {
    return !isReplayed && approved.ends === this.ends;
  }
}

type Step = fc.AsyncCommand<Model, World>;

/** A step by its name, with what it is checked against afterwards. */
function step(
  name: string,
  run: (model: Model, world: World) => Promise<void>,
  check: (model: Model) => boolean = () => true,
): Step {
  return {
    check: (model) => check(model),
    run: async (model, world) => {
      await run(model, world);
      await expectInvariants(model, world);
    },
    toString: () => name,
  };
}

const refusal = async ({ store }: World, command: CommandData) => refusalOf(await execute(store, command));

const authorize = step(
  'authorize',
  async (model, world) => {
    const digest = aDigest();
    const response = { type: 'code', digest, redirectWasGiven: true, codeChallenge: 'c' } as const;
    const asked = { scopes: ['read'], audience: null, redirectUri: BACK, response };
    await make(world.store, { kind: 'authorize', tenantId: TENANT, subjectId: ANN, clientId: WEB, ...asked });
    const until = world.clock.now + AUTHORIZATION_CODE_LIFETIME_MS;
    model.codes.push({ ...newCode('authorization_code', digest, until), approved: { ends: model.ends } });
    model.isGranted = true;
  },
  hasRoom,
);

const beginDevice = step(
  'begin a device',
  async (model, world) => {
    const code = newCode('device_code', aDigest(), world.clock.now + DEVICE_CODE_LIFETIME_MS);
    const { digest: deviceDigest, userDigest } = code;
    const asked = { tenantId: TENANT, clientId: WEB, scopes: ['read'], deviceDigest, userDigest };
    await make(world.store, { kind: 'begin_device_authorization', ...asked });
    model.codes.push(code);
  },
  hasRoom,
);

const decide = (index: number, decision: 'approve' | 'deny') =>
  step(`${decision} ${index}`, async (model, world) => {
    const code = model.code(index);
    if (code === undefined) {
      return;
    }
    const { flow, digest: deviceDigest, userDigest, until, approved, isDenied } = code;
    const whose = { tenantId: TENANT, subjectId: ANN, deviceDigest, userDigest } as const;
    const refused = await refusal(world, { kind: 'decide_device_authorization', ...whose, decision, counters: [] });
    const isOpen = flow === 'device_code' && approved === undefined && !isDenied && until > world.clock.now;
    expect(refused).toBe(isOpen ? undefined : 'invalid_code');
    if (isOpen && decision === 'deny') {
      code.isDenied = true;
    } else if (isOpen) {
      code.approved = { ends: model.ends };
      model.isGranted = true;
    }
  });

/** What the code is brought with, of which one thing may be wrong. */
type Bringing = 'right' | 'another client' | 'another verifier' | 'another redirect' | 'no verifier' | 'the other flow';

const redeem = (index: number, how: Bringing) =>
  step(`redeem ${index}, ${how}`, async (model, world) => {
    const code = model.code(index);
    if (code === undefined) {
      return;
    }
    const holder = { familyId: aFamilyId(world.clock.now), tokens: newTokens() };
    const refused = await refusal(world, redeemOf(code, how, holder));
    if (how === 'another client' || how === 'the other flow') {
      expect(refused).toBe('invalid_grant');
    } else if (code.login !== undefined) {
      // Whoever of both was the thief: nobody keeps what the code gave.
      expect(refused).toBe('invalid_grant');
      code.login.isReplayed = true;
    } else if (mayBeRedeemed(code, how, model, world)) {
      expect(refused).toBeUndefined();
      code.login = { holder, approved: code.approved ?? { ends: -1 }, isReplayed: false };
    } else {
      expect(refused).toBeDefined();
    }
  });

function redeemOf({ flow, digest }: Code, how: Bringing, begun: Holder): CommandData {
  const clientId = how === 'another client' ? 'other' : WEB;
  const asked = { tenantId: TENANT, clientId, digest, familyId: begun.familyId, tokens: begun.tokens } as const;
  if ((flow === 'device_code') !== (how === 'the other flow')) {
    return { kind: 'redeem_device_code', ...asked };
  }
  return {
    kind: 'redeem_authorization_code',
    ...asked,
    redirectUri: how === 'another redirect' ? 'https://app.example/other' : BACK,
    ...(how === 'no verifier' ? {} : { challenge: how === 'another verifier' ? 'd' : 'c' }),
  };
}

function mayBeRedeemed({ flow, approved, until }: Code, how: Bringing, model: Model, { clock }: World): boolean {
  const isInTime = until > clock.now;
  const isRight = flow === 'device_code' || how === 'right';
  return isInTime && isRight && approved !== undefined && approved.ends === model.ends && model.isGranted;
}

const withdraw = step(
  'withdraw the consent',
  async (model, world) => {
    await make(world.store, { kind: 'withdraw_consent', tenantId: TENANT, consentId: CONSENT_ID });
    model.isGranted = false;
    model.ends += 1;
  },
  ({ isGranted }) => isGranted,
);

const revokeAll = step('revoke all of the user', async (model, world) => {
  await make(world.store, cutOff('user', ANN));
  model.ends += 1;
});

const advance = (ms: number) =>
  step(`advance ${ms}`, async (_, { clock }) => {
    clock.advance(ms);
  });

function newCode(flow: Code['flow'], digest: Digest, until: number): Code {
  return { flow, digest, userDigest: aDigest(), until, approved: undefined, isDenied: false, login: undefined };
}

function hasRoom({ codes }: Model): boolean {
  return codes.length < 12;
}

/** What holds at any time: one login of each code at most, live exactly where the model says so, and none without a consent. */
async function expectInvariants(model: Model, { store, clock }: World): Promise<void> {
  const logins = model.codes.flatMap(({ login }) => login ?? []);
  const { families, consent } = await store.read({
    families: all(FAMILY, { tenantId: TENANT }),
    consent: one(CONSENT, { consentId: CONSENT_ID }),
  });
  const idsOf = (of: readonly { readonly familyId: string }[]) => of.map(({ familyId }) => familyId).sort();
  expect(idsOf(families)).toEqual(idsOf(logins.map(({ holder }) => holder)));
  expect(families.every(({ consentId }) => consentId === CONSENT_ID)).toBe(true);
  expect(consent !== undefined && consent.withdrawTime === null).toBe(model.isGranted);
  for (const login of logins) {
    expect(await isPairLive({ store, clock }, login.holder)).toBe(model.isAlive(login));
    expect(!model.isAlive(login) || model.isGranted).toBe(true);
  }
}

const someCode = fc.nat(11);
const WRONG: readonly Bringing[] = [
  ...(['another client', 'another verifier', 'another redirect', 'no verifier', 'the other flow'] as const),
];
const someWay = fc.oneof(
  { weight: 5, arbitrary: fc.constant<Bringing>('right') },
  { weight: 3, arbitrary: fc.constantFrom(...WRONG) },
);
const redeems = fc.tuple(someCode, someWay).map((args) => redeem(...args));
const approves = fc
  .tuple(someCode, fc.constantFrom('approve' as const, 'approve' as const, 'deny' as const))
  .map((args) => decide(...args));
const someTime = fc.constantFrom(
  ...[1, POLL_INTERVAL_MS, AUTHORIZATION_CODE_LIFETIME_MS - 1, AUTHORIZATION_CODE_LIFETIME_MS],
  DEVICE_CODE_LIFETIME_MS - 1,
);
const steps: fc.Arbitrary<Step>[] = [
  fc.constant(authorize),
  // Named again to come more often.
  ...[
    fc.constant(beginDevice),
    fc.constant(beginDevice),
    approves,
    approves,
    approves,
    redeems,
    redeems,
    redeems,
    redeems,
  ],
  fc.constant(withdraw),
  fc.constant(revokeAll),
  someTime.map(advance),
  fc.constant(advance(DEVICE_CODE_LIFETIME_MS)),
];

async function newWorld(): Promise<World> {
  const clock = new TestClock();
  const store = new MemoryStore({ clock: clock.read });
  await makeAcme(store);
  const grants = ['authorization_code', 'refresh_token', 'device_code'] as const;
  for (const clientId of [WEB, 'other']) {
    const { client, secret } = clientOf(clientId);
    await make(store, { kind: 'create_client', client: { ...client, grants, redirectUris: [BACK] }, secret });
  }
  return { store, clock };
}

it('codes of both flows behave as their model does, whatever comes in whatever order', {
  timeout: 120_000,
}, async () => {
  await fc.assert(
    fc.asyncProperty(fc.commands(steps, { maxCommands: 60, size: 'max' }), async (commands) => {
      const real = await newWorld();
      await fc.asyncModelRun(() => ({ model: new Model(), real }), commands);
    }),
    { numRuns: 200 },
  );
});
