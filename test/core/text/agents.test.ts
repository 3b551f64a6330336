import { expect, it } from 'vitest';
import { agentText } from '../../../src/core/text/agents.ts';

const MAC = 'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7)';
const WINDOWS = 'Mozilla/5.0 (Windows NT 10.0; Win64; x64)';
const WEBKIT = 'AppleWebKit/537.36 (KHTML, like Gecko)';
const PIXEL = 'Mozilla/5.0 (Linux; Android 14; Pixel 8)';
const IPHONE = 'Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X)';

it.each([
  ['Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0', 'Firefox, Windows'],
  [`${WINDOWS} ${WEBKIT} Chrome/140.0.0.0 Safari/537.36`, 'Chrome, Windows'],
  [`${WINDOWS} ${WEBKIT} Chrome/140.0.0.0 Safari/537.36 Edg/140.0.0.0`, 'Edge, Windows'],
  [`${WINDOWS} ${WEBKIT} Chrome/140.0.0.0 Safari/537.36 OPR/120.0.0.0`, 'Opera, Windows'],
  [`${MAC} AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.0 Safari/605.1.15`, 'Safari, macOS'],
  [`${PIXEL} ${WEBKIT} Chrome/140.0.0.0 Mobile Safari/537.36`, 'Chrome, Android'],
  [`${PIXEL} ${WEBKIT} SamsungBrowser/28.0 Chrome/140.0.0.0 Mobile Safari/537.36`, 'Samsung Internet, Android'],
  [`${IPHONE} AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.0 Mobile/15E148 Safari/604.1`, 'Safari, iPhone'],
  [`${IPHONE} AppleWebKit/605.1.15 (KHTML, like Gecko) CriOS/140.0 Mobile/15E148 Safari/604.1`, 'Chrome, iPhone'],
  [`Mozilla/5.0 (X11; CrOS x86_64 14541.0.0) ${WEBKIT} Chrome/140.0.0.0 Safari/537.36`, 'Chrome, ChromeOS'],
  [`Mozilla/5.0 (X11; Linux x86_64) ${WEBKIT} HeadlessChrome/140.0.0.0 Safari/537.36`, 'Chrome, Linux'],
  ['okhttp/4.12.0', 'okhttp/4.12.0'],
  ['grpc-node-js/1.14.0', 'grpc-node-js/1.14.0'],
  ['Lamp/3.1 (build 7; iPhone) CFNetwork/1', 'Lamp/3.1'],
  ['Mozilla/5.0', 'Mozilla/5.0'],
  ['ランプ/1', 'ランプ/1'],
])('%s is “%s”', (userAgent, text) => {
  expect(agentText(userAgent)).toBe(text);
});

it.each([[undefined], [''], ['   '], ['(nothing)'], ['\u0007\u202e']])('%j says nothing', (userAgent) => {
  expect(agentText(userAgent)).toBeNull();
});

it('has no control, nothing invisible, no half of a character, and at most 60 characters', () => {
  expect(agentText('La\u001b[31mmp\u202e/1\u0000')).toBe('La[31mmp/1');
  expect(agentText('x'.repeat(10_000))).toBe('x'.repeat(60));
  expect(agentText(`${'x'.repeat(59)}🗝`)?.isWellFormed()).toBe(true);
});
