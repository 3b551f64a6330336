/** Commands about codes, messages and second factors, as the operations make them. */
import { randomBytes } from 'node:crypto';
import type { CompleteMfa, SecondFactor } from '../../src/core/commands.ts';
import type {
  EnrolTotp,
  RedeemCode,
  SendCode,
  SettleMessage,
  TakeMessages,
} from '../../src/core/directory-commands.ts';
import type { Message } from '../../src/core/directory-model.ts';
import { familyId, ID_BYTES } from '../../src/core/ids.ts';
import type { Digest } from '../../src/core/model.ts';
import type { Store } from '../../src/core/store.ts';
import { make } from '../support.ts';
import { ANN, APP, aDigest, answerOf, newTokens, subjectOf, TENANT } from './fixtures.ts';

export const EMAIL = 'Ann@Example.com';
export const PHONE = '+819012341234';
export const EVERYTHING = 1_000;

/** One of the test's tenant whose addresses are not verified. */
export async function makePerson(store: Store, subjectId: string, tenantId: string = TENANT): Promise<void> {
  await make(store, subjectOf({ subjectId, tenantId, email: EMAIL, phone: PHONE }));
}

/** What engines answer as arrays of their own kind, as plain ones. */
export function plain<T>(value: T): T {
  if (value instanceof Uint8Array) {
    return new Uint8Array(value) as T;
  }
  if (Array.isArray(value)) {
    return value.map(plain) as T;
  }
  return typeof value === 'object' && value !== null
    ? (Object.fromEntries(Object.entries(value).map(([name, each]) => [name, plain(each)])) as T)
    : value;
}

export function sendOf(
  overrides: Partial<SendCode['code']> = {},
  subjectId: string = ANN,
  tenantId: string = TENANT,
): SendCode {
  const code = {
    purpose: 'verify_email',
    channel: 'email',
    digest: aDigest(),
    sealed: aDigest(),
    ...overrides,
  } as const;
  const messageId = `ms_${randomBytes(8).toString('hex')}`;
  const address = code.channel === 'email' ? EMAIL : PHONE;
  return { kind: 'send_code', tenantId, subjectId, code: { messageId, ...code }, address };
}

export function redeemOf({ code, tenantId, subjectId }: SendCode, overrides: Partial<RedeemCode> = {}): RedeemCode {
  const { purpose, digest } = code;
  const address = purpose === 'verify_phone' ? PHONE : EMAIL;
  return { kind: 'redeem_code', tenantId, subjectId, purpose, digest, address, ...overrides };
}

export function takeOf(limit: number = EVERYTHING, leaseMs = 60_000): TakeMessages {
  return { kind: 'take_messages', limit, leaseMs };
}

export async function take(store: Store, command: TakeMessages = takeOf()): Promise<readonly Message[]> {
  return answerOf(await store.execute(command)).messages;
}

export function settleOf(messageId: string, overrides: Partial<SettleMessage> = {}): SettleMessage {
  return {
    kind: 'settle_message',
    messageId,
    state: 'sent',
    attempts: 1,
    nextAttemptTime: 0,
    lastError: null,
    ...overrides,
  };
}

export function enrolOf(subjectId: string = ANN): EnrolTotp {
  return { kind: 'enrol_totp', tenantId: TENANT, subjectId, sealed: new Uint8Array(randomBytes(60)) };
}

/** Turns the second factor on, and answers its secret. */
export async function enableMfa(
  store: Store,
  { step = 5, recoveryDigests = [] as readonly Digest[], subjectId = ANN } = {},
): Promise<Uint8Array> {
  const { sealed } = enrolOf(subjectId);
  await make(store, { kind: 'enrol_totp', tenantId: TENANT, subjectId, sealed });
  const confirmed = { kind: 'confirm_totp', tenantId: TENANT, subjectId, sealed, step, recoveryDigests } as const;
  await make(store, { ...confirmed, counters: [] });
  return sealed;
}

export function completeOf(challengeDigest: Digest, factor: SecondFactor): CompleteMfa {
  return {
    kind: 'complete_mfa',
    tenantId: TENANT,
    clientId: APP,
    refreshClientId: APP,
    subjectId: ANN,
    challengeDigest,
    factor,
    counters: [],
    familyId: familyId(randomBytes(ID_BYTES)),
    tokens: newTokens(),
  };
}
