/** Under which addresses tenants issue tokens (RFC 8414 section 2, `issuer`), and which of them are served where no path names one. */
import { InvalidArgumentError, type Option } from 'commander';
import { TENANT_ID_FORM } from '../core/names.ts';
import { isLoopbackHost, option } from './flags.ts';

export interface IssuersConfig {
  /** Without a slash at its end. Undefined: where HTTP listens, on loopback. */
  readonly publicUrl: string | undefined;
  /** Served at the root too. Undefined: none. */
  readonly defaultTenant: string | undefined;
  /** Served to clients of ARTIK Cloud. Undefined: none. */
  readonly artikTenant: string | undefined;
}

/** The options as commander reads them. */
export interface IssuerOptions {
  readonly publicUrl?: string;
  readonly defaultTenant?: string;
  readonly artikTenant?: string;
}

/** The one that a demo makes. */
export const DEMO_TENANT = 'demo';

export function issuerOptions(): Option[] {
  return [
    option(
      '--public-url <address>',
      'how clients reach REST, such as https://login.example.com (default: the HTTP address, on loopback)',
    ).argParser(parsePublicUrl),
    option(
      '--default-tenant <id>',
      'the tenant whose OAuth endpoints are at the root too (default: that of --demo)',
    ).argParser(parseTenant),
    option(
      '--artik-tenant <id>',
      'the tenant that clients of ARTIK Cloud are served by (default: that of --demo)',
    ).argParser(parseTenant),
  ];
}

export function issuersConfig(options: IssuerOptions, isDemo: boolean): IssuersConfig {
  const standard = isDemo ? DEMO_TENANT : undefined;
  const { publicUrl, defaultTenant = standard, artikTenant = standard } = options;
  return { publicUrl, defaultTenant, artikTenant };
}

/** An issuer is https, without query and fragment (RFC 8414 section 2). The paths below it are ours. */
export function parsePublicUrl(text: string): string {
  const url = /^https?:\/\//i.test(text) ? URL.parse(text) : null;
  const isBare =
    url !== null && /^\/?$/.test(url.pathname) && !/[?#@]/.test(text) && url.hostname !== '' && url.port !== '0';
  if (!isBare) {
    throw new InvalidArgumentError('It must be https:// and a host, without a path, for example https://example.com.');
  }
  if (url.protocol !== 'https:' && !isLoopbackHost(url.hostname)) {
    throw new InvalidArgumentError('It must be https, for tokens go there; http only where the host is this machine.');
  }
  return url.origin;
}

function parseTenant(text: string): string {
  if (!TENANT_ID_FORM.test(text)) {
    throw new InvalidArgumentError('It must be the id of a tenant.');
  }
  return text;
}
