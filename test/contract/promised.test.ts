/** What programs outside this repository used before anything was released: these names and numbers stay. */
import { FieldDescriptorProto_Type as Type } from '@bufbuild/protobuf/wkt';
import { expect, it } from 'vitest';
import { contractRegistry } from './descriptors.ts';

const registry = contractRegistry();
const SCALARS = new Map<Type | undefined, string>([
  [Type.STRING, 'string'],
  [Type.BOOL, 'bool'],
]);

it('is in the file of that name', () => {
  const file = registry.getFile('symbolon/v1/token_service.proto');
  expect(file?.proto.package).toBe('symbolon.v1');
});

it.each(['Issue', 'Refresh', 'Introspect', 'Revoke'])('is the method %s', (name) => {
  const method = registry.getService('symbolon.v1.TokenService')?.methods.find((each) => each.name === name);
  expect(method).toMatchObject({
    methodKind: 'unary',
    input: { typeName: `symbolon.v1.${name}Request` },
    output: { typeName: `symbolon.v1.${name}Response` },
  });
});

it.each([
  ['IssueRequest', 'user_password', 1, 'symbolon.v1.UserPassword'],
  ['UserPassword', 'username', 1, 'string'],
  ['UserPassword', 'password', 2, 'string'],
  ['IssueResponse', 'tokens', 1, 'symbolon.v1.IssuedTokens'],
  ['IssuedTokens', 'access_token', 1, 'string'],
  ['IssuedTokens', 'refresh_token', 2, 'string'],
  ['RefreshRequest', 'refresh_token', 1, 'string'],
  ['RefreshResponse', 'tokens', 1, 'symbolon.v1.IssuedTokens'],
  ['IntrospectRequest', 'token', 1, 'string'],
  ['IntrospectResponse', 'active', 1, 'bool'],
  ['RevokeRequest', 'token', 1, 'string'],
])('is the field %s.%s', (message, name, number, type) => {
  const field = registry.getMessage(`symbolon.v1.${message}`)?.fields.find((each) => each.name === name);
  expect(field).toMatchObject({ number, proto: { label: 1 } });
  expect(field?.message?.typeName ?? SCALARS.get(field?.proto.type)).toBe(type);
});
