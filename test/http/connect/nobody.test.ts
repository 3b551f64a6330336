/** The walk over every method of the contract as nobody, through each client of a browser. */

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { OPERATOR_KEY, TENANT_KEY } from '../../../src/calls/operator-keys.ts';
import { SERVED } from '../../../src/http/connect/served.ts';
import { CREDENTIALS, issue } from '../../grpc/client.ts';
import { make } from '../../support.ts';
import { send } from '../support.ts';
import {
  basicHeader,
  type ConnectBed,
  callThrough,
  DOOR_NAMES,
  DOORS,
  failureThrough,
  METHODS,
  openConnectBed,
} from './doors.ts';

const NAMES = SERVED.map(({ name }) => name);

let bed: ConnectBed;

beforeAll(async () => {
  bed = await openConnectBed();
});

afterAll(() => bed.close());

async function nobodies(): Promise<[string, Record<string, string>][]> {
  const { accessToken } = await issue(bed, CREDENTIALS.user());
  return [
    ['without a header', {}],
    ['with a wrong secret', basicHeader('admin', 'wrong')],
    ['with no secret for a confidential client', basicHeader('admin')],
    ['as an unknown client', basicHeader('nobody', 'secret')],
    ['with an empty client id', basicHeader('')],
    ['with a user token', { authorization: `Bearer ${accessToken}` }],
    ['with a scheme of its own', { authorization: 'Digest abc' }],
    ['with an empty value', { authorization: '' }],
    ['with a prototype for a client', basicHeader('__proto__', 'constructor')],
    ['with what the operator’s socket believes', { [TENANT_KEY]: 'acme', [OPERATOR_KEY]: 'root' }],
    [
      'with two clients',
      { authorization: `${basicHeader('acme').authorization}, ${basicHeader('acme').authorization}` },
    ],
  ];
}

/** What can't be read in any format. */
const MALFORMED = ['application/json', 'application/proto', 'application/grpc-web+proto', 'application/grpc-web-text'];

function codeOf(answer: { status: number; text: string }): string {
  const trailer = /grpc-status: (\d+)/.exec(answer.text.startsWith('gAA') ? atob(answer.text) : answer.text);
  return trailer === null ? String(JSON.parse(answer.text).code) : `grpc ${trailer[1]}`;
}

async function postBytes(path: string, contentType: string, headers: Record<string, string>) {
  const body = new Uint8Array([0xff, 0xff, 0xff]);
  const response = await fetch(`${bed.url}/${path}`, {
    method: 'POST',
    headers: { ...headers, 'content-type': contentType, 'connect-timeout-ms': 'soon', 'connect-protocol-version': '9' },
    body,
  });
  return codeOf({ status: response.status, text: await response.text() });
}

describe('a nobody', () => {
  it.each(NAMES)('is refused by %s', async (name) => {
    for (const [who, headers] of await nobodies()) {
      for (const door of DOOR_NAMES) {
        const failure = await failureThrough(callThrough(DOORS[door](bed.url), name, {}, headers));
        expect(failure.code, `${door} ${who}`).toBe('Unauthenticated');
      }
    }
  });

  it('does not even learn that its message is malformed', async () => {
    const { path } = SERVED[0] ?? { path: '' };
    for (const [who, headers] of await nobodies()) {
      for (const contentType of MALFORMED) {
        expect(await postBytes(path, contentType, headers), who).toMatch(/^(unauthenticated|grpc 16)$/);
      }
    }
    for (const contentType of MALFORMED) {
      expect(await postBytes(path, contentType, basicHeader('acme'))).toMatch(/^(invalid_argument|grpc 3)$/);
    }
  });

  it('is told the same by every method that is not served, no matter who it is', async () => {
    const unserved = [...METHODS.keys()].filter((path) => !SERVED.some((served) => served.path === path));
    for (const path of unserved) {
      for (const headers of [{}, basicHeader('admin', bed.adminSecret)]) {
        const init = { method: 'POST', headers: { 'content-type': 'application/json', ...headers }, body: '{' };
        expect(await send(`${bed.url}/${path}`, init)).toMatchObject({ status: 404, json: { code: 'unimplemented' } });
      }
    }
  });

  it('is still refused after a tenant was disabled', async () => {
    const target = { kind: 'tenant', id: 'acme' } as const;
    await make(bed.store, { kind: 'cut_off', tenantId: 'acme', target, cause: 'disabled' });
    for (const name of NAMES) {
      for (const headers of [basicHeader('acme'), basicHeader('plain', bed.plainSecret)]) {
        const call = callThrough(DOORS['Connect with JSON'](bed.url), name, {}, headers);
        expect((await failureThrough(call)).code).toBe('Unauthenticated');
      }
    }
    await make(bed.store, { kind: 'enable', tenantId: 'acme', target });
  });
});
