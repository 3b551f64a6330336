/** The codes by which users prove that an address is theirs (section 5 of docs/kii-wire.md). */
import { SymbolonError } from '../../core/errors.ts';
import { requireUser } from '../../core/operations/access.ts';
import { type AddressPurpose, confirmVerification, startVerification } from '../../core/operations/codes.ts';
import { unproven } from '../../core/rules/addresses.ts';
import type { Subject } from '../../core/tables/subjects.ts';
import type { Answer } from '../answer.ts';
import { answer, jsonBody, noContent, type ResourceRequest } from './resource.ts';
import { ResourceError } from './resource-errors.ts';
import { userRefOf } from './user-view.ts';
import { requiredText } from './values.ts';

export async function verifyAddress(request: ResourceRequest, purpose: AddressPurpose): Promise<Answer> {
  const { services, call } = request;
  const { subject } = await requireUser(services, call, userRefOf(request));
  const { fields } = jsonBody(request, ['AddressVerificationRequest']);
  const code = requiredText(fields, 'verificationCode');
  requireOpen(request, subject, purpose);
  const ref = { by: 'user_id', userId: subject.subjectId } as const;
  await confirmVerification(services, call, ref, purpose, code).catch((error) => asExpired(error, purpose));
  return answer(200, 'AddressVerificationResponse', { verificationStatus: 'VERIFIED' });
}

export async function resendVerification(request: ResourceRequest, purpose: AddressPurpose): Promise<Answer> {
  const { services, call } = request;
  const { subject } = await requireUser(services, call, userRefOf(request));
  requireOpen(request, subject, purpose);
  await startVerification(services, call, { by: 'user_id', userId: subject.subjectId }, purpose);
  return noContent();
}

/** Whether there is an address that is not verified yet. */
function requireOpen({ context }: ResourceRequest, subject: Subject, purpose: AddressPurpose): void {
  const [address, accountType] = purpose === 'verify_email' ? [subject.email, 'EMAIL'] : [subject.phone, 'PHONE'];
  if (unproven(subject, purpose) === null) {
    const { appID } = context;
    const what = accountType === 'EMAIL' ? 'e-mail address' : 'phone number';
    const message = address === null ? `The user has no ${what}` : `The user’s ${what} is verified already`;
    const details = { userID: subject.subjectId, appID, accountType };
    throw new ResourceError('INVALID_ACCOUNT_STATUS', message, details);
  }
}

function asExpired(error: unknown, purpose: AddressPurpose): never {
  throw purpose === 'verify_phone' && error instanceof SymbolonError && error.code === 'code_expired'
    ? new ResourceError('PHONE_NUMBER_VERIFICATION_CODE_EXPIRED', error.message)
    : error;
}
