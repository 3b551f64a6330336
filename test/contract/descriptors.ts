/** The contract as the compiler understood it. */
import { readFileSync } from 'node:fs';
import { createFileRegistry, type FileRegistry, fromBinary } from '@bufbuild/protobuf';
import { type FileDescriptorProto, FileDescriptorSetSchema } from '@bufbuild/protobuf/wkt';

function descriptorSet() {
  return fromBinary(FileDescriptorSetSchema, readFileSync(new URL('../../gen/descriptors.binpb', import.meta.url)));
}

/** Every file of the contract, and those that they import. */
export function contractFiles(): FileDescriptorProto[] {
  return descriptorSet().file;
}

/** The same, for reading messages by their names. */
export function contractRegistry(): FileRegistry {
  return createFileRegistry(descriptorSet());
}
