/** What may be repeated says so in the contract, and nothing that a proxy may log carries a secret. */
import type { DescMessage, DescMethod } from '@bufbuild/protobuf';
import { MethodOptions_IdempotencyLevel as Level } from '@bufbuild/protobuf/wkt';
import { describe, expect, it } from 'vitest';
import { contractFiles, contractRegistry } from './descriptors.ts';

const registry = contractRegistry();
const METHODS = contractFiles()
  .filter(({ package: name }) => name === 'symbolon.v1')
  .flatMap((file) => file.service.flatMap(({ name }) => registry.getService(`symbolon.v1.${name}`)?.methods ?? []));

const READS = /^(Get|List|Count|Verify|Describe|(Batch)?(Introspect|Check)$)/;
/** Done twice, they leave what they leave when done once. */
const REPEATABLE = /^(Update|Disable|Enable|Unlock|Attach|Detach|Delete|Revoke|Withdraw|ExpireClientSecret$)/;
/** Names of fields that open something. An id of a token and a sealed page token do not. */
const SECRET = /(^|_)(password|secret|token|code)s?$/;
const NOT_SECRET = 'page_token';

/** The secrets that a message can carry, however deep. */
function secretsIn(message: DescMessage, seen = new Set<DescMessage>()): string[] {
  if (seen.has(message)) {
    return [];
  }
  seen.add(message);
  return message.fields.flatMap((field) => {
    const own = SECRET.test(field.name) && field.name !== NOT_SECRET ? [`${message.name}.${field.name}`] : [];
    return [...own, ...(field.message ? secretsIn(field.message, seen) : [])];
  });
}

function expectedOf({ name, input }: DescMethod): Level {
  if (READS.test(name)) {
    return secretsIn(input).length === 0 ? Level.NO_SIDE_EFFECTS : Level.IDEMPOTENT;
  }
  return REPEATABLE.test(name) ? Level.IDEMPOTENT : Level.IDEMPOTENCY_UNKNOWN;
}

describe('the level of a method', () => {
  it('follows from its name, and from the secrets that a call of it carries', () => {
    expect(METHODS.length).toBeGreaterThan(50);
    const told = METHODS.map(({ name, idempotency }) => `${name}: ${Level[idempotency]}`);
    expect(told).toEqual(METHODS.map((method) => `${method.name}: ${Level[expectedOf(method)]}`));
  });

  it('finds secrets where they are', () => {
    const method = (name: string) => METHODS.find((each) => each.name === name) as DescMethod;
    expect(secretsIn(method('Introspect').input)).toEqual(['IntrospectRequest.token']);
    expect(secretsIn(method('BatchIntrospect').input)).toEqual(['BatchIntrospectRequest.tokens']);
    expect(secretsIn(method('GetUser').input)).toEqual(['UserRef.access_token']);
    expect(secretsIn(method('ListUsers').input)).toEqual([]);
  });

  it('is none where a repeated call would do something again', () => {
    const unknown = METHODS.filter(({ idempotency }) => idempotency === Level.IDEMPOTENCY_UNKNOWN);
    expect(unknown.map(({ name }) => name)).toEqual(
      expect.arrayContaining(['Issue', 'Refresh', 'CreateClient', 'AddClientSecret', 'ChangeUserPassword']),
    );
  });
});
