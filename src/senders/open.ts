import type { Instant } from '../core/model.ts';
import type { Channel } from '../core/tables/messages.ts';
import { logSender } from './log.ts';
import { noSender } from './none.ts';
import type { Sender } from './sender.ts';
import { type SmsWebhook, SmsWebhookSender } from './sms-webhook.ts';
import { SmtpSender, type SmtpServer } from './smtp.ts';

export type Senders = Readonly<Record<Channel, Sender>>;

/** What the server was told about sending. */
export interface SendersConfig {
  readonly smtp?: SmtpServer;
  readonly smsWebhook?: SmsWebhook;
}

/** `print`, of a demo, takes the codes of channels that have no sender. */
export function openSenders(
  { smtp, smsWebhook }: SendersConfig,
  { clock, print }: { readonly clock: () => Instant; readonly print?: (text: string) => void },
): Senders {
  const otherwise = (channel: Channel) => (print === undefined ? noSender(channel) : logSender(print));
  return {
    email: smtp === undefined ? otherwise('email') : new SmtpSender(smtp, { clock }),
    sms: smsWebhook === undefined ? otherwise('sms') : new SmsWebhookSender(smsWebhook, { clock }),
  };
}
