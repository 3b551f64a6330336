import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CREDENTIALS, failureOf, issue, PASSWORD } from '../client.ts';
import { type DirectoryBed, openDirectoryBed, user } from './bed.ts';

let bed: DirectoryBed;
let made = 0;

beforeAll(async () => {
  bed = await openDirectoryBed();
});

afterAll(() => bed.close());

/** A user with tokens, whose addresses nobody has verified. */
async function makeUser(email: string, phone: string) {
  made += 1;
  const loginName = `user-${made}`;
  const request = { loginName, email, phone, password: PASSWORD, withToken: {} };
  const { user: each, tokens } = await bed.call('registerUser', request, bed.as.public);
  return { userId: each?.userId ?? '', ref: user.token(tokens?.accessToken ?? '') };
}

const AREAS = [
  {
    what: 'an e-mail address',
    address: 'eve@example.com',
    purpose: 'verify_email',
    start: 'startEmailVerification',
    confirm: 'confirmEmailVerification',
    isVerified: 'emailVerified',
  },
  {
    what: 'a phone number',
    address: '+819012345678',
    purpose: 'verify_phone',
    start: 'startPhoneVerification',
    confirm: 'confirmPhoneVerification',
    isVerified: 'phoneVerified',
  },
] as const;

describe.each(AREAS)('verifying $what', ({ address, purpose, start, confirm, isVerified }) => {
  it('takes the code of the registration, after which it can be logged in with', async () => {
    const { userId, ref } = await makeUser('eve@example.com', '+819012345678');
    expect(await failureOf(issue(bed, CREDENTIALS.user(address)))).toMatchObject({ status: 'FAILED_PRECONDITION' });
    const code = await bed.codeOf(userId, purpose);
    expect(await bed.call(confirm, { user: ref, code }, bed.as.public)).toEqual({});
    expect((await bed.call('getUser', { user: ref }, bed.as.public)).user).toMatchObject({ [isVerified]: true });
    expect(await issue(bed, CREDENTIALS.user(address))).toMatchObject({ subjectId: userId });
    expect(await failureOf(bed.call(start, { user: ref }, bed.as.public))).toMatchObject({
      status: 'FAILED_PRECONDITION',
      reason: 'PRECONDITION_FAILED',
    });
  });

  it('takes the last code only, and none that is wrong or late', async () => {
    const { userId, ref } = await makeUser('fay@example.com', '+819087654321');
    const first = await bed.codeOf(userId, purpose);
    // Messages of one millisecond are in no order.
    bed.clock.advance(1_000);
    const started = await bed.call(start, { user: ref }, bed.as.public);
    expect(started).toMatchObject({
      address: purpose === 'verify_email' ? 'fay@example.com' : '+819087654321',
      expireTime: { seconds: bed.clock.now / 1_000 + 3_600, nanos: 0 },
    });
    const second = await bed.codeOf(userId, purpose);
    if (first !== second) {
      expect(await failureOf(bed.call(confirm, { user: ref, code: first }, bed.as.public))).toMatchObject({
        reason: 'INVALID_CODE',
      });
    }
    bed.clock.advance(3_600_000);
    expect(await failureOf(bed.call(confirm, { user: ref, code: second }, bed.as.public))).toMatchObject({
      reason: 'CODE_EXPIRED',
    });
  });

  it('sends five codes an hour', async () => {
    const { ref } = await makeUser('guy@example.com', '+819011112222');
    for (let i = 1; i < 5; i++) {
      await bed.call(start, { user: ref }, bed.as.public);
    }
    expect(await failureOf(bed.call(start, { user: ref }, bed.as.public))).toMatchObject({
      status: 'RESOURCE_EXHAUSTED',
      reason: 'TOO_MANY_CODES',
      retryDelaySeconds: 3_600,
    });
  });

  it('fails where another was first', async () => {
    const [one, other] = [
      await makeUser('joint@example.com', '+819033334444'),
      await makeUser('joint@example.com', '+819033334444'),
    ];
    const code = await bed.codeOf(one.userId, purpose);
    await bed.call(confirm, { user: user.id(one.userId), code });
    const late = await bed.codeOf(other.userId, purpose);
    expect(await failureOf(bed.call(confirm, { user: other.ref, code: late }, bed.as.public))).toMatchObject({
      status: 'ALREADY_EXISTS',
    });
    expect(await failureOf(bed.call(confirm, { user: other.ref }, bed.as.public))).toMatchObject({
      status: 'INVALID_ARGUMENT',
      message: 'code is missing',
    });
  });
});
