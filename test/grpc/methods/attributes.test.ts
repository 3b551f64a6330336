/** Attributes over gRPC: a google.protobuf.Struct has doubles alone, and loses nothing without a word. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { failureOf } from '../client.ts';
import { type DirectoryBed, openDirectoryBed, user } from './bed.ts';

const PASSWORD = 'correct horse';
let bed: DirectoryBed;

beforeAll(async () => {
  bed = await openDirectoryBed();
});

afterAll(() => bed.close());

async function registered(attributes: object): Promise<string> {
  const { user: made } = await bed.call('registerUser', {
    loginName: `user-${Math.random().toString(36).slice(2)}`,
    password: PASSWORD,
    attributes: attributes as Record<string, unknown>,
  });
  return made?.userId ?? '';
}

async function attributesOf(userId: string): Promise<Record<string, unknown> | undefined> {
  return (await bed.call('getUser', { user: user.id(userId) })).user?.attributes;
}

it('keep every double, and the sign of zero', async () => {
  const numbers = { a: 0.1, b: 9_007_199_254_740_992, c: 1e308, d: 5e-324, zero: -0, list: [1, -1.5, -0] };
  const kept = await attributesOf(await registered(numbers));
  expect(kept).toEqual(numbers);
  expect(Object.is(kept?.zero, -0)).toBe(true);
});

it('show a number that no double holds as a string of its digits', async () => {
  const userId = await registered({});
  await bed.store.execute({
    kind: 'update_subject',
    tenantId: 'acme',
    subjectKind: 'user',
    subjectId: userId,
    set: {},
    attributes: { how: 'replace', attributes: '{"serial":9007199254740993,"far":[1e400],"whole":1.0}' },
    authority: 'server',
  });
  expect(await attributesOf(userId)).toEqual({ serial: '9007199254740993', far: ['1e400'], whole: 1 });
});

it('are replaced by a mask that names them, and merged by one that names members', async () => {
  const userId = await registered({ a: 1, b: 2, 'odd.name': 3, gone: 4 });
  const update = (attributes: object, updateMask: string[]) =>
    bed.call('updateUser', { user: user.id(userId), attributes: attributes as Record<string, unknown>, updateMask });
  await update({ b: 5, 'odd.name': 6, unnamed: 7 }, ['attributes.b', 'attributes.odd.name', 'attributes.gone']);
  expect(await attributesOf(userId)).toEqual({ a: 1, b: 5, 'odd.name': 6 });
  await update({ only: null }, ['attributes']);
  expect(await attributesOf(userId)).toEqual({ only: null });
});

it('of a device are merged by a mask that names members', async () => {
  const { device } = await bed.call('registerDevice', { vendorId: 'v-1', password: 'p', attributes: { a: 1, b: 2 } });
  const ref = { device: { $case: 'deviceId' as const, value: device?.deviceId ?? '' } };
  const updated = await bed.call('updateDevice', {
    device: ref,
    attributes: { b: 3 },
    updateMask: ['attributes.b', 'attributes.c'],
  });
  expect(updated.device?.attributes).toEqual({ a: 1, b: 3 });
});

it('are either replaced or merged', async () => {
  const userId = await registered({});
  const both = bed.call('updateUser', { user: user.id(userId), updateMask: ['attributes', 'attributes.a'] });
  expect(await failureOf(both)).toMatchObject({
    status: 'INVALID_ARGUMENT',
    message: 'update_mask must name either attributes or members of it',
  });
});

it('may have many numbers, which take most as a Struct', async () => {
  const numbers = { list: new Array(16_000).fill(1) };
  expect(await attributesOf(await registered(numbers))).toEqual(numbers);
  const text = { text: 'x'.repeat(65_500) };
  expect(await attributesOf(await registered(text))).toEqual(text);
});

it('of many users come in pages that clients take', async () => {
  const numbers = { list: new Array(16_000).fill(1) };
  const made = await Promise.all(Array.from({ length: 20 }, () => registered(numbers)));
  const found: string[] = [];
  let pageToken = '';
  do {
    const page = await bed.call('listUsers', { pageSize: 1_000, pageToken });
    found.push(...page.users.map(({ userId }) => userId));
    pageToken = page.nextPageToken;
  } while (pageToken !== '');
  expect(found).toEqual(expect.arrayContaining(made));
});
