/** A new address in place of a verified one, over gRPC. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { MessagePurpose } from '../../../gen/ts/symbolon/v1/user_service.ts';
import { CREDENTIALS, failureOf, issue, PASSWORD } from '../client.ts';
import { type DirectoryBed, openDirectoryBed, user } from './bed.ts';

let bed: DirectoryBed;

beforeAll(async () => {
  bed = await openDirectoryBed();
});

afterAll(() => bed.close());

it('waits in pending_email and pending_phone until it is verified, and the old one is told', async () => {
  const [old, next] = ['gil@example.com', 'gil@example.org'];
  const { user: made } = await bed.call('registerUser', {
    ...{ loginName: 'gil', email: old, emailVerified: true, phone: '+819011110000', phoneVerified: true },
    password: PASSWORD,
  });
  const userId = made?.userId ?? '';
  const { accessToken } = await issue(bed, CREDENTIALS.user('gil'));
  const ref = user.token(accessToken);
  const { user: waiting } = await bed.call(
    'updateUser',
    { user: ref, email: next, phone: '+819022220000', updateMask: ['email', 'phone'] },
    bed.as.public,
  );
  expect(waiting).toMatchObject({
    ...{ email: old, emailVerified: true, pendingEmail: next },
    ...{ phone: '+819011110000', phoneVerified: true, pendingPhone: '+819022220000' },
  });
  expect(await issue(bed, CREDENTIALS.user(old))).toMatchObject({ subjectId: userId });
  expect((await failureOf(issue(bed, CREDENTIALS.user(next)))).reason).toBe('INVALID_CREDENTIALS');
  const code = await bed.codeOf(userId, 'verify_email');
  await bed.call('confirmEmailVerification', { user: ref, code }, bed.as.public);
  const { user: after } = await bed.call('getUser', { user: user.email(next) });
  expect(after).toMatchObject({ userId, email: next, emailVerified: true, pendingEmail: '' });
  const { messages } = await bed.call('listUserMessages', {});
  const told = messages.filter(({ address }) => address === old).map(({ purpose }) => purpose);
  expect(told.sort()).toEqual([MessagePurpose.ADDRESS_CHANGE_ASKED, MessagePurpose.ADDRESS_CHANGED]);
  const back = { user: ref, phone: '+819011110000', updateMask: ['phone'] };
  expect((await bed.call('updateUser', back, bed.as.public)).user).toMatchObject({ pendingPhone: '' });
});
