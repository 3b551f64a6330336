/** What the tests of Kii's REST surface share: a client of it, a token of each kind, and what was sent to people. */
import { MESSAGE_PURPOSE } from '../../../src/core/operations/codes.ts';
import type { CodePurpose } from '../../../src/core/tables/codes.ts';
import { execute } from '../../support.ts';
import { ADMIN, APP, APP_PATH, type HttpBed, PASSWORD, postToken, send, type TextAnswer } from '../support.ts';

export const API = `/api/apps/${APP}`;

export interface Sent {
  readonly token?: string | undefined;
  /** An object is sent as JSON, a text as it is. */
  readonly body?: object | string | undefined;
  /** `X` for `application/vnd.kii.X+json`; with a slash as it is; empty for none. */
  readonly type?: string | undefined;
  readonly headers?: Readonly<Record<string, string>>;
}

/** `path` is below the app's, unless it begins with a slash. */
export function rest(
  bed: HttpBed,
  method: string,
  path: string,
  { token, body, type = 'application/json', headers = {} }: Sent = {},
): Promise<TextAnswer> {
  const mediaType = type === '' || type.includes('/') ? type : `application/vnd.kii.${type}+json`;
  return send(`${bed.url}${path.startsWith('/') ? path : `${API}/${path}`}`, {
    method,
    headers: {
      ...(body === undefined || mediaType === '' ? {} : { 'content-type': mediaType }),
      ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
      ...headers,
    },
    ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  });
}

export async function tokenOf(bed: HttpBed, body: object, path: string = APP_PATH): Promise<string> {
  const { status, json, text } = await postToken(bed, body, { path });
  if (status !== 200) {
    throw new Error(`no token: ${text}`);
  }
  return String(json.access_token);
}

export function userToken(bed: HttpBed, username: string, password: string = PASSWORD): Promise<string> {
  return tokenOf(bed, { username, password });
}

export interface Tokens {
  readonly admin: string;
  /** Of user-1. */
  readonly alice: string;
  /** Of user-2. */
  readonly bob: string;
  /** Of th.1. */
  readonly thing: string;
  readonly anonymous: string;
}

export async function tokensOf(bed: HttpBed): Promise<Tokens> {
  return {
    admin: await tokenOf(bed, { client_id: ADMIN, client_secret: bed.adminSecret }),
    alice: await userToken(bed, 'alice@example.com'),
    bob: await userToken(bed, 'bob'),
    thing: await userToken(bed, 'VENDOR_THING_ID:Sensor-1'),
    anonymous: await tokenOf(bed, { client_id: APP, client_secret: 'any' }),
  };
}

const SECOND_MS = 1_000;

/** The codes that were sent to a user since this was asked last, by purpose; later ones win. */
export async function sentCodes(bed: HttpBed, subjectId: string): Promise<Partial<Record<CodePurpose, string>>> {
  const outcome = await execute(bed.store, { kind: 'take_messages', limit: 1_000, leaseMs: SECOND_MS });
  if ('refusal' in outcome) {
    throw new Error(outcome.refusal.message);
  }
  const theirs = outcome.answer.messages
    .filter((message) => message.subjectId === subjectId)
    .sort((one, other) => one.createTime - other.createTime);
  return Object.fromEntries(
    theirs.map(({ purpose, sealed }) => [purpose, sealed && bed.services.keys.unseal(MESSAGE_PURPOSE, sealed)]),
  );
}

/** Status and error code, for tables. */
export function told({ status, json }: TextAnswer): string {
  return json.errorCode === undefined ? String(status) : `${status} ${json.errorCode}`;
}

export interface RegisteredUser {
  readonly id: string;
  readonly token: string;
}

let count = 0;

/** A name that nobody has yet. */
export function freshName(): string {
  count += 1;
  return `user-${count}`;
}

/** Registers a user of its own for one test. */
export async function register(bed: HttpBed, fields: object = {}): Promise<RegisteredUser> {
  const { status, json, text } = await rest(bed, 'POST', 'users', {
    body: { loginName: freshName(), password: PASSWORD, ...fields },
    type: 'RegistrationAndAuthorizationRequest',
  });
  if (status !== 201) {
    throw new Error(`not registered: ${text}`);
  }
  return { id: String(json.userID), token: String(json._accessToken) };
}
