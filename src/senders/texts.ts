/** What the messages say. The values in it come from tenants, and are made harmless here. */

import type { Instant } from '../core/model.ts';
import type { CodePurpose } from '../core/tables/codes.ts';
import { isNotice, type Notice } from '../core/tables/messages.ts';
import type { Outgoing } from './sender.ts';

const MINUTE_MS = 60_000;
/** Longer names are cut: a name is no place for a message of its own. */
const MAX_NAME = 80;

interface Words {
  readonly subject: string;
  /** Why there is a code, and what to do with it. */
  readonly reason: (tenant: string) => string;
  /** What the code is for, after "is your code". */
  readonly use: string;
  /** What becomes of it when nobody asked for it. */
  readonly unasked: string;
}

const WORDS: Readonly<Record<CodePurpose, Words>> = {
  verify_email: {
    subject: 'confirm your e-mail address',
    reason: (tenant) => `This e-mail address was given to ${tenant}. To confirm that it is yours, enter this code:`,
    use: 'to confirm this e-mail address',
    unasked: 'without the code, nothing is confirmed',
  },
  verify_phone: {
    subject: 'confirm your phone number',
    reason: (tenant) => `Your phone number was given to ${tenant}. To confirm that it is yours, enter this code:`,
    use: 'to confirm this phone number',
    unasked: 'without the code, nothing is confirmed',
  },
  reset_password: {
    subject: 'reset your password',
    reason: (tenant) => `Somebody asked ${tenant} to reset your password. To choose a new one, enter this code:`,
    use: 'to reset your password',
    unasked: 'your password stays as it is',
  },
};

interface NoticeWords {
  readonly subject: string;
  /** What happens, and what to do when it was somebody else; in the mail each on a line of its own. */
  readonly told: (tenant: string, address: string) => string;
  readonly unasked: string;
}

const NOTICE_WORDS: Readonly<Record<Notice, NoticeWords>> = {
  address_change_asked: {
    subject: 'your address is to be replaced',
    told: (tenant, address) =>
      `Somebody who is logged in to your account at ${tenant} asked to replace this ${address}.`,
    unasked: 'If it was not you, change your password: that ends every login.',
  },
  address_changed: {
    subject: 'the addresses of your account were changed',
    told: (tenant) => `An e-mail address or phone number of your account at ${tenant} was changed.`,
    unasked: 'If it was not you, change your password: that ends every login.',
  },
};

/** Plain text, without a link: one that asks for clicks teaches people to click. */
export function mailOf(outgoing: Outgoing, now: Instant): { readonly subject: string; readonly text: string } {
  const tenant = nameOf(outgoing);
  if (isNotice(outgoing.purpose)) {
    const { subject, told, unasked } = NOTICE_WORDS[outgoing.purpose];
    const text = ['Hello,', told(tenant, 'e-mail address'), unasked];
    return { subject: `${tenant}: ${subject}`, text: `${text.join('\n\n')}\n` };
  }
  const { subject, reason, unasked } = WORDS[outgoing.purpose];
  const until = new Date(outgoing.expireTime).toISOString().slice(0, 16).replace('T', ' ');
  const text = [
    'Hello,',
    reason(tenant),
    // On a line of its own, so that it can be marked and copied.
    outgoing.code,
    `It is valid for ${validity(outgoing.expireTime - now)}, until ${until} UTC.`,
    `If you did not ask for it, ignore this mail: ${unasked}. Tell the code to nobody.`,
  ];
  return { subject: `${tenant}: ${subject}`, text: `${text.join('\n\n')}\n` };
}

/** The code first, where a notification shows it; short enough for one SMS of most tenants. */
export function smsOf(outgoing: Outgoing, now: Instant): string {
  if (isNotice(outgoing.purpose)) {
    const { told, unasked } = NOTICE_WORDS[outgoing.purpose];
    return `${told(nameOf(outgoing), 'phone number')} ${unasked}`;
  }
  const { use } = WORDS[outgoing.purpose];
  return (
    `${outgoing.code} is your code for ${nameOf(outgoing)} ${use}, valid for ${validity(outgoing.expireTime - now)}. ` +
    'If you did not ask for it, ignore this.'
  );
}

/** A line break in it would begin a header or a line that looks like ours. */
function nameOf({ tenantName, tenantId }: Outgoing): string {
  const name = tenantName.replace(/[\p{C}\p{Zl}\p{Zp}\s]+/gu, ' ').trim();
  return [...(name === '' ? tenantId : name)].slice(0, MAX_NAME).join('');
}

function validity(ms: number): string {
  const minutes = Math.max(1, Math.round(ms / MINUTE_MS));
  if (minutes < 120) {
    return counted(minutes, 'minute');
  }
  const hours = Math.round(minutes / 60);
  return hours < 72 ? counted(hours, 'hour') : counted(Math.round(hours / 24), 'day');
}

function counted(count: number, unit: string): string {
  return `${count} ${unit}${count === 1 ? '' : 's'}`;
}
