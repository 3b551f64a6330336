/** Everything that can be guessed, and every way to guess at it. */
import type { Call } from '../../../src/core/operations/authenticate.ts';
import { completePasswordReset, confirmVerification } from '../../../src/core/operations/codes.ts';
import type { Credential } from '../../../src/core/operations/credentials.ts';
import { putDeviceToken } from '../../../src/core/operations/device-tokens.ts';
import { issue } from '../../../src/core/operations/issue.ts';
import { changeDevicePassword, changeUserPassword } from '../../../src/core/operations/passwords.ts';
import type { GivenFactor } from '../../../src/core/operations/prove-second-factor.ts';
import { confirmTotp, enrollTotp, removeTotp } from '../../../src/core/operations/second-factors.ts';
import { endUser, updateUser } from '../../../src/core/operations/users.ts';
import {
  codeCounter,
  type FailureCounter,
  nameCounter,
  secondFactorCounter,
} from '../../../src/core/rules/counters.ts';
import type { Services } from '../../../src/core/services/services.ts';
import {
  ANN_BY_NAME,
  confirmed,
  enrolled,
  type Pending,
  type Preparation,
  pendingLogin,
  resetCode,
  verificationCode,
} from '../authority/preparations.ts';
import { ANN, LAMP_ID, type Stage } from '../authority/stage.ts';
import { PASSWORD, wrongCode } from '../fixtures.ts';

export interface Guessing {
  readonly services: Services;
  readonly call: Call;
  readonly stage: Stage;
  readonly prepared: string;
}

export interface Kind {
  readonly name: string;
  /** What its guesses count to. */
  readonly counter: FailureCounter;
  readonly attempts: number;
  readonly prepare?: Preparation;
  /** Whether a hash stands between its beginning and its end. */
  readonly hashes: boolean;
  readonly guess: (guessing: Guessing, isRight: boolean) => Promise<unknown>;
}

/** Of the stage's tenant. */
export const LOGIN_ATTEMPTS = 100;

const NEW_PASSWORD = 'another password';
const byUserId = { by: 'user_id', userId: ANN } as const;
const byDeviceId = { by: 'device_id', deviceId: LAMP_ID } as const;

const passwordOf = (isRight: boolean): string => (isRight ? PASSWORD : 'wrong');
const codeOf = (code: string, isRight: boolean): string => (isRight ? code : wrongCode(code));
const recovery = (code: string): GivenFactor => ({ by: 'recovery_code', code });

function byPassword(name: string, subjectId: string, guess: Kind['guess']): Kind {
  return { name, counter: nameCounter(subjectId), attempts: LOGIN_ATTEMPTS, hashes: true, guess };
}

function login(name: string, subjectId: string, credential: (password: string) => Credential): Kind {
  return byPassword(`a login by ${name}`, subjectId, ({ services, call }, isRight) =>
    issue(services, call, { credential: credential(passwordOf(isRight)) }),
  );
}

function bySecondFactor(name: string, prepare: Preparation, guess: Kind['guess']): Kind {
  return { name, counter: secondFactorCounter(ANN), attempts: 5, hashes: false, prepare, guess };
}

export const KINDS: readonly Kind[] = [
  login('login name', ANN, (password) => ({ kind: 'user', username: 'ann', password })),
  login('e-mail', ANN, (password) => ({ kind: 'user', username: 'EMAIL:ann@example.com', password })),
  login('device id', LAMP_ID, (password) => ({ kind: 'device', deviceId: LAMP_ID, password })),
  login('vendor id', LAMP_ID, (password) => ({ kind: 'device_by_vendor_id', vendorId: 'Lamp-1', password })),
  byPassword('a change of a user’s password', ANN, ({ services, call }, isRight) =>
    changeUserPassword(services, call, ANN_BY_NAME, passwordOf(isRight), NEW_PASSWORD),
  ),
  byPassword('a change of a device’s password', LAMP_ID, ({ services, call }, isRight) =>
    changeDevicePassword(services, call, byDeviceId, passwordOf(isRight), NEW_PASSWORD),
  ),
  byPassword('the password of an enrollment', ANN, ({ services, call, stage }, isRight) => {
    const inPerson = { by: 'access_token', accessToken: stage.tokens.accessToken } as const;
    return enrollTotp(services, call, inPerson, passwordOf(isRight));
  }),
  byPassword('the password of a change of an address', ANN, ({ services, call, stage }, isRight) => {
    const inPerson = { by: 'access_token', accessToken: stage.tokens.accessToken } as const;
    return updateUser(services, call, inPerson, { loginName: 'annie' }, { password: passwordOf(isRight) });
  }),
  byPassword('the password of a deletion', ANN, ({ services, call, stage }, isRight) => {
    const inPerson = { by: 'access_token', accessToken: stage.tokens.accessToken } as const;
    return endUser(services, call, inPerson, 'deleted', { password: passwordOf(isRight) });
  }),
  byPassword('the password of a device’s token', ANN, ({ services, call, stage }, isRight) => {
    const lamp = { by: 'device_id', deviceId: LAMP_ID } as const;
    return putDeviceToken(services, call, lamp, stage.tokens.accessToken, { proof: { password: passwordOf(isRight) } });
  }),
  bySecondFactor('the second step of a login', pendingLogin, ({ services, call, prepared }, isRight) => {
    const { mfaToken, recoveryCode } = JSON.parse(prepared) as Pending;
    const factor = recovery(isRight ? recoveryCode : 'AAAAA-AAAAA');
    return issue(services, call, { credential: { kind: 'second_factor', mfaToken, factor } });
  }),
  bySecondFactor('the one-time password of an enrollment', enrolled, ({ services, call, stage, prepared }, isRight) => {
    const inPerson = { by: 'access_token', accessToken: stage.tokens.accessToken } as const;
    return confirmTotp(services, call, inPerson, codeOf(prepared, isRight));
  }),
  bySecondFactor('the removal of a second factor', confirmed, ({ services, call, stage, prepared }, isRight) => {
    const inPerson = { by: 'access_token', accessToken: stage.tokens.accessToken } as const;
    return removeTotp(services, call, inPerson, recovery(isRight ? prepared : 'AAAAA-AAAAA'));
  }),
  {
    ...bySecondFactor('the second factor of a change', confirmed, ({ services, call, prepared }, isRight) => {
      const factor = recovery(isRight ? prepared : 'AAAAA-AAAAA');
      return changeUserPassword(services, call, ANN_BY_NAME, PASSWORD, NEW_PASSWORD, factor);
    }),
    hashes: true,
  },
  {
    ...bySecondFactor('the second factor of a deletion', confirmed, ({ services, call, stage, prepared }, isRight) => {
      const inPerson = { by: 'access_token', accessToken: stage.tokens.accessToken } as const;
      const factor = recovery(isRight ? prepared : 'AAAAA-AAAAA');
      return endUser(services, call, inPerson, 'deleted', { password: PASSWORD, factor });
    }),
    hashes: true,
  },
  {
    name: 'the code of an address',
    counter: codeCounter('verify_phone', ANN),
    attempts: 5,
    hashes: false,
    prepare: verificationCode,
    guess: ({ services, call, stage, prepared }, isRight) => {
      const inPerson = { by: 'access_token', accessToken: stage.tokens.accessToken } as const;
      return confirmVerification(services, call, inPerson, 'verify_phone', codeOf(prepared, isRight));
    },
  },
  {
    name: 'the code of a reset',
    counter: codeCounter('reset_password', ANN),
    attempts: 5,
    hashes: true,
    prepare: resetCode,
    guess: ({ services, call, prepared }, isRight) =>
      completePasswordReset(services, call, byUserId, codeOf(prepared, isRight), NEW_PASSWORD),
  },
];
