/** The four methods as loads, and what their answers hold. */

import {
  IntrospectRequest,
  type IssuedTokens,
  IssueResponse,
  RefreshRequest,
  RefreshResponse,
  RevokeRequest,
} from '../../gen/ts/symbolon/v1/token_service.ts';
import { tokensIn } from '../../test/issue-result.ts';
import type { LoadPlan, LoadResult } from '../load/plan.ts';
import { runLoad, type Started } from '../processes.ts';
import { basic, type ClientSecret, issueMessage } from '../tokens.ts';
import { OTHERS_CPU } from './side-store.ts';

export const METHODS = ['Issue', 'Refresh', 'Introspect', 'Revoke'] as const;
export type Method = (typeof METHODS)[number];

/** The first field of a live token's Introspect: `active`, true. */
const ACTIVE = '0801';
const CONNECTIONS = 4;
const STREAMS = 32;

/** What is called. */
export interface Target {
  readonly server: Started;
  readonly client: ClientSecret;
  readonly storePid?: number;
}

type Messages = Pick<LoadPlan, 'messages' | 'order' | 'seconds' | 'warmupSeconds'> & Partial<LoadPlan>;

export function run(target: Target, method: Method, messages: Messages): Promise<LoadResult> {
  return runLoad(planOf(target, method, messages), OTHERS_CPU);
}

export function planOf({ server, client, storePid }: Target, method: Method, messages: Messages): LoadPlan {
  return {
    address: server.address,
    path: `/symbolon.v1.TokenService/${method}`,
    authorization: basic(client),
    connections: CONNECTIONS,
    streams: STREAMS,
    serverPid: server.pid,
    ...(storePid === undefined ? {} : { storePid }),
    ...(method === 'Introspect' ? { answerStart: ACTIVE } : {}),
    ...messages,
  };
}

/** So many logins. */
export async function issue(target: Target, count: number): Promise<IssuedTokens[]> {
  const messages = Array.from({ length: count }, () => issueMessage(target.client));
  return issuedIn(await runAll(target, 'Issue', messages));
}

/** Each of them once. */
export async function refresh(target: Target, tokens: readonly IssuedTokens[]): Promise<IssuedTokens[]> {
  const { answers } = await runAll(target, 'Refresh', tokens.map(refreshMessage));
  return answers.flatMap((answer) => RefreshResponse.decode(Buffer.from(answer, 'base64')).tokens ?? []);
}

/** Fails where one of them does, for what follows counts them. */
async function runAll(target: Target, method: Method, messages: readonly string[]): Promise<LoadResult> {
  const plan = { messages, order: 'once', warmupSeconds: 0, seconds: 3_600, keepAnswers: true } as const;
  const result = await run(target, method, plan);
  if (result.failed > 0) {
    throw new Error(`${result.failed} of ${messages.length} calls of ${method} failed`);
  }
  return result;
}

export function issuedIn({ answers }: LoadResult): IssuedTokens[] {
  return answers.flatMap((answer) => tokensIn(IssueResponse.decode(Buffer.from(answer, 'base64'))) ?? []);
}

export function refreshMessage({ refreshToken }: IssuedTokens): string {
  return base64(RefreshRequest.encode(RefreshRequest.fromPartial({ refreshToken })).finish());
}

export function introspectMessage({ accessToken }: IssuedTokens): string {
  return base64(IntrospectRequest.encode(IntrospectRequest.fromPartial({ token: accessToken })).finish());
}

export function revokeMessage({ accessToken }: IssuedTokens): string {
  const target = { $case: 'token' as const, value: accessToken };
  return base64(RevokeRequest.encode(RevokeRequest.fromPartial({ target })).finish());
}

function base64(message: Uint8Array): string {
  return Buffer.from(message).toString('base64');
}
