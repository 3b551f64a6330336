/** How messages leave: the flags of the senders, and a message that names the flag and the fix when they are wrong. */
import type { Option } from 'commander';
import type { SendersConfig } from '../senders/open.ts';
import { ADDRESS_FORM } from '../senders/sender.ts';
import type { SmsWebhook } from '../senders/sms-webhook.ts';
import type { Mailbox, SmtpServer } from '../senders/smtp.ts';
import { ConfigError, fileOf, filePem, isLoopbackHost, option, switchOption, variableOf } from './flags.ts';

/** The options as commander reads them. */
export interface SenderOptions {
  readonly smtpUrl?: string;
  readonly smtpPasswordFile?: string;
  readonly smtpTlsCa?: string;
  readonly smtpInsecurePlaintext?: boolean;
  readonly mailFrom?: string;
  readonly smsWebhookUrl?: string;
  readonly smsWebhookSecretFile?: string;
}

/** Listed apart: most servers need none of them to be tried. */
const HELP_GROUP = 'How codes reach people:';
/** Submission (RFC 6409), and the same over TLS from the first byte (RFC 8314). */
const PORTS = { 'smtp:': 587, 'smtps:': 465 } as const;
/** Standard Webhooks: `whsec_` and 24 to 64 bytes in base64. */
const SECRET_FORM = /^whsec_([A-Za-z0-9+/]+={0,2})$/;
const SECRET_BYTES = { least: 24, most: 64 };

export function senderOptions(): Option[] {
  const options = [
    option(
      '--smtp-url <address>',
      'the mail server: smtp://user@host:port, with STARTTLS, or smtps://…; better say a password in SYMBOLON_SMTP_URL',
    ),
    option('--smtp-password-file <file>', 'file that holds the password of that user, when the address has none'),
    option('--smtp-tls-ca <file>', 'PEM certificates that the mail server’s is checked by (default: those of Node)'),
    switchOption('--smtp-insecure-plaintext', 'speak without TLS to a mail server on another machine'),
    option('--mail-from <address>', 'who mails come from: codes@example.com or "Example <codes@example.com>"'),
    option('--sms-webhook-url <address>', 'where codes that go by SMS are posted: https, or http on this machine'),
    option(
      '--sms-webhook-secret-file <file>',
      'file of the whsec_… secrets that sign them: one a line, two while you rotate them',
    ),
  ];
  return options.map((each) => each.helpGroup(HELP_GROUP));
}

export function sendersConfig(options: SenderOptions): SendersConfig {
  const smtp = smtpServer(options);
  const smsWebhook = smsWebhookOf(options);
  return { ...(smtp === undefined ? {} : { smtp }), ...(smsWebhook === undefined ? {} : { smsWebhook }) };
}

function smtpServer(options: SenderOptions): SmtpServer | undefined {
  const { smtpUrl, mailFrom, smtpPasswordFile, smtpTlsCa, smtpInsecurePlaintext = false } = options;
  if (smtpUrl === undefined) {
    const given = [
      ['--mail-from', mailFrom],
      ['--smtp-password-file', smtpPasswordFile],
      ['--smtp-tls-ca', smtpTlsCa],
      ['--smtp-insecure-plaintext', smtpInsecurePlaintext || undefined],
    ].find(([, value]) => value !== undefined);
    if (given !== undefined) {
      throw new ConfigError(`${given[0]} is given without --smtp-url. Give both`);
    }
    return undefined;
  }
  if (mailFrom === undefined) {
    throw new ConfigError('--smtp-url is given without --mail-from. Give both');
  }
  const url = smtpAddress(smtpUrl);
  const auth = authOf(url, smtpPasswordFile);
  return {
    host: url.hostname.replace(/^\[|\]$/g, ''),
    port: url.port === '' ? PORTS[url.protocol as keyof typeof PORTS] : Number(url.port),
    tls: tlsOf(url, smtpInsecurePlaintext, smtpTlsCa !== undefined),
    from: mailbox(mailFrom),
    ...(smtpTlsCa === undefined ? {} : { ca: filePem('--smtp-tls-ca', smtpTlsCa) }),
    ...(auth === undefined ? {} : { auth }),
  };
}

/** Repeats nothing of the address, for it may hold a password. */
function smtpAddress(text: string): URL {
  const url = /^smtps?:\/\//i.test(text.trim()) && URL.canParse(text) ? new URL(text) : undefined;
  const isWhole = url !== undefined && url.hostname !== '' && /^\/?$/.test(url.pathname) && url.port !== '0';
  if (!isWhole || url.search !== '' || url.hash !== '') {
    throw new ConfigError(
      `--smtp-url (or ${variableOf('--smtp-url')}) is not the address of a mail server. Say smtp://user:password@host:port or smtps://…; ` +
        'in the password, % and what is not a letter or digit are written as %25 and the like',
    );
  }
  return url;
}

function authOf(url: URL, passwordFile: string | undefined): SmtpServer['auth'] {
  const user = decoded(url.username);
  const given = decoded(url.password);
  if (passwordFile === undefined) {
    if ((user === '') !== (given === '')) {
      const [half, other] = user === '' ? ['password', 'user'] : ['user', 'password'];
      throw new ConfigError(
        `--smtp-url names a ${half} and no ${other}. Give both, the password also by --smtp-password-file`,
      );
    }
    return user === '' ? undefined : { user, password: given };
  }
  if (user === '' || given !== '') {
    const wrong = user === '' ? 'names no user. Say smtp://user@host' : 'has a password too. Leave one of them out';
    throw new ConfigError(`--smtp-password-file is given, and --smtp-url ${wrong}`);
  }
  // Editors end files with a line break, which is no part of the password.
  const password = fileOf('--smtp-password-file', passwordFile, {
    instead: 'Name a file that holds the password',
    isSecret: true,
  })
    .toString('utf8')
    .replace(/\r?\n$/, '');
  if (password === '' || /[\r\n]/.test(password)) {
    throw new ConfigError(`--smtp-password-file ${passwordFile} does not hold one line. Write the password into it`);
  }
  return { user, password };
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    throw new ConfigError('--smtp-url has a % in its user or password that begins no escape. Write %25 for it');
  }
}

/** Closed by default: what can be read on the way lets who reads it in. */
function tlsOf(url: URL, plaintext: boolean, hasCa: boolean): SmtpServer['tls'] {
  if (plaintext && (url.protocol === 'smtps:' || hasCa)) {
    const other = hasCa ? '--smtp-tls-ca' : 'an smtps:// address';
    throw new ConfigError(`--smtp-insecure-plaintext is given with ${other}. Leave one of them out`);
  }
  if (url.protocol === 'smtps:') {
    return 'implicit';
  }
  return plaintext || (isLoopbackHost(url.hostname) && !hasCa) ? 'opportunistic' : 'starttls';
}

function mailbox(text: string): Mailbox {
  const match = /^(?:"?([^"<>@\p{Cc}]*?)"?\s*<([^<>\s]+)>|([^<>\s]+))$/u.exec(text.trim());
  const address = match?.[2] ?? match?.[3] ?? '';
  if (!ADDRESS_FORM.test(address)) {
    throw new ConfigError('--mail-from is not a mail address. Say codes@example.com or "Example <codes@example.com>"');
  }
  return { name: match?.[1] ?? '', address };
}

function smsWebhookOf({ smsWebhookUrl, smsWebhookSecretFile }: SenderOptions): SmsWebhook | undefined {
  if (smsWebhookUrl === undefined && smsWebhookSecretFile === undefined) {
    return undefined;
  }
  if (smsWebhookUrl === undefined || smsWebhookSecretFile === undefined) {
    const flags = ['--sms-webhook-url', '--sms-webhook-secret-file'] as const;
    const [given, missing] = smsWebhookUrl === undefined ? [flags[1], flags[0]] : flags;
    throw new ConfigError(`${given} is given without ${missing}. Give both`);
  }
  return { url: webhookAddress(smsWebhookUrl), secrets: secretsIn(smsWebhookSecretFile) };
}

/** Repeats nothing of the address: gateways put keys into theirs. */
function webhookAddress(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined || !/^https?:$/.test(url.protocol) || url.username !== '' || url.password !== '') {
    throw new ConfigError(
      '--sms-webhook-url is not the address of a webhook. Say https://host/path, without user and password',
    );
  }
  if (url.protocol === 'http:' && !isLoopbackHost(url.hostname)) {
    throw new ConfigError(
      '--sms-webhook-url begins with http:, and codes would cross the network in plain text. Say https://, or name this machine',
    );
  }
  return url.href;
}

function secretsIn(path: string): Uint8Array[] {
  const flag = '--sms-webhook-secret-file';
  const text = fileOf(flag, path, { instead: 'Name a file that holds a secret', isSecret: true }).toString('utf8');
  const lines = text.split(/\s+/).filter((line) => line !== '');
  const secrets = lines.map((line) => Buffer.from(SECRET_FORM.exec(line)?.[1] ?? '', 'base64'));
  const areWhole = secrets.every(({ length }) => length >= SECRET_BYTES.least && length <= SECRET_BYTES.most);
  if (!areWhole || secrets.length < 1 || secrets.length > 2) {
    throw new ConfigError(
      `${flag} ${path} must hold one secret a line, one or two of them: whsec_ and 24 to 64 bytes in base64. ` +
        'Make one by: echo "whsec_$(openssl rand -base64 32)"',
    );
  }
  return secrets;
}
