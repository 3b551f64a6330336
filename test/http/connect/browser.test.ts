/** A page of another origin, in a real browser. */
import { describe, expect, it } from 'vitest';
import { PASSWORD } from '../../grpc/client.ts';
import { HAS_CHROMIUM, inBrowser } from './browser.ts';
import { openConnectBed } from './doors.ts';

/** What a page does with the clients that it would be built with, and with nothing but fetch. */
const page = (url: string) => `
import { createFileRegistry, fromBinary, fromJson } from '@bufbuild/protobuf';
import { FileDescriptorSetSchema } from '@bufbuild/protobuf/wkt';
import { Code, ConnectError, createClient } from '@connectrpc/connect';
import { createConnectTransport, createGrpcWebTransport } from '@connectrpc/connect-web';

const bytes = new Uint8Array(await (await fetch('/gen/descriptors.binpb')).arrayBuffer());
const registry = createFileRegistry(fromBinary(FileDescriptorSetSchema, bytes));
const service = (name) => registry.getService('symbolon.v1.' + name);
const headers = { authorization: 'Basic ' + btoa('acme:') };
const password = ${JSON.stringify(PASSWORD)};
const reasonOf = (error) => error.findDetails(registry.getMessage('google.rpc.ErrorInfo'))[0]?.reason;

async function through(transport) {
  const tokens = createClient(service('TokenService'), transport);
  const users = createClient(service('UserService'), transport);
  const issue = (username) => tokens.issue({ credential: { case: 'userPassword', value: { username, password } } }, { headers });
  const { result: issued } = await issue('ann');
  const { tokens: refreshed } = await tokens.refresh({ refreshToken: issued.value.refreshToken }, { headers });
  const who = { user: { case: 'accessToken', value: refreshed.accessToken } };
  const { user } = await users.getUser({ user: who }, { headers });
  await tokens.revoke({ target: { case: 'token', value: refreshed.accessToken } }, { headers });
  const failed = await users.getUser({ user: who }, { headers }).catch((error) => ConnectError.from(error));
  const nobody = await tokens.revoke({}).catch((error) => ConnectError.from(error));
  const unserved = await users.listUsers({}, { headers }).catch((error) => ConnectError.from(error));
  return {
    userId: user.userId,
    failed: [Code[failed.code], reasonOf(failed), failed.metadata.has('x-request-id')],
    nobody: [Code[nobody.code], reasonOf(nobody)],
    unserved: Code[unserved.code],
  };
}

const baseUrl = ${JSON.stringify(url)};
const answer = await fetch(baseUrl + '/symbolon.v1.TokenService/Issue', {
  method: 'POST',
  headers: { ...headers, 'content-type': 'application/json' },
  body: JSON.stringify({ userPassword: { username: 'ann', password: 'wrong' } }),
});
export const result = {
  origin: location.origin,
  json: await through(createConnectTransport({ baseUrl })),
  proto: await through(createConnectTransport({ baseUrl, useBinaryFormat: true, defaultTimeoutMs: 30_000 })),
  web: await through(createGrpcWebTransport({ baseUrl, defaultTimeoutMs: 30_000 })),
  fetch: [answer.status, (await answer.json()).details[0].debug.reason],
};
`;

const title = 'a page of another origin';

describe.skipIf(!HAS_CHROMIUM)(HAS_CHROMIUM ? title : `${title} (skipped: there is no Chromium here)`, () => {
  it('logs its user in, refreshes and logs out, and is told what is wrong', async () => {
    const bed = await openConnectBed();
    const done = {
      userId: 'user-ann',
      failed: ['FailedPrecondition', 'INVALID_CREDENTIALS', true],
      nobody: ['Unauthenticated', 'CALLER_UNAUTHENTICATED'],
      unserved: 'Unimplemented',
    };
    try {
      expect(await inBrowser(page(bed.url))).toEqual({
        origin: expect.stringMatching(/^http:\/\/localhost:/),
        json: done,
        proto: done,
        web: done,
        fetch: [400, 'INVALID_CREDENTIALS'],
      });
    } finally {
      await bed.close();
    }
  });
});
