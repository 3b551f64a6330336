import type { Instant } from '../core/model.ts';
import type { Channel } from '../core/tables/messages.ts';
import { logSender } from './log.ts';
import { noSender } from './none.ts';
import type { Sender } from './sender.ts';
import { type SmsWebhook, SmsWebhookSender } from './sms-webhook.ts';
import type { SmtpServer } from './smtp.ts';

export type Senders = Readonly<Record<Channel, Sender>>;

/** What the server was told about sending. */
export interface SendersConfig {
  readonly smtp?: SmtpServer;
  readonly smsWebhook?: SmsWebhook;
}

/** `print`, of a demo, takes the codes of channels that have no sender. */
export async function openSenders(
  { smtp, smsWebhook }: SendersConfig,
  { clock, print }: { readonly clock: () => Instant; readonly print?: (text: string) => void },
): Promise<Senders> {
  const otherwise = (channel: Channel) => (print === undefined ? noSender(channel) : logSender(print));
  return {
    email: smtp === undefined ? otherwise('email') : await smtpSender(smtp, clock),
    sms: smsWebhook === undefined ? otherwise('sms') : new SmsWebhookSender(smsWebhook, { clock }),
  };
}

/** Not before: who sends no mail need not load what sends it. */
async function smtpSender(server: SmtpServer, clock: () => Instant): Promise<Sender> {
  const { SmtpSender } = await import('./smtp.ts');
  return new SmtpSender(server, { clock });
}
