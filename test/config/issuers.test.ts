import { InvalidArgumentError } from 'commander';
import { expect, it } from 'vitest';
import { issuersConfig, parsePublicUrl } from '../../src/config/issuers.ts';

it.each([
  ['https://login.example.com', 'https://login.example.com'],
  ['https://login.example.com/', 'https://login.example.com'],
  ['HTTPS://Login.Example.com:8443', 'https://login.example.com:8443'],
  ['http://127.0.0.1:8080', 'http://127.0.0.1:8080'],
  ['http://localhost:8080', 'http://localhost:8080'],
  ['http://[::1]:8080', 'http://[::1]:8080'],
])('--public-url %s is %s', (text, url) => {
  expect(parsePublicUrl(text)).toBe(url);
});

it.each([
  ...[
    '',
    'login.example.com',
    'ftp://login.example.com',
    'https://',
    'https://login.example.com/path',
    'javascript:alert(1)',
  ],
  ...[
    'https://login.example.com?x=1',
    'https://login.example.com#x',
    'https://user:pw@login.example.com',
    'https://a:0',
  ],
  ...['http://login.example.com', 'http://127.0.0.1.example.com', 'http://10.0.0.1:8080'],
])('--public-url %s is refused', (text) => {
  expect(() => parsePublicUrl(text)).toThrow(InvalidArgumentError);
});

it('has the tenant of a demo where nobody names one', () => {
  const nobody = { publicUrl: undefined, defaultTenant: undefined, artikTenant: undefined };
  expect(issuersConfig({}, false)).toEqual(nobody);
  expect(issuersConfig({}, true)).toEqual({ ...nobody, defaultTenant: 'demo', artikTenant: 'demo' });
  expect(issuersConfig({ defaultTenant: 'acme' }, true)).toMatchObject({ defaultTenant: 'acme', artikTenant: 'demo' });
});
