/** What can be registered can be written to: mail to each address that the core takes reaches exactly its mailbox. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { toEmail } from '../../src/core/text/emails.ts';
import { SmtpSender } from '../../src/senders/smtp.ts';
import { MailServer, NOW, outgoing, sendErrorOf } from './support.ts';

const ATEXT = "abcXYZ019!#$%&'*+/=?^_`{|}~-".split('');
const atom = fc.string({ unit: fc.constantFrom(...ATEXT), minLength: 1, maxLength: 20 });
const foreign = fc.string({
  unit: fc.constantFrom(...'\u00e9\u00fc\u4f8b\u30a2\u0434\u0645'.split('')),
  minLength: 1,
  maxLength: 6,
});
const label = fc.stringMatching(/^[a-z0-9]([a-z0-9-]{0,8}[a-z0-9])?$/);
const domain = fc.constantFrom(
  'example.com',
  'B\u00fccher.example',
  '\u4f8b\u3048\u3002jp',
  'xn--bcher-kva.example',
  'example.co.jp.',
);
const address = fc
  .tuple(fc.array(fc.oneof(atom, foreign), { minLength: 1, maxLength: 2 }), fc.option(label), domain)
  .map(([atoms, sub, name]) => `${atoms.join('.')}@${sub === null ? '' : `${sub}.`}${name}`);

describe('mail', () => {
  it('reaches exactly the mailbox of an address that can be registered', async () => {
    await using server = await MailServer.start();
    const sender = new SmtpSender(server.config(), { clock: () => NOW });
    await fc.assert(
      fc.asyncProperty(address, async (typed) => {
        const email = toEmail(typed);
        fc.pre(email !== undefined);
        server.mails.length = 0;
        await sender.send(outgoing({ address: email.address }));
        // The server shows A-labels as U-labels.
        expect(server.mails.map(({ to }) => to.map((each) => toEmail(each)?.mailbox))).toEqual([[email.mailbox]]);
        const [head = ''] = (server.mails[0]?.raw ?? '').split('\r\n\r\n');
        const to = head
          .replaceAll(/\r\n[ \t]/g, ' ')
          .split('\r\n')
          .filter((line) => /^(to|cc|bcc):/i.test(line));
        expect(to).toHaveLength(1);
      }),
      { numRuns: 60 },
    );
  });

  it('is not sent to what can’t be registered', async () => {
    await using server = await MailServer.start();
    const sender = new SmtpSender(server.config(), { clock: () => NOW });
    for (const typed of [
      'bob@example..com',
      '.bob@example.com',
      'bob@[127.0.0.1]',
      'bob@localhost',
      'a(b)@example.com',
    ]) {
      expect(toEmail(typed)).toBeUndefined();
      const error = await sendErrorOf(sender.send(outgoing({ address: typed })));
      expect(error).toMatchObject({ reason: 'address', permanent: true });
    }
    expect(server.mails).toEqual([]);
  });
});
