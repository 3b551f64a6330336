/** Commands about codes, messages and second factors, as the operations make them, and what they are read by. */
import { randomBytes } from 'node:crypto';
import type { CompleteMfa } from '../../src/core/commands/complete-mfa.ts';
import type { RedeemCode } from '../../src/core/commands/redeem-code.ts';
import type { SendCode } from '../../src/core/commands/send-code.ts';
import type { SettleMessage } from '../../src/core/commands/settle-message.ts';
import type { TakeMessages } from '../../src/core/commands/take-messages.ts';
import type { EnrollTotp } from '../../src/core/commands/totp.ts';
import type { Digest } from '../../src/core/model.ts';
import { one } from '../../src/core/plan.ts';
import type { SecondFactor } from '../../src/core/rules/second-factors.ts';
import { findSubject } from '../../src/core/services/lookups.ts';
import type { Store } from '../../src/core/services/store.ts';
import type { Message } from '../../src/core/tables/messages.ts';
import { TOTP, type Totp } from '../../src/core/tables/second-factors.ts';
import type { Subject } from '../../src/core/tables/subjects.ts';
import { execute, make } from '../support.ts';
import { ANN, APP, aDigest, aFamilyId, answerOf, newTokens, subjectOf, TENANT } from './fixtures.ts';

export const EMAIL = 'Ann@Example.com';
export const PHONE = '+819012341234';
export const EVERYTHING = 1_000;

/** One of the test's tenant whose addresses are not verified. */
export async function makePerson(store: Store, subjectId: string, tenantId: string = TENANT): Promise<void> {
  await make(store, subjectOf({ subjectId, tenantId, email: EMAIL, phone: PHONE }));
}

export function findById(store: Store, key: string, tenantId: string = TENANT): Promise<Subject | undefined> {
  return findSubject(store, tenantId, { kind: 'subject_id', key });
}

/** One of another tenant is as unknown. */
export async function readTotp(store: Store, tenantId: string, subjectId: string): Promise<Totp | undefined> {
  return (await store.read({ totp: one(TOTP, { subjectId, tenantId }) })).totp;
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
  return answerOf(await execute(store, command)).messages;
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

export function enrollOf(subjectId: string = ANN): EnrollTotp {
  return { kind: 'enroll_totp', tenantId: TENANT, subjectId, sealed: new Uint8Array(randomBytes(60)) };
}

/** Turns the second factor on, and answers its secret. */
export async function enableMfa(
  store: Store,
  { step = 5, recoveryDigests = [] as readonly Digest[], subjectId = ANN } = {},
): Promise<Uint8Array> {
  const { sealed } = enrollOf(subjectId);
  await make(store, { kind: 'enroll_totp', tenantId: TENANT, subjectId, sealed });
  const confirmed = { kind: 'confirm_totp', tenantId: TENANT, subjectId, sealed, step, recoveryDigests } as const;
  await make(store, { ...confirmed, counters: [] });
  return sealed;
}

/** The second step of Ann's login, unless told otherwise. */
export function completeOf(
  pendingDigest: Digest,
  factor: SecondFactor,
  overrides: Partial<CompleteMfa> = {},
): CompleteMfa {
  return {
    kind: 'complete_mfa',
    tenantId: TENANT,
    clientId: APP,
    refreshClientId: APP,
    subjectId: ANN,
    tokenKind: 'USER',
    pendingDigest,
    factor,
    counters: [],
    nameCounters: [],
    familyId: aFamilyId(),
    tokens: newTokens(),
    ...overrides,
  };
}
