import type { Channel } from '../core/tables/messages.ts';
import { SendError, type Sender } from './sender.ts';

const FLAGS: Readonly<Record<Channel, string>> = {
  email: '--smtp-url and --mail-from',
  sms: '--sms-webhook-url and --sms-webhook-secret-file',
};

/** Stands where a channel has no sender. Its messages wait until they expire, for a server that has one may come. */
export function noSender(channel: Channel): Sender {
  return {
    send: async () => {
      throw new SendError('no_sender', `no sender is configured for ${channel}. Give ${FLAGS[channel]}`);
    },
    close: async () => undefined,
  };
}
