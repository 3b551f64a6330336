import { BinaryWriter } from '@bufbuild/protobuf/wire';
import { Client, credentials, type Metadata, type ServiceError } from '@grpc/grpc-js';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { IssueRequest } from '../../gen/ts/symbolon/v1/token_service.ts';
import { basic, CREDENTIALS, failureOf, type GrpcBed, introspect, issue, openGrpcBed } from './client.ts';

let bed: GrpcBed;
let raw: Client;

beforeAll(async () => {
  bed = await openGrpcBed();
  raw = new Client(bed.address, credentials.createInsecure());
});

afterAll(async () => {
  raw.close();
  await bed.close();
});

function sendBytes(method: string, bytes: Uint8Array, metadata: Metadata): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    raw.makeUnaryRequest(
      `/symbolon.v1.TokenService/${method}`,
      (value: Buffer) => value,
      (value: Buffer) => value,
      Buffer.from(bytes),
      metadata,
      (error: ServiceError | null, response) => (error === null ? resolve(response as Buffer) : reject(error)),
    );
  });
}

describe('bad input', () => {
  it.each(['Issue', 'Refresh', 'Introspect', 'Revoke'])(
    'any bytes for %s are an answer or INVALID_ARGUMENT',
    async (method) => {
      const metadata = basic('admin', bed.adminSecret);
      await fc.assert(
        fc.asyncProperty(fc.uint8Array({ maxLength: 200 }), async (bytes) => {
          const outcome = await sendBytes(method, bytes, metadata).then(
            () => 'OK',
            async (error: ServiceError) => (await failureOf(Promise.reject(error))).status,
          );
          expect(['OK', 'INVALID_ARGUMENT', 'FAILED_PRECONDITION', 'UNAVAILABLE']).toContain(outcome);
        }),
        { numRuns: 150 },
      );
    },
  );

  it('refuses text that is not UTF-8, and says so', async () => {
    const bytes = new BinaryWriter().uint32(10).bytes(Uint8Array.of(0xc3, 0x28)).finish();
    expect(await failureOf(sendBytes('Introspect', bytes, basic('admin', bed.adminSecret)))).toMatchObject({
      status: 'INVALID_ARGUMENT',
      reason: 'INVALID_ARGUMENT',
      message: 'A string of the message is not valid UTF-8',
    });
  });

  it('refuses a revision that no number holds', async () => {
    const bytes = new BinaryWriter().uint32(10).string('x').uint32(16).uint64('18446744073709551615').finish();
    expect(await failureOf(sendBytes('Introspect', bytes, basic('admin', bed.adminSecret)))).toMatchObject({
      status: 'INVALID_ARGUMENT',
    });
  });

  it('names the field that is missing, too long, or holds a NUL', async () => {
    const cases: [IssueRequest, string][] = [
      [IssueRequest.fromPartial({}), 'credential is missing'],
      [CREDENTIALS.user('', 'x'), 'username is missing'],
      [CREDENTIALS.user('ann', ''), 'password is missing'],
      [CREDENTIALS.user('ann', 'x'.repeat(10_000)), 'password must be at most 1024 bytes'],
      [CREDENTIALS.user('ann', 'é'.repeat(1_000)), 'password must be at most 1024 bytes'],
      [CREDENTIALS.user('a'.repeat(300), 'x'), 'username must be at most 254 characters'],
      [CREDENTIALS.user('a\0nn', 'x'), 'username must not have a NUL character'],
      [CREDENTIALS.user('ann', 'x\0'), 'password must not have a NUL character'],
      [{ ...CREDENTIALS.user(), scopes: ['a b'] }, 'each of scopes must be a scope (RFC 6749 section 3.3)'],
      [
        { ...CREDENTIALS.user(), scopes: Array.from({ length: 65 }, (_, i) => `s${i}`) },
        'scopes must have at most 64 entries',
      ],
      [{ ...CREDENTIALS.user(), requestId: 'ä' }, 'request_id must be 1 to 128 printable ASCII characters'],
      [{ ...CREDENTIALS.user(), expireTime: { seconds: 1, nanos: -1 } }, 'expire_time is not a valid Timestamp'],
      [{ ...CREDENTIALS.user(), expireTime: { seconds: 1e12, nanos: 0 } }, 'expire_time is not a valid Timestamp'],
    ];
    for (const [request, message] of cases) {
      expect(await failureOf(issue(bed, request))).toMatchObject({
        status: 'INVALID_ARGUMENT',
        reason: 'INVALID_ARGUMENT',
        message,
      });
    }
  });

  it('refuses a message beyond 192 KiB without reading it', async () => {
    const failure = await failureOf(issue(bed, CREDENTIALS.user('ann', 'x'.repeat(400_000))));
    expect(failure.status).toBe('RESOURCE_EXHAUSTED');
  });

  it('refuses metadata beyond 8 KiB, however it is spread', async () => {
    const long = basic('acme');
    long.set('x-long', 'x'.repeat(9_000));
    expect(await failureOf(issue(bed, CREDENTIALS.user(), long))).toMatchObject({ status: 'INVALID_ARGUMENT' });
    const many = basic('acme');
    for (let i = 0; i < 30; i++) {
      many.add('x-many', 'y'.repeat(400));
    }
    expect(await failureOf(issue(bed, CREDENTIALS.user(), many))).toMatchObject({ status: 'INVALID_ARGUMENT' });
  });

  it('answers with the caller’s request id, or one of its own where that is none', async () => {
    const named = basic('acme');
    named.set('x-request-id', 'trace-17');
    expect(await failureOf(issue(bed, CREDENTIALS.user('ann', 'wrong'), named))).toMatchObject({
      requestId: 'trace-17',
    });
    const junk = basic('acme');
    junk.set('x-request-id', 'no spaces, please');
    const { requestId } = await failureOf(issue(bed, CREDENTIALS.user('ann', 'wrong'), junk));
    expect(requestId).toMatch(/^[0-9a-f-]{36}$/);
  });

  it('leaves the server as it was', async () => {
    const { accessToken } = await issue(bed, CREDENTIALS.user());
    expect((await introspect(bed, accessToken)).active).toBe(true);
  });
});
