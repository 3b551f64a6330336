/**
 * The JSON form of messages, by the descriptors of the contract. It is loaded when the first JSON comes, for it takes longer to load than
 * the rest of the door. What it reads and writes are the bytes of protobuf, so that the methods have one form of a message.
 */
import { isUtf8 } from 'node:buffer';
import { readFileSync } from 'node:fs';
import {
  createFileRegistry,
  type DescMessage,
  fromBinary,
  fromJson,
  type JsonObject,
  type JsonValue,
  toBinary,
  toJson,
} from '@bufbuild/protobuf';
import { FileDescriptorSetSchema } from '@bufbuild/protobuf/wkt';
import { SymbolonError } from '../../core/errors.ts';
import { inexactNumberOf, surveyOf } from '../../core/json.ts';

const DESCRIPTOR_SET = new URL('../../../gen/descriptors.binpb', import.meta.url);
const REGISTRY = createFileRegistry(fromBinary(FileDescriptorSetSchema, readFileSync(DESCRIPTOR_SET)));

/** More than attributes may have, and less than decoders of protobuf read: a level of a google.protobuf.Struct takes three of theirs. */
const MAX_DEPTH = 34;

export interface JsonForm {
  /** Throws `invalid_argument`, in words that hold no value of the body. */
  toBytes(body: Buffer): Uint8Array;
  toText(bytes: Uint8Array): string;
}

/** Of a method by its path, such as `symbolon.v1.TokenService/Issue`. */
export type JsonForms = (path: string) => { readonly request: JsonForm; readonly response: JsonForm };

export const jsonFormsOf: JsonForms = (path) => {
  const [service = '', name] = path.split('/');
  const method = REGISTRY.getService(service)?.methods.find((each) => each.name === name);
  if (method === undefined) {
    throw new Error(`the contract has no method ${path}`);
  }
  return { request: formOf(method.input), response: formOf(method.output) };
};

function formOf(type: DescMessage): JsonForm {
  return {
    toBytes: (body) => toBinary(type, read(type, parse(body))),
    toText: (bytes) => JSON.stringify(toJson(type, fromBinary(type, bytes))),
  };
}

function parse(body: Buffer): JsonValue {
  const text = isUtf8(body) ? body.toString('utf8') : undefined;
  const value = text === undefined ? undefined : parsedOf(text);
  if (text === undefined || value === undefined) {
    throw invalid('The body is not valid JSON');
  }
  const { depth, repeatsName, isUnicode } = surveyOf(text);
  if (depth > MAX_DEPTH) {
    throw invalid(`The body is nested more than ${MAX_DEPTH} deep`);
  }
  if (repeatsName) {
    throw invalid('The body has a name twice in one object. Send it once');
  }
  if (!isUnicode) {
    throw invalid('The body has half of a surrogate pair. Send valid Unicode');
  }
  if (inexactNumberOf(text) !== undefined) {
    throw invalid('The body has a number that a double can’t hold. Send it as a string');
  }
  return value;
}

function parsedOf(text: string): JsonValue | undefined {
  try {
    return JSON.parse(text) as JsonValue;
  } catch {
    return undefined;
  }
}

function read(type: DescMessage, json: JsonValue) {
  try {
    requirePlainMask(json);
    return fromJson(type, json);
  } catch (error) {
    throw error instanceof SymbolonError ? error : invalid(problemOf(error));
  }
}

/**
 * A mask is written in lowerCamelCase in JSON, so that `attributes.myKey` names the member `my_key`. Who meant a member `myKey` would
 * remove another one.
 */
function requirePlainMask(json: JsonValue): void {
  // Both spellings of the field are read.
  const { updateMask, update_mask: mask = updateMask, attributes } = (json ?? {}) as JsonObject;
  const members = Object.keys(attributes ?? {});
  for (const path of typeof mask === 'string' ? mask.split(',') : []) {
    const name = /^attributes\.(.*[A-Z].*)$/s.exec(path)?.[1];
    if (name !== undefined && members.includes(name)) {
      throw invalid(
        'update_mask can’t name a member with a capital letter in JSON. Name attributes as a whole, or send protobuf',
      );
    }
  }
}

/** The library's words that hold nothing of what was sent, for that may be a password. */
const SAFE_REASONS: readonly RegExp[] = [
  /^expected [a-z]+/,
  /^(?:oneof )?set multiple times/,
  /^(?:list item|map value) must not be null/,
  /^invalid RFC 3339 string/,
  /^path names must be lowerCamelCase/,
];

function problemOf(error: unknown): string {
  const message = error instanceof Error ? error.message : '';
  const [, kind, fullName = '', reason = ''] =
    /^cannot decode (message|field|oneof|enum) ([\w.]+):? from JSON:? ?(.*)$/s.exec(message) ?? [];
  const name = fullName.replace(/^symbolon\.v1\./, '');
  const unknown = /^key "(\w{1,64})" is unknown/.exec(reason)?.[1];
  if (unknown !== undefined) {
    return `${name} has no field ${unknown}`;
  }
  if (kind === 'message' && name !== fullName) {
    return reason.startsWith('key ') ? `${name} has a field that is unknown` : `${name} must be a JSON object`;
  }
  if (kind === 'enum') {
    return `${name} has no such value`;
  }
  const told = SAFE_REASONS.map((form) => form.exec(reason)?.[0]).find((text) => text !== undefined);
  return kind === undefined
    ? 'The body has a value of a wrong form'
    : `${name}: ${told ?? 'the value has a wrong form'}`;
}

function invalid(message: string): SymbolonError {
  return new SymbolonError('invalid_argument', message);
}
