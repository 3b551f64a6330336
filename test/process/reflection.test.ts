/** gRPC reflection: on for those who try the server, off for those who run it, unless they say so. */
import { fromBinary } from '@bufbuild/protobuf';
import { BinaryReader, BinaryWriter, WireType } from '@bufbuild/protobuf/wire';
import { type FileDescriptorProto, FileDescriptorProtoSchema } from '@bufbuild/protobuf/wkt';
import { ChannelCredentials, Client, type ServiceError, status } from '@grpc/grpc-js';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runShell } from './program.ts';
import { dataDirectory, ServerProcess } from './server-process.ts';

const VERSIONS = ['grpc.reflection.v1', 'grpc.reflection.v1alpha'];
/** Fields of ServerReflectionRequest. */
const FILE_CONTAINING_SYMBOL = 4;
const LIST_SERVICES = 7;

/** The bytes of the answer to one question, or the status that there is none with. */
async function ask(address: string, version: string, field: number, value: string): Promise<Buffer | string> {
  const client = new Client(address, ChannelCredentials.createInsecure());
  const asIs = (bytes: Buffer) => bytes;
  const call = client.makeBidiStreamRequest(`/${version}.ServerReflection/ServerReflectionInfo`, asIs, asIs);
  try {
    return await new Promise((resolve) => {
      call.on('data', resolve);
      call.on('error', ({ code }: ServiceError) => resolve(status[code] ?? ''));
      call.write(
        Buffer.from(
          new BinaryWriter()
            .uint32(field * 8 + WireType.LengthDelimited)
            .string(value)
            .finish(),
        ),
      );
    });
  } finally {
    call.cancel();
    client.close();
  }
}

/** Service names can be read in the bytes. */
async function listServices(address: string, version: string): Promise<string> {
  return (await ask(address, version, LIST_SERVICES, '')).toString('latin1');
}

/** The fields of this number in a message, all of which are bytes. */
function fieldsOf(message: Uint8Array, wanted: number): Uint8Array[] {
  const reader = new BinaryReader(message);
  const found: Uint8Array[] = [];
  while (reader.pos < reader.len) {
    const [field, wireType] = reader.tag();
    if (field === wanted && wireType === WireType.LengthDelimited) {
      found.push(reader.bytes());
    } else {
      reader.skip(wireType, field);
    }
  }
  return found;
}

/** The file that has a symbol, as a tool is given it. */
async function fileOf(address: string, version: string, symbol: string): Promise<FileDescriptorProto> {
  const answer = (await ask(address, version, FILE_CONTAINING_SYMBOL, symbol)) as Buffer;
  // ServerReflectionResponse.file_descriptor_response = 4, FileDescriptorResponse.file_descriptor_proto = 1
  const [first] = fieldsOf(answer, 4).flatMap((response) => fieldsOf(response, 1));
  return fromBinary(FileDescriptorProtoSchema, first as Uint8Array);
}

/** What is said of each service, method, message and field of a file, or undefined. */
function commentsOf(file: FileDescriptorProto): Record<string, string | undefined> {
  const locations = file.sourceCodeInfo?.location ?? [];
  const comments = new Map(locations.map(({ path, leadingComments }) => [path.join('.'), leadingComments]));
  // Numbers of fields of descriptor.proto: services are 6 of a file and methods 2 of these, messages 4, fields 2 of these.
  return Object.fromEntries([
    ...file.service.flatMap((service, i) => [
      [service.name, comments.get(`6.${i}`)],
      ...service.method.map(({ name }, j) => [name, comments.get(`6.${i}.2.${j}`)]),
    ]),
    ...file.messageType.flatMap((message, i) => [
      [message.name, comments.get(`4.${i}`)],
      ...message.field.map(({ name }, j) => [`${message.name}.${name}`, comments.get(`4.${i}.2.${j}`)]),
    ]),
  ]);
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
  let directory: ReturnType<typeof dataDirectory>;
  let server: ServerProcess;

  beforeAll(async () => {
    directory = dataDirectory();
    server = await ServerProcess.startDemo({ dataDir: directory.path });
  });

  afterAll(async () => {
    await server[Symbol.asyncDispose]();
    directory[Symbol.dispose]();
  });

  it.each(VERSIONS)('reads by %s what each thing is for', async (version) => {
    const users = await fileOf(server.grpcAddress, version, 'symbolon.v1.UserService');
    const comments = Object.entries(commentsOf(users));
    expect(comments.length).toBeGreaterThan(100);
    expect(comments.filter(([, comment]) => comment === undefined)).toEqual([]);
    expect(Object.fromEntries(comments).GetUser).toMatch(/^ GetUser answers a user\./);
    expect(users.options).toMatchObject({
      phpMetadataNamespace: 'Symbolon\\V1\\GPBMetadata',
      rubyPackage: 'Symbolon::V1',
    });
    const health = commentsOf(await fileOf(server.grpcAddress, version, 'grpc.health.v1.Health'));
    expect(health.Check).toMatch(/^ Check gets the health of the specified service/);
  });

  it('finds the services and calls them', async () => {
    const { grpc, tenant_id } = server.demo;
    const buf = 'buf curl --http2-prior-knowledge --protocol grpc';
    const listed = await runShell(`${buf} --list-methods http://${grpc}`);
    expect(listed.stdout.split('\n')).toEqual(
      expect.arrayContaining([
        ...['Issue', 'Refresh', 'Introspect', 'Revoke'].map((name) => `symbolon.v1.TokenService/${name}`),
        ...['Check', 'List', 'Watch'].map((name) => `grpc.health.v1.Health/${name}`),
      ]),
    );
    const healthy = await runShell(
      `${buf} -d '{"service":"symbolon.v1.AuditService"}' http://${grpc}/grpc.health.v1.Health/Check`,
    );
    expect(JSON.parse(healthy.stdout)).toEqual({ status: 'SERVING' });
    const authorization = Buffer.from(`${tenant_id}:`).toString('base64');
    const issue = `-d '{"anonymous":{"clientId":"${tenant_id}"}}' http://${grpc}/symbolon.v1.TokenService/Issue`;
    const { stdout } = await runShell(`${buf} -H 'authorization: Basic ${authorization}' ${issue}`);
    expect(JSON.parse(stdout)).toMatchObject({ tokens: { kind: 'TOKEN_KIND_ANONYMOUS' } });
  });
});
