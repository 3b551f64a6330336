import { INVALID_CREDENTIALS, SymbolonError } from '../errors.ts';
import { isPermitted, requirePermission } from '../permissions.ts';
import type { Revoked } from '../rules/revoking.ts';
import type { Services } from '../services/services.ts';
import type { Subject } from '../tables/subjects.ts';
import type { LoginHandle } from '../text/handles.ts';
import { type Password, requireNewPassword, requirePassword } from '../text/passwords.ts';
import {
  type DeviceRef,
  deviceHandle,
  deviceNotFound,
  handleOf,
  lookUp,
  type UserRef,
  userNotFound,
} from './access.ts';
import type { Call } from './authenticate.ts';
import { withLogin } from './login.ts';
import { perform } from './perform.ts';
import { type GivenFactor, requireFactor, withSecondFactor } from './prove-second-factor.ts';

/** Undefined: an admin's change, which needs no old password. */
type OldPassword = string | undefined;

interface Change {
  readonly kind: Subject['kind'];
  readonly handle: LoginHandle | undefined;
  readonly unknown: () => SymbolonError;
  readonly oldPassword: Password | undefined;
  readonly newPassword: Password;
  readonly factor?: GivenFactor | undefined;
}

/**
 * Sets a user's password and ends every token of it. The old one is proven like a login: failures count like failed logins, and a
 * second factor that is on is asked for.
 */
export async function changeUserPassword(
  services: Services,
  call: Call,
  ref: Exclude<UserRef, { by: 'access_token' }>,
  oldPassword: OldPassword,
  newPassword: string,
  factor?: GivenFactor,
): Promise<{ revision: number }> {
  const passwords = { oldPassword: requireRight(call, oldPassword), newPassword: requireNewPassword(newPassword) };
  const unknown = () => userNotFound(ref);
  return change(services, call, { kind: 'user', handle: handleOf(ref), unknown, ...passwords, factor });
}

export async function changeDevicePassword(
  services: Services,
  call: Call,
  ref: DeviceRef,
  oldPassword: OldPassword,
  newPassword: string,
): Promise<{ revision: number }> {
  const passwords = { oldPassword: requireRight(call, oldPassword), newPassword: requirePassword(newPassword) };
  const unknown = () => deviceNotFound(ref);
  return change(services, call, { kind: 'device', handle: deviceHandle(ref), unknown, ...passwords });
}

function requireRight({ caller }: Call, oldPassword: OldPassword): Password | undefined {
  if (oldPassword !== undefined) {
    requirePermission(caller, 'act_for_user');
    return requirePassword(oldPassword);
  }
  if (!isPermitted(caller, 'manage_subjects')) {
    throw new SymbolonError('permission_denied', 'old_password is missing. Only an admin may leave it out');
  }
  return undefined;
}

async function change(services: Services, call: Call, asked: Change): Promise<{ revision: number }> {
  const { revision } = await changed(services, call, asked);
  return { revision };
}

async function changed(services: Services, call: Call, asked: Change): Promise<Revoked> {
  const { kind, handle, unknown, oldPassword, newPassword, factor } = asked;
  if (oldPassword === undefined) {
    const subject = await lookUp(services, call, kind, handle);
    if (subject === undefined) {
      throw unknown();
    }
    const { tenantId, subjectId } = subject;
    const newHash = await services.passwords.hash(newPassword, call.isAbandoned);
    return perform(services, call, 'manage_subjects', { kind: 'change_password', tenantId, subjectId, newHash });
  }
  let newHash = '';
  const guessed = {
    permission: 'act_for_user',
    kind,
    handle,
    username: handle?.key ?? '',
    password: oldPassword,
    // Hashed for a wrong old password too, else the time would tell a right one.
    prepare: async () => {
      newHash = await services.passwords.hash(newPassword, call.isAbandoned);
    },
  } as const;
  return withLogin(services, call, guessed, ({ subject, proof, counters }) => {
    const { tenantId, subjectId, mfaEnabled } = subject;
    if (call.caller.subject !== undefined && call.caller.subject.id !== subjectId) {
      throw SymbolonError.of(INVALID_CREDENTIALS);
    }
    const command = {
      kind: 'change_password',
      tenantId,
      subjectId,
      oldHash: proof.passwordHash,
      counters,
      newHash,
    } as const;
    // As at a login, the password alone proves nobody who has a second factor.
    return mfaEnabled
      ? withSecondFactor(services, call, 'act_for_user', subjectId, requireFactor(factor), (proven, ownCounters) =>
          perform(services, call, 'act_for_user', {
            ...command,
            factor: proven,
            counters: [...counters, ...ownCounters],
          }),
        )
      : perform(services, call, 'act_for_user', command);
  });
}
