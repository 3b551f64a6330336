/** E-mail addresses: what can be a mailbox (RFC 5321 section 4.1.2), which spellings are the same one, and what mail is sent to. */
import { domainToASCII, domainToUnicode } from 'node:url';
import { toNarrow } from './typed.ts';

export interface Email {
  /** As it is kept and shown: as it was typed, but for spaces around it and what an input method wrote in place of ASCII. */
  readonly address: string;
  /** What mail is sent to: the domain in A-labels (RFC 5890 section 2.3.2.1). */
  readonly mailbox: string;
  /** Equal texts for all spellings of one mailbox. */
  readonly key: string;
}

/** Octets of an address: a path has 256 with its angle brackets (RFC 5321 section 4.5.3.1). */
const MAX_EMAIL = 254;
const MAX_LOCAL_PART = 64;
/** UTF-16 units of what is typed. */
const MAX_TYPED = 2 * MAX_EMAIL;

/** Dot-string (RFC 5321), with letters, marks and numbers of all scripts (RFC 6531 section 3.3). No quoted strings: nobody has one. */
const LOCAL_PART = /^[\w!#$%&'*+/=?^`{|}~\-\p{L}\p{M}\p{N}]+(?:\.[\w!#$%&'*+/=?^`{|}~\-\p{L}\p{M}\p{N}]+)*$/u;
/** A host's name under a top-level domain, in A-labels. An address in digits has none. */
const DOMAIN = /^(?=.{1,253}$)(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z](?:[a-z0-9-]{0,61}[a-z0-9])?$/;
/** What the host of a URL may have in place of itself would be decoded, cut off or left out: nothing of it comes there. */
const TYPED_DOMAIN = /^[a-zA-Z0-9.\-\u{80}-\u{10ffff}]+$/u;
/** RFC 3490 section 3.1. */
const DOTS = /[\u3002\uff0e\uff61]/g;

/** Undefined for what is no address; `refuseEmail` says why. */
export function toEmail(typed: string): Email | undefined {
  const judged = judge(typed);
  return typeof judged === 'string' ? undefined : judged;
}

/** Why a text can't be an address, to follow the name of its field; undefined when it can. */
export function refuseEmail(typed: string): string | undefined {
  const judged = judge(typed);
  return typeof judged === 'string' ? judged : undefined;
}

const NOT_AN_ADDRESS = 'must be an e-mail address, such as ann@example.com';
const NOT_ALONE = 'must be the address alone, such as ann@example.com: no name, brackets, quotes or spaces';
const TOO_LONG = `must have at most ${MAX_LOCAL_PART} bytes before the @ and ${MAX_EMAIL} in all`;
const LOOK_ALIKE = 'must not mix alphabets or have characters that look like others';

function judge(typed: string): Email | string {
  if (typed.length > MAX_TYPED) {
    return TOO_LONG;
  }
  const text = toNarrow(typed).trim().normalize('NFC');
  if (/[\s<>()[\]:;,\\"]/.test(text)) {
    return NOT_ALONE;
  }
  const at = text.lastIndexOf('@');
  const [local, typedDomain] = [
    text.slice(0, Math.max(at, 0)),
    text
      .slice(at + 1)
      .replace(DOTS, '.')
      .replace(/\.$/, ''),
  ];
  const domain = toDomain(typedDomain);
  if (isLookAlike(local) || (domain !== undefined && isLookAlike(domainToUnicode(domain)))) {
    return LOOK_ALIKE;
  }
  if (domain === undefined || !LOCAL_PART.test(local)) {
    return NOT_AN_ADDRESS;
  }
  const mailbox = `${local}@${domain}`;
  if (Buffer.byteLength(local) > MAX_LOCAL_PART || Buffer.byteLength(mailbox) > MAX_EMAIL) {
    return TOO_LONG;
  }
  const shown = /^[\x21-\x7e]+$/.test(typedDomain) ? typedDomain : domainToUnicode(domain);
  return { address: `${local}@${shown}`, mailbox, key: `${folded(local)}@${domain}` };
}

/** A domain in A-labels, by the mapping of UTS 46; undefined for what is no name of a host. */
function toDomain(typed: string): string | undefined {
  const domain = TYPED_DOMAIN.test(typed) ? domainToASCII(typed) : '';
  const readable = domainToUnicode(domain);
  // An A-label that stays one stands for nothing, and mail to it can't be.
  const isWhole = !/(?:^|\.)xn--/.test(readable) && domainToASCII(readable) === domain;
  return DOMAIN.test(domain) && isWhole ? domain : undefined;
}

/** Servers may tell cases apart (RFC 5321 section 2.4), and none does. The two small sigmas have one capital. */
function folded(local: string): string {
  return local.toLowerCase().replaceAll('\u03c2', '\u03c3').normalize('NFC');
}

const SCRIPTS = [/\p{Script=Latin}/u, /\p{Script=Cyrillic}/u, /\p{Script=Greek}/u, /\p{Script=Armenian}/u];

/**
 * Whether a text could be taken for another by people: invisible characters, compatibility forms (Unicode UAX 15), or one label of
 * two alphabets whose letters look alike (UTS 39 section 5.1).
 */
function isLookAlike(text: string): boolean {
  if (
    /[\p{Cf}\p{Zs}\p{Default_Ignorable_Code_Point}]/u.test(text) ||
    text.normalize('NFKC') !== text.normalize('NFC')
  ) {
    return true;
  }
  return text.split('.').some((label) => SCRIPTS.filter((script) => script.test(label)).length > 1);
}
