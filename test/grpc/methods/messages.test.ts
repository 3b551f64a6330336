import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { MessageChannel, MessagePurpose, MessageState } from '../../../gen/ts/symbolon/v1/user_service.ts';
import { PASSWORD } from '../client.ts';
import { type DirectoryBed, openDirectoryBed } from './bed.ts';

let bed: DirectoryBed;

beforeAll(async () => {
  bed = await openDirectoryBed();
});

afterAll(() => bed.close());

describe('messages', () => {
  it('are told without their codes', async () => {
    const request = { loginName: 'mia', email: 'mia@example.com', password: PASSWORD };
    const { user: made } = await bed.call('registerUser', request, bed.as.public);
    const answer = await bed.call('listUserMessages', {});
    const now = { seconds: bed.clock.now / 1_000, nanos: 0 };
    expect(answer.messages).toEqual([
      {
        messageId: expect.any(String),
        userId: made?.userId,
        channel: MessageChannel.EMAIL,
        purpose: MessagePurpose.VERIFY_EMAIL,
        address: 'mia@example.com',
        state: MessageState.PENDING,
        attempts: 0,
        lastError: '',
        createTime: now,
        nextAttemptTime: now,
        expireTime: { seconds: now.seconds + 3_600, nanos: 0 },
      },
    ]);
    expect(JSON.stringify(answer)).not.toContain(await bed.codeOf(made?.userId ?? '', 'verify_email'));
    expect((await bed.call('listUserMessages', {}, bed.as.otherAdmin)).messages).toEqual([]);
  });
});
