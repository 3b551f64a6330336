/** gRPC reflection: on for those who try the server, off for those who run it, unless they say so. */
import { ChannelCredentials, Client, type ServiceError, status } from '@grpc/grpc-js';
import { describe, expect, it } from 'vitest';
import { runShell } from './program.ts';
import { dataDirectory, ServerProcess } from './server-process.ts';

const VERSIONS = ['grpc.reflection.v1', 'grpc.reflection.v1alpha'];
/** ServerReflectionRequest { list_services: "" } */
const LIST_SERVICES = Buffer.from([0x3a, 0x00]);

/** The answer's bytes, in which service names can be read, or the status that there is none with. */
async function listServices(address: string, version: string): Promise<string> {
  const client = new Client(address, ChannelCredentials.createInsecure());
  const asIs = (bytes: Buffer) => bytes;
  const call = client.makeBidiStreamRequest(`/${version}.ServerReflection/ServerReflectionInfo`, asIs, asIs);
  try {
    return await new Promise((resolve) => {
      call.on('data', (bytes: Buffer) => resolve(bytes.toString('latin1')));
      call.on('error', ({ code }: ServiceError) => resolve(status[code]));
      call.write(LIST_SERVICES);
    });
  } finally {
    call.cancel();
    client.close();
  }
}

describe('reflection', () => {
  it.each([
    ['is off unless it is asked for', [], false],
    ['is on with --reflection', ['--reflection'], true],
    ['is on with --demo', ['--demo'], true],
    ['is off with --demo --reflection off', ['--demo', '--reflection', 'off'], false],
  ])('%s', async (_title, args, isOn) => {
    using directory = dataDirectory();
    await using server = await ServerProcess.start({ dataDir: directory.path, args });
    for (const version of VERSIONS) {
      const answer = await listServices(server.grpcAddress, version);
      expect(answer).toEqual(isOn ? expect.stringContaining('symbolon.v1.TokenService') : 'UNIMPLEMENTED');
    }
  });
});

describe('a tool that knows no schema', () => {
  it('finds the service and calls it', async () => {
    using directory = dataDirectory();
    await using server = await ServerProcess.startDemo({ dataDir: directory.path });
    const { grpc, tenant_id } = server.demo;
    const buf = 'buf curl --http2-prior-knowledge --protocol grpc';
    const listed = await runShell(`${buf} --list-methods http://${grpc}`);
    expect(listed.stdout.split('\n')).toEqual(
      expect.arrayContaining(
        ['Issue', 'Refresh', 'Introspect', 'Revoke'].map((name) => `symbolon.v1.TokenService/${name}`),
      ),
    );
    const authorization = Buffer.from(`${tenant_id}:`).toString('base64');
    const issue = `-d '{"anonymous":{"clientId":"${tenant_id}"}}' http://${grpc}/symbolon.v1.TokenService/Issue`;
    const { stdout } = await runShell(`${buf} -H 'authorization: Basic ${authorization}' ${issue}`);
    expect(JSON.parse(stdout)).toMatchObject({ tokens: { kind: 'TOKEN_KIND_ANONYMOUS' } });
  });
});
