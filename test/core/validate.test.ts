import { describe, expect, it } from 'vitest';
import { requireRequestId, requireScopes, requireText, requireUsername } from '../../src/core/operations/validate.ts';

const invalid = expect.objectContaining({ code: 'invalid_argument' });

describe('a text', () => {
  it.each([['a'], ['a'.repeat(5)], ['日本語'], [' ']])('may be %j', (text) => {
    expect(() => requireText(text, 'field', 5)).not.toThrow();
  });

  it.each([
    ['', 'field is missing'],
    ['a'.repeat(6), 'field must be at most 5 characters'],
    ['a\0b', 'field must not have a NUL character'],
  ])('may not be %j', (text, message) => {
    expect(() => requireText(text, 'field', 5)).toThrow(invalid);
    expect(() => requireText(text, 'field', 5)).toThrow(message);
  });
});

describe('a user name', () => {
  it('may have 254 characters and no more', () => {
    expect(() => requireUsername('a'.repeat(254))).not.toThrow();
    expect(() => requireUsername('a'.repeat(255))).toThrow(invalid);
    expect(() => requireUsername('')).toThrow(invalid);
    expect(() => requireUsername('ann\0')).toThrow(invalid);
  });
});

describe('scopes', () => {
  it('are answered in their order without repetitions', () => {
    expect(requireScopes(['b', 'a', 'b', 'c', 'a'])).toEqual(['b', 'a', 'c']);
    expect(requireScopes([])).toEqual([]);
  });

  it('may hold what RFC 6749 section 3.3 allows', () => {
    expect(requireScopes(['!', '~', '#[', ']^', 'https://example.com/a:b'])).toHaveLength(5);
    expect(requireScopes(Array.from({ length: 64 }, (_, i) => `s${i}`))).toHaveLength(64);
    expect(requireScopes(['a'.repeat(128)])).toHaveLength(1);
  });

  it.each([[['']], [['a b']], [['a"b']], [['a\\b']], [['é']], [['a\n']], [['a', 'b\0']], [['a'.repeat(129)]]])(
    'may not be %j',
    (scopes) => {
      expect(() => requireScopes(scopes)).toThrow(invalid);
    },
  );

  it('may not be more than 64', () => {
    expect(() => requireScopes(Array.from({ length: 65 }, () => 'a'))).toThrow(invalid);
  });
});

describe('a request id', () => {
  it('is 1 to 128 printable ASCII characters', () => {
    expect(() => requireRequestId('5f0c2a9e-7d36-4a53-b9b2-0e7d6f0c1a11')).not.toThrow();
    expect(() => requireRequestId('a'.repeat(128))).not.toThrow();
    for (const requestId of ['', 'a'.repeat(129), 'a b', 'é', 'a\n', 'a\0']) {
      expect(() => requireRequestId(requestId)).toThrow(invalid);
    }
  });
});
