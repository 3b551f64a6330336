/** Errors: the same code, reason, domain and text as over gRPC, in the shape of what was spoken. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { DOMAIN } from '../../../gen/ts/symbolon/domain.ts';
import { SymbolonError } from '../../../src/core/errors.ts';
import {
  basic,
  type CallFailure,
  CREDENTIALS,
  failureOf,
  issue,
  metadataOf,
  PASSWORD,
  revoke,
} from '../../grpc/client.ts';
import { user } from '../../grpc/methods/bed.ts';
import { send } from '../support.ts';
import {
  basicHeader,
  type ConnectBed,
  callThrough,
  DOOR_NAMES,
  DOORS,
  type Failed,
  failureThrough,
  type Message,
  openConnectBed,
} from './doors.ts';

let bed: ConnectBed;

beforeAll(async () => {
  bed = await openConnectBed();
});

afterAll(() => bed.close());

const BEN = { loginName: 'ann', password: PASSWORD };
const NO_TOKEN = { user: { accessToken: 'syu_nothing' } };

/** A call, and the same over gRPC. */
const FAILURES: [string, string, Message, () => Promise<unknown>][] = [
  ['a wrong secret', 'GetUser', NO_TOKEN, () => bed.call('getUser', {}, basic('admin', 'wrong'))],
  ['a missing field', 'GetUser', {}, () => bed.call('getUser', {}, bed.as.public)],
  ['a taken name', 'RegisterUser', BEN, () => bed.call('registerUser', BEN, bed.as.public)],
  ['a dead token', 'GetUser', NO_TOKEN, () => bed.call('getUser', { user: user.token('syu_nothing') }, bed.as.public)],
  [
    'a stranger',
    'GetUser',
    { user: { userId: 'user-ann' } },
    () => bed.call('getUser', { user: user.id('user-ann') }, bed.as.public),
  ],
  [
    'a dead refresh token',
    'Refresh',
    { refreshToken: 'syr_x' },
    () => bed.call('refresh', { refreshToken: 'syr_x' }, bed.as.public),
  ],
];

function expectSame(failure: Failed, expected: CallFailure, metadata: Record<string, string>): void {
  expect(failure.code.replace(/\B([A-Z])/g, '_$1').toUpperCase()).toBe(expected.status);
  expect(failure.message).toBe(expected.message);
  expect(failure.details).toHaveLength(expected.retryDelaySeconds === undefined ? 1 : 2);
  expect(failure.details[0]).toEqual({
    reason: expected.reason,
    domain: DOMAIN,
    metadata: { ...metadata, requestId: failure.requestId },
  });
}

describe.each(DOOR_NAMES)('through %s', (door) => {
  it.each(FAILURES)('%s fails as over gRPC', async (what, name, request, overGrpc) => {
    const headers = what === 'a wrong secret' ? basicHeader('admin', 'wrong') : basicHeader('acme');
    const failure = await failureThrough(callThrough(DOORS[door](bed.url), name, request, headers));
    expectSame(failure, await failureOf(overGrpc()), await metadataOf(overGrpc()));
  });

  it('tells what ended a token, and which name is taken', async () => {
    const { accessToken, refreshToken } = await issue(bed, CREDENTIALS.user());
    await revoke(bed, accessToken);
    const told = async (name: string, request: Message) => {
      const { details } = await failureThrough(callThrough(DOORS[door](bed.url), name, request));
      const { requestId: _, ...metadata } = (details[0]?.metadata ?? {}) as Message;
      return metadata;
    };
    expect(await told('DescribeToken', { accessToken })).toEqual({ endedBy: 'REVOKED' });
    expect(await told('Refresh', { refreshToken })).toEqual({ endedBy: 'REVOKED' });
    expect(await told('RegisterUser', BEN)).toEqual({ field: 'login_name' });
  });

  it('says when to repeat', async () => {
    const { passwords } = bed.services;
    const { requireRoom } = passwords;
    passwords.requireRoom = () => {
      throw new SymbolonError('overloaded', 'Busy', { retryAfterMs: 1_500 });
    };
    const call = callThrough(DOORS[door](bed.url), 'Issue', { userPassword: { username: 'ann', password: PASSWORD } });
    const failure = await failureThrough(call);
    passwords.requireRoom = requireRoom;
    expect(failure).toMatchObject({ code: 'ResourceExhausted', message: 'Busy' });
    expect(failure.details[1]).toEqual({ retryDelay: '1.500s' });
  });

  it('carries the request id of the caller', async () => {
    const headers = { ...basicHeader('acme'), 'x-request-id': 'mine-1' };
    const failure = await failureThrough(callThrough(DOORS[door](bed.url), 'Issue', {}, headers));
    expect(failure).toMatchObject({ requestId: 'mine-1', details: [{ metadata: { requestId: 'mine-1' } }] });
  });
});

describe('an error of Connect', () => {
  const post = (body: string) =>
    send(`${bed.url}/symbolon.v1.TokenService/Issue`, {
      method: 'POST',
      headers: { ...basicHeader('acme'), 'content-type': 'application/json' },
      body,
    });

  it('can be read by those who read JSON alone', async () => {
    const answer = await post('{"userPassword":{"username":"ann","password":"wrong"}}');
    expect(answer.status).toBe(400);
    expect(answer.headers.get('content-type')).toBe('application/json');
    expect(answer.headers.get('cache-control')).toBe('no-store');
    expect(answer.json).toEqual({
      code: 'failed_precondition',
      message: 'The user was not found or a wrong password was provided',
      details: [
        {
          type: 'google.rpc.ErrorInfo',
          value: expect.stringMatching(/^[A-Za-z0-9+/]+$/),
          debug: {
            reason: 'INVALID_CREDENTIALS',
            domain: DOMAIN,
            metadata: { requestId: answer.headers.get('x-request-id') },
          },
        },
      ],
    });
  });

  it('is no challenge, for a browser would ask its visitor for a secret', async () => {
    const response = await fetch(`${bed.url}/symbolon.v1.TokenService/Issue`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: '{}',
    });
    expect(response.status).toBe(401);
    expect(response.headers.get('www-authenticate')).toBeNull();
  });
});
