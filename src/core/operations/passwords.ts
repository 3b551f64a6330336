import type { ChangePassword } from '../commands/change-password.ts';
import { INVALID_CREDENTIALS, SymbolonError } from '../errors.ts';
import { isPermitted, requirePermission } from '../permissions.ts';
import type { Services } from '../services/services.ts';
import type { Subject } from '../tables/subjects.ts';
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
import { requireNewPassword } from './fields.ts';
import { login } from './login.ts';
import { perform } from './perform.ts';
import { requirePassword } from './validate.ts';

/** Undefined: an admin's change, which needs no old password. */
type OldPassword = string | undefined;

/** Sets a user's password and ends every token of it; the old one is proven like a login, and failures count like failed logins. */
export async function changeUserPassword(
  services: Services,
  call: Call,
  ref: Exclude<UserRef, { by: 'access_token' }>,
  oldPassword: OldPassword,
  newPassword: string,
): Promise<{ revision: number }> {
  requireRight(call, oldPassword);
  requireNewPassword(newPassword);
  return change(services, call, 'user', handleOf(ref), () => userNotFound(ref), oldPassword, newPassword);
}

export async function changeDevicePassword(
  services: Services,
  call: Call,
  ref: DeviceRef,
  oldPassword: OldPassword,
  newPassword: string,
): Promise<{ revision: number }> {
  requireRight(call, oldPassword);
  requirePassword(newPassword);
  return change(services, call, 'device', deviceHandle(ref), () => deviceNotFound(ref), oldPassword, newPassword);
}

function requireRight({ caller }: Call, oldPassword: OldPassword): void {
  if (oldPassword !== undefined) {
    requirePermission(caller, 'act_for_user');
    requirePassword(oldPassword);
  } else if (!isPermitted(caller, 'manage_subjects')) {
    throw new SymbolonError('permission_denied', 'old_password is missing. Only an admin may leave it out');
  }
}

async function change(
  services: Services,
  call: Call,
  kind: Subject['kind'],
  handle: ReturnType<typeof handleOf>,
  unknown: () => SymbolonError,
  oldPassword: OldPassword,
  newPassword: string,
): Promise<{ revision: number }> {
  const proven = await prove(services, call, kind, handle, unknown, oldPassword);
  const newHash = await services.passwords.hash(newPassword);
  const { revision } = await perform(services, call, oldPassword === undefined ? 'manage_subjects' : 'act_for_user', {
    kind: 'change_password',
    tenantId: call.caller.tenantId,
    ...proven,
    newHash,
  });
  return { revision };
}

async function prove(
  services: Services,
  call: Call,
  kind: Subject['kind'],
  handle: ReturnType<typeof handleOf>,
  unknown: () => SymbolonError,
  oldPassword: OldPassword,
): Promise<Pick<ChangePassword, 'subjectId' | 'oldHash' | 'counters'>> {
  if (oldPassword === undefined) {
    const subject = await lookUp(services, call, kind, handle);
    if (subject === undefined) {
      throw unknown();
    }
    return { subjectId: subject.subjectId };
  }
  const { subject, proof, counters } = await login(
    services,
    call,
    'act_for_user',
    kind,
    handle,
    handle?.key ?? '',
    oldPassword,
  );
  if (call.caller.subject !== undefined && call.caller.subject.id !== subject.subjectId) {
    throw SymbolonError.of(INVALID_CREDENTIALS);
  }
  return { subjectId: subject.subjectId, oldHash: proof.passwordHash, counters };
}
