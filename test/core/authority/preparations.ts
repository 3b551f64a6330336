/** What others have done before an operation, so that it can be done. Each answers what the operation is given of it. */
import { requestPasswordReset, startVerification } from '../../../src/core/operations/codes.ts';
import { putDeviceToken } from '../../../src/core/operations/device-tokens.ts';
import { issue } from '../../../src/core/operations/issue.ts';
import { confirmTotp, enrollTotp } from '../../../src/core/operations/second-factors.ts';
import { type NewUser, registerUser } from '../../../src/core/operations/users.ts';
import { nameCounter } from '../../../src/core/rules/counters.ts';
import { MESSAGES } from '../../../src/core/tables/messages.ts';
import { totpCode } from '../../../src/core/totp.ts';
import { make } from '../../support.ts';
import { PASSWORD } from '../fixtures.ts';
import { ANN, LAMP_ID, type Stage, TENANT } from './stage.ts';

export type Preparation = (stage: Stage) => Promise<string>;

const ann = { by: 'user_id', userId: ANN } as const;
export const ANN_BY_NAME = { by: 'login_name', loginName: 'ann' } as const;
export const ANN_BY_PASSWORD = { kind: 'user', username: 'ann', password: PASSWORD } as const;

/** A factor of Ann's that waits for its code, which is answered. */
export async function enrolled({ services, clock, insider }: Stage): Promise<string> {
  const { secret } = await enrollTotp(services, insider, ann, undefined);
  return totpCode(secret, clock.now);
}

/** One that is turned on; answers a recovery code. */
export async function confirmed(stage: Stage): Promise<string> {
  const code = await enrolled(stage);
  const [recoveryCode = ''] = await confirmTotp(stage.services, stage.insider, ann, code);
  return recoveryCode;
}

export interface Pending {
  readonly mfaToken: string;
  readonly recoveryCode: string;
}

/** Ann's login that waits for its second step, as JSON. */
export async function pendingLogin(stage: Stage): Promise<string> {
  const recoveryCode = await confirmed(stage);
  const login = await issue(stage.services, stage.actor.call, { credential: ANN_BY_PASSWORD });
  const pending: Pending = { mfaToken: 'mfaToken' in login ? login.mfaToken : '', recoveryCode };
  return JSON.stringify(pending);
}

export function disabled(kind: 'user' | 'client' | 'device' | 'tenant', id: string): Preparation {
  return async ({ store }) => {
    await make(store, { kind: 'cut_off', tenantId: TENANT, target: { kind, id }, cause: 'disabled' });
    return '';
  };
}

/** By its owner, who may enable it again. */
export function disabledByOwner(id: string): Preparation {
  return async ({ store }) => {
    const target = { kind: 'device', id } as const;
    await make(store, { kind: 'cut_off', tenantId: TENANT, target, ownerId: ANN, cause: 'disabled' });
    return '';
  };
}

/** The lamp has the token that never expires. */
export async function withDeviceToken({ services, insider }: Stage): Promise<string> {
  return (await putDeviceToken(services, insider, { by: 'device_id', deviceId: LAMP_ID })).familyId;
}

/** So that there is something to unlock. */
export function failedOnce(subjectId: string): Preparation {
  return async ({ store }) => {
    await make(store, {
      kind: 'end_guess',
      tenantId: TENANT,
      counters: [],
      end: 'wrong',
      failed: [nameCounter(subjectId)],
    });
    return '';
  };
}

/** Of Ann, by another client; answers its family. */
export async function anotherLogin({ services, insider }: Stage): Promise<string> {
  const login = await issue(services, insider, { credential: ANN_BY_PASSWORD });
  return 'familyId' in login ? login.familyId : '';
}

/** By the same caller, whose password was wrong once since. */
export function registeredBefore(user: NewUser): Preparation {
  return async (stage) => {
    const { services, actor } = stage;
    const { subject } = await registerUser(services, actor.call, user);
    await registerUser(services, actor.call, { ...user, password: 'wrong password' }).catch(() => undefined);
    return subject.subjectId;
  };
}

export async function verificationCode(stage: Stage): Promise<string> {
  await startVerification(stage.services, stage.insider, ann, 'verify_phone');
  return sentCode(stage);
}

export async function resetCode(stage: Stage): Promise<string> {
  await requestPasswordReset(stage.services, stage.insider, ANN_BY_NAME, 'email');
  return sentCode(stage);
}

async function sentCode({ services, store }: Stage): Promise<string> {
  const [message] = await store.list(MESSAGES, { tenantId: TENANT }, { limit: 1 });
  return services.keys.unseal('message', message?.sealed ?? new Uint8Array()) ?? '';
}
