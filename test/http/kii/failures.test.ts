import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { SymbolonError } from '../../../src/core/errors.ts';
import type { Services } from '../../../src/core/services/services.ts';
import type { Store } from '../../../src/core/services/store.ts';
import { make, makeDevice, makeUser } from '../../support.ts';
import { RawConnection, rawAnswer, rawPost } from '../raw.ts';
import {
  APP,
  APP_PATH,
  eventually,
  gate,
  type HttpBed,
  openHttpBed,
  PASSWORD,
  postToken,
  THREE_KEYS,
  WRONG_LOGIN,
  withStore,
} from '../support.ts';

let bed: HttpBed;
/** What the store's `execute` throws; undefined while it works. */
let storeFault: Error | undefined;
/** Holds back what reads a client. */
let hangs: ReturnType<typeof gate> | undefined;
let seen: Parameters<Store['execute']>[] = [];

function faulty(services: Services): Services {
  const { store, knownClients } = services;
  const failing = withStore(services, {
    execute: (command, options) => {
      seen.push([command, options]);
      return storeFault === undefined ? store.execute(command, options) : Promise.reject(storeFault);
    },
  });
  const read = async (clientId: string) => {
    hangs?.reach();
    await hangs?.promise;
    return knownClients.read(clientId);
  };
  return { ...failing, knownClients: { get: (clientId) => knownClients.get(clientId), read } };
}

beforeAll(async () => {
  bed = await openHttpBed({ wrap: faulty });
});
beforeEach(() => {
  storeFault = undefined;
  seen = [];
  bed.services.passwords.fault = undefined;
});
afterAll(() => bed.close());

describe('a login that fails', () => {
  it('is answered in the same bytes whatever was wrong, at the cost of one verification each', async () => {
    await makeUser(bed.services, APP, { subjectId: 'user-off', loginName: 'off', password: PASSWORD });
    await makeDevice(bed.services, APP, { subjectId: 'th.2', vendorId: 'Off', password: PASSWORD });
    for (const target of [
      { kind: 'user', id: 'user-off' },
      { kind: 'device', id: 'th.2' },
    ] as const) {
      await make(bed.store, { kind: 'cut_off', tenantId: APP, target, cause: 'disabled' });
    }
    const logins = {
      'an unknown user': { username: 'nobody', password: PASSWORD },
      'an unknown e-mail': { username: 'nobody@example.com', password: PASSWORD },
      'a wrong password': { username: 'Alice.A-1_x', password: 'wrong' },
      'an address that is not verified': { username: 'EMAIL:bob@example.com', password: PASSWORD },
      'a disabled user': { username: 'off', password: PASSWORD },
      'a disabled user with a wrong password': { username: 'off', password: 'wrong' },
      'an unknown thing': { username: 'VENDOR_THING_ID:nothing', password: PASSWORD },
      'a wrong password of a thing': { username: 'VENDOR_THING_ID:Sensor-1', password: 'wrong' },
      'a disabled thing': { username: 'VENDOR_THING_ID:Off', password: PASSWORD },
    };
    const answers = new Set<string>();
    for (const [what, body] of Object.entries(logins)) {
      const before = bed.services.passwords.verifications;
      const answer = await rawAnswer(bed, rawPost(APP_PATH, ['X-Request-Id: same'], JSON.stringify(body)));
      expect([what, bed.services.passwords.verifications - before]).toEqual([what, 1]);
      const headers = answer?.headerLines.filter((line) => !line.startsWith('Date: ')) ?? [];
      answers.add([answer?.startLine, ...headers, answer?.body].join('\n'));
    }
    expect(answers.size).toBe(1);
    expect([...answers][0]).toContain(`\n${JSON.stringify(WRONG_LOGIN)}`);
    expect([...answers][0]).toContain('HTTP/1.1 400 Bad Request');
  });

  it('counts against the name, and against no address when it comes from this machine', async () => {
    await postToken(bed, { username: 'bob', password: 'wrong' });
    const counters = seen.flatMap(([command]) => (command.kind === 'begin_guess' ? command.counters : []));
    expect(counters).toEqual([{ kind: 'name', key: 'subject:user-2' }]);
  });
});

describe('an operation', () => {
  it('is given the server’s deadline', async () => {
    const before = Date.now();
    await postToken(bed, { username: 'bob', password: PASSWORD });
    const deadlines = seen.flatMap(([command, options]) => (command.kind === 'issue' ? [options?.deadline] : []));
    expect(deadlines).toHaveLength(1);
    expect(deadlines[0]).toBeGreaterThanOrEqual(before + 5_000);
    expect(deadlines[0]).toBeLessThanOrEqual(Date.now() + 5_000);
  });
});

describe('a request', () => {
  it('is given up at the server’s deadline, wherever it hangs', async () => {
    hangs = gate();
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'Date'] });
    try {
      const connection = await RawConnection.open(bed.http.address);
      connection.send(rawPost(APP_PATH, [], '{}'));
      await hangs.reached;
      await vi.advanceTimersByTimeAsync(4_999);
      expect(connection.reads).toEqual([]);
      await vi.advanceTimersByTimeAsync(1);
      const answer = await connection.answer();
      expect(answer?.startLine).toBe('HTTP/1.1 504 Gateway Timeout');
      expect(JSON.parse(answer?.body ?? '')).toMatchObject({ errorCode: 'REQUEST_TIMEOUT' });
      connection.socket.destroy();
    } finally {
      vi.useRealTimers();
      hangs.open();
      hangs = undefined;
    }
  });
});

const TROUBLE = [
  ['overloaded', 429, 'TOO_MANY_REQUESTS', 'temporarily_unavailable', 1_500, '2'],
  ['too_many_failed_logins', 429, 'TOO_MANY_REQUESTS', 'temporarily_unavailable', 59_001, '60'],
  ['store_unavailable', 503, 'SERVICE_UNAVAILABLE', 'temporarily_unavailable', 1_000, '1'],
  ['store_full', 503, 'SERVICE_UNAVAILABLE', 'temporarily_unavailable', undefined, '1'],
  ['revision_not_reached', 503, 'SERVICE_UNAVAILABLE', 'temporarily_unavailable', 1, '1'],
  ['deadline_exceeded', 504, 'REQUEST_TIMEOUT', 'temporarily_unavailable', undefined, null],
  ['caller_unauthenticated', 401, 'UNAUTHORIZED', 'invalid_client', undefined, null],
  ['permission_denied', 403, 'OPERATION_NOT_SUPPORTED', 'unauthorized_client', undefined, null],
  ['not_found', 404, 'NOT_FOUND', 'invalid_request', undefined, null],
  ['already_exists', 409, 'OPERATION_NOT_ALLOWED', 'invalid_request', undefined, null],
  ['request_id_reused', 409, 'OPERATION_NOT_ALLOWED', 'invalid_request', undefined, null],
  ['invalid_refresh_token', 400, 'invalid_grant', 'invalid_grant', undefined, null],
  ['scope_not_allowed', 400, 'invalid_grant', 'invalid_grant', undefined, null],
  ['token_unproven', 400, 'INVALID_ACCOUNT_STATUS', 'invalid_request', undefined, null],
] as const;

describe('what the core refuses', () => {
  it.each(TROUBLE)('as %s is answered %d %s', async (code, status, errorCode, error, retryAfterMs, retryAfter) => {
    storeFault = new SymbolonError(code, 'Because 100%', retryAfterMs === undefined ? {} : { retryAfterMs });
    const answer = await postToken(bed, { username: 'bob', password: PASSWORD });
    expect(answer.status).toBe(status);
    expect(answer.json).toEqual({ errorCode, error_description: 'Because 100%', error });
    expect(Object.keys(answer.json)).toEqual(THREE_KEYS);
    expect(answer.text).not.toContain('%');
    expect(answer.headers.get('retry-after')).toBe(retryAfter);
    expect(answer.headers.get('x-http-status-code')).toBe(String(status));
  });

  it('as overloaded because too many logins wait is answered 429 too', async () => {
    bed.services.passwords.fault = new SymbolonError('overloaded', 'Too many logins are waiting', {
      retryAfterMs: 1_000,
    });
    const answer = await postToken(bed, { username: 'nobody', password: PASSWORD });
    expect([answer.status, answer.headers.get('retry-after')]).toEqual([429, '1']);
  });
});

describe('a fault of the server', () => {
  it.each([
    ['an error of a driver', new Error('SQLITE_CORRUPT: /var/lib/secret.db')],
    ['an error of ours', new SymbolonError('internal', 'The seal of secret.db broke')],
    ['something that is no error', 'secret.db' as unknown as Error],
  ])('(%s) is answered 500 with the request’s id and nothing else', async (_what, fault) => {
    storeFault = fault;
    bed.tape.text = '';
    const answer = await postToken(
      bed,
      { username: 'bob', password: PASSWORD },
      { headers: { 'x-request-id': 'r-7' } },
    );
    expect([answer.status, answer.json]).toEqual([
      500,
      {
        errorCode: 'UNDEFINED_ERROR',
        error_description: 'The server failed; its log knows the request r-7',
        error: 'server_error',
      },
    ]);
    await eventually(() => bed.tape.lines).toEqual([
      expect.objectContaining({
        level: 50,
        requestId: 'r-7',
        code: 'internal',
        cause: expect.stringContaining('secret.db'),
      }),
    ]);
  });
});
