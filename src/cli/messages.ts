/** `symbolon message`: what was to be sent to people, and what became of it. */
import { Command } from 'commander';
import type { StoreOptions } from '../config/store.ts';
import type { Page } from '../core/table.ts';
import { MESSAGES, type Message } from '../core/tables/messages.ts';
import { jsonOption, Lines, type OutputOptions, plain } from './output.ts';
import { onStore, requireTenant, withStore } from './workspace.ts';

interface ListOptions extends OutputOptions, StoreOptions {
  readonly tenant: string;
}

const PAGE = 1_000;

export function messageCommand(): Command {
  const list = new Command('list')
    .description('print the messages of a tenant, one on a line, until a week after their codes expired; never a code')
    .requiredOption('--tenant <tenant-id>', 'id of the tenant')
    .addOption(jsonOption())
    .action(listMessages);
  return new Command('message').description('messages to people').addCommand(onStore(list));
}

async function listMessages(options: ListOptions): Promise<void> {
  await withStore(options, async (store) => {
    await requireTenant(store, options.tenant);
    const lines = new Lines();
    let page: Page = { limit: PAGE };
    while (lines.isWanted) {
      const messages = await store.list(MESSAGES, { tenantId: options.tenant }, page);
      for (const message of messages) {
        const result = resultOf(message);
        lines.print(options.json === true ? JSON.stringify(result) : plain(Object.values(result).join('  ')));
      }
      const last = messages.at(-1);
      if (last === undefined) {
        return;
      }
      page = { limit: PAGE, after: [last.createTime, last.messageId] };
    }
  });
}

function resultOf(message: Message) {
  return {
    create_time: new Date(message.createTime).toISOString(),
    message_id: message.messageId,
    state: message.state,
    channel: message.channel,
    purpose: message.purpose,
    address: message.address,
    user_id: message.subjectId,
    attempts: message.attempts,
    last_error: message.lastError ?? '',
  };
}
