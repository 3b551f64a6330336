/** The contract as reflection serves it. */
import { readFileSync } from 'node:fs';
import { BinaryReader, WireType } from '@bufbuild/protobuf/wire';
import type { ReflectionService } from '@grpc/reflection';

type PackageDefinition = ConstructorParameters<typeof ReflectionService>[0];

const DESCRIPTOR_SET = new URL('../../gen/descriptors.binpb', import.meta.url);
/** `repeated FileDescriptorProto file = 1` of google.protobuf.FileDescriptorSet. */
const FILE_FIELD = 1;

/**
 * The compiler's own file descriptors, with the comments of the contract. proto-loader would make them anew and lose both their
 * imports and the comments: tools that know the service by reflection alone could not resolve its messages, nor say what they are for.
 */
export function contractDescriptors(): PackageDefinition {
  const reader = new BinaryReader(readFileSync(DESCRIPTOR_SET));
  const fileDescriptorProtos: Buffer[] = [];
  while (reader.pos < reader.len) {
    const [field, wireType] = reader.tag();
    if (field === FILE_FIELD && wireType === WireType.LengthDelimited) {
      fileDescriptorProtos.push(Buffer.from(reader.bytes()));
    } else {
      reader.skip(wireType, field);
    }
  }
  const format = 'Protocol Buffer 3 DescriptorProto';
  return { contract: { format, type: {}, fileDescriptorProtos } };
}
