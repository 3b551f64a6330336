/** `symbolon message`: what was to be sent to people, and what became of it. */
import { Command } from 'commander';
import type { UserMessage } from '../../gen/ts/symbolon/v1/user_service.ts';
import { withApi } from './api/open.ts';
import { printPages } from './lists.ts';
import { type TenantOptions, tenantCommand, tenantIn } from './naming.ts';
import type { Result } from './terminal/output.ts';
import { timeText } from './times.ts';

/** As ts-proto numbers them. */
const CHANNELS = ['', 'email', 'sms'];
const PURPOSES = ['', 'verify_email', 'verify_phone', 'reset_password', 'address_change_asked', 'address_changed'];
const STATES = ['', 'pending', 'sent', 'failed'];

export function messageCommand(): Command {
  const list = tenantCommand(new Command('list'), 'id of the tenant')
    .description('print the messages of a tenant, until a week after their codes expired; never a code')
    .action(listMessages);
  return new Command('message').description('messages to people').addCommand(list);
}

async function listMessages(options: TenantOptions): Promise<void> {
  await withApi(options, tenantIn(options), (api) =>
    printPages(options, {
      columns: [
        'create_time',
        'message_id',
        'state',
        'channel',
        'purpose',
        'address',
        'user_id',
        'attempts',
        'last_error',
      ],
      none: 'There is no message',
      read: async (page) => {
        const { messages, nextPageToken } = await api.call('listUserMessages', page);
        return { rows: messages.map(resultOf), next: nextPageToken };
      },
    }),
  );
}

function resultOf(message: UserMessage): Result {
  return {
    create_time: timeText(message.createTime),
    message_id: message.messageId,
    state: STATES[message.state] ?? '',
    channel: CHANNELS[message.channel] ?? '',
    purpose: PURPOSES[message.purpose] ?? '',
    address: message.address,
    user_id: message.userId,
    attempts: message.attempts,
    last_error: message.lastError,
  };
}
