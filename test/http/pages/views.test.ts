/** What the sources of the pages hold to, because the template library can't. */
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { sourceOf } from '../../../src/http/pages/answers.ts';
import { descriptionOf, toClient } from '../../../src/http/pages/redirects.ts';
import { EN } from '../../../src/http/pages/texts/en.ts';
import { href, html } from '../../../src/http/pages/views/markup.ts';
import { scopeLine } from '../../../src/http/pages/views/scope-text.ts';
import { nameOf, recipientOf } from '../../../src/http/pages/words.ts';
import { SCRIPT } from './bed.ts';

const VIEWS = fileURLToPath(new URL('../../../src/http/pages/views', import.meta.url));
const FILES = readdirSync(VIEWS)
  .filter((file) => file.endsWith('.ts'))
  .map((file) => ({ file, text: readFileSync(`${VIEWS}/${file}`, 'utf8') }));

const found = (form: RegExp) => FILES.filter(({ text }) => form.test(text)).map(({ file }) => file);

describe('the sources of the pages', () => {
  it('quote every attribute', () => {
    expect(found(/<[^<>]*=\$\{/)).toEqual([]);
  });

  it('mark nothing as escaped', () => {
    expect(found(/\braw\b|isEscaped/)).toEqual([]);
  });

  it('send links and forms through one function', () => {
    expect(found(/(?:href|action|src)="(?!\$\{(?:href|picture)\()/)).toEqual([]);
  });

  it('have no script, style or handler of their own', () => {
    expect(
      found(/<script(?! src="\$\{href\(SCRIPT_PATH\)\}" defer><\/script>)|<style|style="|\son[a-z]+="|javascript:/),
    ).toEqual([]);
  });
});

describe('a part of a page', () => {
  it('is escaped, wherever it stands', () => {
    const page = html`<a title="${SCRIPT}">${SCRIPT}${[SCRIPT, html`<b>${SCRIPT}</b>`]}</a>`.toString();
    expect(page.match(/<[^>]*/g)?.map((tag) => tag.slice(0, 3))).toEqual(['<a ', '<b', '</b', '</a']);
  });
});

describe('href', () => {
  it.each(['/t/acme/device', '/a?b=c&d=%20'])('lets a path of ours by: %s', (path) => expect(href(path)).toBe(path));

  it.each(['//evil.example', '/\\evil.example', 'https://evil.example', 'javascript:alert(1)', '', '/a b', '/\n'])(
    'lets nothing else by: %j',
    (path) => expect(href(path)).toBe('/'),
  );
});

describe('the policy’s source of a redirect URI', () => {
  it.each([
    ['https://app.example/back', 'https://app.example'],
    ['https://app.example:8443/back', 'https://app.example:8443'],
    ['http://127.0.0.1:9/back', 'http://127.0.0.1:9'],
    ['http://[::1]:9/back', 'http:'],
    ['com.example.app:/back', 'com.example.app:'],
    ["https://a;script-src'*'/back", 'https:'],
  ])('of %s is %s', (uri, source) => expect(sourceOf(uri)).toBe(source));
});

describe('going back to a client', () => {
  const to = (redirectUri: string, inFragment = false) =>
    toClient({ redirectUri, inFragment, parameters: { state: 'a&b', iss: undefined } }).headers.Location;

  it('keeps what is there', () => {
    expect(to('https://a.example/b?c=d')).toBe('https://a.example/b?c=d&state=a%26b');
    expect(to('https://a.example/b?')).toBe('https://a.example/b?state=a%26b');
    expect(to('https://a.example/b?c', true)).toBe('https://a.example/b?c#state=a%26b');
    expect(to('https://a.example/ü')).toBe('https://a.example/%C3%BC?state=a%26b');
  });

  it.each(['javascript:alert(1)', 'data:text/html,x', 'JavaScript:x', 'no uri'])('goes nowhere by %s', (uri) => {
    expect(() => to(uri)).toThrow('not registered');
  });

  it('describes errors as RFC 6749 section 4.1.2.1 lets it', () => {
    expect(descriptionOf('It isn’t "ü"\\\n')).toBe("It isn't ");
  });
});

describe('words', () => {
  it.each([
    ['read', 'See your data'],
    ['read:lamp', 'See data of devices: lamp'],
    ['write:lamp', 'Send data to devices: lamp'],
    ['constructor', 'constructor'],
    ['other', 'other'],
  ])('say %s as “%s”', (scope, text) => expect(scopeLine(EN, scope)).toBe(text));

  it('show no client by a name that hides or turns', () => {
    expect(nameOf({ clientId: 'c', displayName: 'a\u202eb\u200b' })).toBe('ab');
    expect(nameOf({ clientId: 'c', displayName: ' \u200b' })).toBe('c');
  });

  it.each([
    ['https://app.example:8443/b', 'app.example:8443'],
    ['http://localhost:1/b', 'an app on this computer'],
    ['com.example:/b', 'the app on this device that opens com.example: links'],
  ])('say who is behind %s', (uri, text) => expect(recipientOf(EN, uri)).toBe(text));
});
