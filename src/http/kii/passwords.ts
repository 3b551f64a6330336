/** Changing passwords of users and things, and resetting one that was forgotten (sections 5 and 6 of docs/kii-wire.md). */
import { INVALID_CREDENTIALS, SymbolonError } from '../../core/errors.ts';
import { handleOf, lookUp, requireUser, userNotFound } from '../../core/operations/access.ts';
import { completePasswordReset, requestPasswordReset } from '../../core/operations/codes.ts';
import { changeDevicePassword, changeUserPassword } from '../../core/operations/passwords.ts';
import { requirePermission } from '../../core/permissions.ts';
import type { Subject } from '../../core/tables/subjects.ts';
import type { Answer } from '../answer.ts';
import { thingRefOf } from './devices.ts';
import type { Fields } from './fields.ts';
import { isEmpty, jsonBody, noContent, type ResourceRequest } from './resource.ts';
import { invalidInput, ResourceError, WRONG_PASSWORD } from './resource-errors.ts';
import { givenFactor } from './token-request.ts';
import { userRefOf } from './user-view.ts';
import { requiredText, textOf, thingPassword, userPassword } from './values.ts';

/** An admin needs no old password; one that it sends is not looked at. Who has a second factor gives one, as at a login. */
export async function changePassword(request: ResourceRequest): Promise<Answer> {
  const { services, call, context } = request;
  const { subject, relation } = await requireUser(services, call, userRefOf(request));
  const { fields } = jsonBody(request, ['ChangePasswordRequest']);
  const oldPassword = relation === 'admin' ? undefined : requiredText(fields, 'oldPassword');
  const newPassword = userPassword(fields, 'newPassword');
  const { subjectId } = subject;
  const ref = { by: 'user_id', userId: subjectId } as const;
  const factor = givenFactor(textOf(fields, 'totp_code'), textOf(fields, 'recovery_code'));
  await changeUserPassword(services, call, ref, oldPassword, newPassword, factor).catch((error: unknown) => {
    const isWrongPassword = error instanceof SymbolonError && error.message === INVALID_CREDENTIALS.message;
    throw isWrongPassword
      ? new ResourceError('WRONG_PASSWORD', WRONG_PASSWORD, { appID: context.appID, userID: subjectId, suppressed: [] })
      : error;
  });
  return noContent();
}

/**
 * Sends a PIN code, by e-mail too: nothing here shows the page that Kii's links led to. An empty body asks for an e-mail, as the JS
 * SDK's `resetPassword` sends it.
 */
export async function requestReset(request: ResourceRequest): Promise<Answer> {
  const { services, call, context } = request;
  const channel = isEmpty(request) ? 'email' : channelOf(jsonBody(request, ['ResetPasswordRequest']).fields);
  const ref = userRefOf(request);
  const outcome = await requestPasswordReset(services, call, ref, channel);
  if (outcome === 'unknown') {
    throw userNotFound(ref);
  }
  if (outcome === 'no_address') {
    const { subjectId } = await knownUser(request);
    const what = channel === 'email' ? 'e-mail address' : 'phone number';
    throw new ResourceError('INVALID_ACCOUNT_STATUS', `The user has no verified ${what}, or is disabled`, {
      userID: subjectId,
      appID: context.appID,
      accountType: channel === 'email' ? 'EMAIL' : 'PHONE',
    });
  }
  return noContent();
}

function channelOf(fields: Fields): 'email' | 'sms' {
  const method = requiredText(fields, 'notificationMethod').toUpperCase();
  if (method !== 'EMAIL' && method !== 'SMS') {
    throw invalidInput('notificationMethod', 'notificationMethod must be EMAIL or SMS');
  }
  if ((textOf(fields, 'smsResetMethod') ?? 'PIN').toUpperCase() !== 'PIN') {
    throw invalidInput('smsResetMethod', 'smsResetMethod must be PIN');
  }
  return method === 'EMAIL' ? 'email' : 'sms';
}

/** Who asked for the code was told whether there is such a user, so it is no secret here. */
export async function completeReset(request: ResourceRequest): Promise<Answer> {
  const { services, call } = request;
  const { fields } = jsonBody(request, ['CompletePasswordResetRequest']);
  const pinCode = requiredText(fields, 'pinCode');
  const newPassword = userPassword(fields, 'newPassword');
  const { subjectId } = await knownUser(request);
  await completePasswordReset(services, call, { by: 'user_id', userId: subjectId }, pinCode, newPassword);
  return noContent();
}

async function knownUser(request: ResourceRequest): Promise<Subject> {
  const ref = userRefOf(request);
  const subject = await lookUp(request.services, request.call, 'user', handleOf(ref));
  if (subject === undefined) {
    throw userNotFound(ref);
  }
  return subject;
}

/** By an admin, at the path that the JS SDK uses (C9). */
export async function changeThingPassword(request: ResourceRequest): Promise<Answer> {
  const { services, call } = request;
  requirePermission(call.caller, 'manage_subjects');
  const { fields } = jsonBody(request, ['ChangeThingPasswordRequest']);
  const newPassword = thingPassword(fields, 'newPassword');
  await changeDevicePassword(services, call, thingRefOf(request), undefined, newPassword);
  return noContent();
}
