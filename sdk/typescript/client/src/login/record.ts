/** What is kept of a login: the same text in every language, as docs/login.md has it. */
import {
  type DescribeTokenResponse,
  type IssuedTokens,
  TokenKind,
} from '../../../../../gen/web/symbolon/v1/token_service.ts';
import { SymbolonError } from '../errors/symbolon-error.ts';
import type { LoginClient, Moment } from './port.ts';

const KINDS = ['USER', 'DEVICE', 'APPLICATION', 'ADMIN', 'ANONYMOUS'] as const;

export interface LoginRecord {
  readonly version: 1;
  readonly client_id: string;
  readonly kind: (typeof KINDS)[number];
  readonly subject_id: string;
  readonly family_id: string;
  readonly token_id: string;
  readonly scopes: readonly string[];
  readonly access_token: string;
  readonly refresh_token?: string;
  readonly obtained_ms: number;
  readonly lifetime_ms: number;
  readonly login_lifetime_ms?: number;
}

/** `sent`: when the call was sent whose answer the tokens are. */
export function recordOfTokens(tokens: IssuedTokens | undefined, clientId: string, sent: Moment): LoginRecord {
  const { issueTime, expireTime, refreshExpireTime, refreshToken = '' } = tokens ?? {};
  if (tokens === undefined || tokens.accessToken === '' || issueTime === undefined || expireTime === undefined) {
    throw new SymbolonError('INTERNAL', 'the server answered no tokens');
  }
  const issued = millisecondsOf(issueTime);
  return {
    ...{ version: 1, client_id: clientId, kind: kindOf(tokens.kind) },
    ...{ subject_id: tokens.subjectId, family_id: tokens.familyId, token_id: tokens.tokenId },
    ...{ scopes: [...tokens.scopes], access_token: tokens.accessToken },
    ...{ obtained_ms: Math.round(sent.wall), lifetime_ms: millisecondsOf(expireTime) - issued },
    ...(refreshToken === '' || refreshExpireTime === undefined
      ? {}
      : { refresh_token: refreshToken, login_lifetime_ms: millisecondsOf(refreshExpireTime) - issued }),
  };
}

export function recordOfDescription(accessToken: string, told: DescribeTokenResponse, sent: Moment): LoginRecord {
  return {
    ...{ version: 1, client_id: told.clientId, kind: kindOf(told.kind) },
    ...{ subject_id: told.subjectId, family_id: told.familyId, token_id: told.tokenId },
    ...{ scopes: [...told.scopes], access_token: accessToken },
    ...{ obtained_ms: Math.round(sent.wall), lifetime_ms: millisecondsOf(told.timeToLive) },
  };
}

/** Undefined: it is not a record. Members that are not known are passed over, and not kept. */
export function parseRecord(text: string): LoginRecord | undefined {
  const read = objectIn(text);
  if (read === undefined) {
    return undefined;
  }
  const texts = TEXTS.every((name) => typeof read[name] === 'string' && read[name] !== '');
  const numbers = isSpan(read.obtained_ms) && isSpan(read.lifetime_ms);
  const scopes = Array.isArray(read.scopes) && read.scopes.every((scope) => typeof scope === 'string');
  const isKnown = KINDS.some((kind) => kind === read.kind);
  const { refresh_token, login_lifetime_ms } = read;
  const isRenewable = typeof refresh_token === 'string' && refresh_token !== '' && isSpan(login_lifetime_ms);
  const isNotRenewable = refresh_token === undefined && login_lifetime_ms === undefined;
  if (read.version !== 1 || !texts || !numbers || !scopes || !isKnown || !(isRenewable || isNotRenewable)) {
    return undefined;
  }
  const names = [...TEXTS, 'version', 'kind', 'scopes', 'obtained_ms', 'lifetime_ms'];
  const renewing = isRenewable ? ['refresh_token', 'login_lifetime_ms'] : [];
  return Object.fromEntries([...names, ...renewing].map((name) => [name, read[name]])) as unknown as LoginRecord;
}

const TEXTS = ['client_id', 'subject_id', 'family_id', 'token_id', 'access_token'] as const;

function objectIn(text: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const read: unknown = JSON.parse(text);
    return typeof read === 'object' && read !== null ? (read as Record<string, unknown>) : undefined;
  } catch {
    // Its message would show what was read.
    return undefined;
  }
}

function isSpan(value: unknown): boolean {
  return typeof value === 'number' && Number.isFinite(value) && value >= 0;
}

function kindOf(kind: TokenKind): LoginRecord['kind'] {
  const found = KINDS.find((name) => TokenKind[name] === kind);
  if (found === undefined) {
    throw new SymbolonError('UNIMPLEMENTED', 'the token is of a kind that is newer than this package');
  }
  return found;
}

function millisecondsOf(time: { readonly seconds: number; readonly nanos: number } | undefined): number {
  return time === undefined ? 0 : Math.round(time.seconds * 1_000 + time.nanos / 1_000_000);
}

/** Whether it stands for a client, and not for a user or a device. */
function isOfClient({ kind }: LoginRecord): boolean {
  return kind === 'APPLICATION' || kind === 'ADMIN' || kind === 'ANONYMOUS';
}

/** Whether the Login can begin it again by itself, with what it calls with. */
export function isOwnOf({ clientId, clientSecret }: LoginClient, record: LoginRecord): boolean {
  const isBySecret = record.kind !== 'ANONYMOUS';
  return isOfClient(record) && record.client_id === clientId && isBySecret === (clientSecret !== undefined);
}

/** A client's own or anonymous login that was begun again is the same one, whatever family it has. */
export function isSameLogin(one: LoginRecord, other: LoginRecord): boolean {
  const isSameClient = one.client_id === other.client_id && one.subject_id === other.subject_id;
  return one.family_id === other.family_id || (isOfClient(one) && one.kind === other.kind && isSameClient);
}

/** Who revokes one of them ends both, and all that came of them. */
export function revocable({ refresh_token, access_token }: LoginRecord): string {
  return refresh_token ?? access_token;
}
