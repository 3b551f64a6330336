/** Signing in and consent in a real browser: its cookies, its policy, its own idea of where a form comes from. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { eventually } from '../../process/program.ts';
import { Page } from '../../sdk/typescript/login/chromium.ts';
import { HAS_CHROMIUM } from '../connect/browser.ts';
import { authorizeUrl, makeAppClient, openPagesBed, PASSWORD, type PagesBed } from './bed.ts';

const title = 'in a real browser';

describe.skipIf(!HAS_CHROMIUM)(HAS_CHROMIUM ? title : `${title} (skipped: there is no Chromium here)`, () => {
  let bed: PagesBed;
  /** What the client was sent, by path and query. */
  const arrived: string[] = [];
  const client = createServer((request, response) => {
    if (request.url?.startsWith('/back') === true) {
      arrived.push(request.url);
    }
    response.setHeader('Content-Type', 'text/html');
    response.end('<p>back at the client</p>');
  });

  beforeAll(async () => {
    bed = await openPagesBed();
    await new Promise<void>((resolve) => client.listen(0, '127.0.0.1', resolve));
    await makeAppClient(
      bed,
      'local',
      { grants: ['authorization_code'], redirectUris: ['http://127.0.0.1/back'] },
      { confidential: false },
    );
  });
  afterAll(async () => {
    client.closeAllConnections();
    client.close();
    await bed.close();
  });

  it('signs in, agrees, and is back at the client', { timeout: 60_000 }, async () => {
    const redirect_uri = `http://127.0.0.1:${(client.address() as AddressInfo).port}/back`;
    const url = `http://${bed.http.address}${authorizeUrl({ client_id: 'local', redirect_uri, state: 'x"<y>' })}`;
    await using page = await Page.open(url);
    await page.shows('Sign in to The local app');
    expect(await page.value('getComputedStyle(document.querySelector("main")).maxWidth')).not.toBe('none');
    const fill = (name: string, value: string) =>
      page.value(`document.querySelector('[name=${name}]').value = ${JSON.stringify(value)}`);
    await fill('username', 'ann');
    await fill('password', 'wrong');
    await page.value('document.querySelector("button[type=submit]").click()');
    await page.shows('The user name or the password is wrong');
    await fill('password', PASSWORD);
    await page.value('document.querySelector("button[type=submit]").click()');
    await page.shows('Allow The local app?');
    await page.value('document.querySelector("button[value=allow]").click()');
    await page.shows('back at the client');
    const [path = ''] = arrived;
    await eventually('the client to be called', () => arrived.length === 1);
    const query = new URL(path, redirect_uri).searchParams;
    expect([query.get('state'), query.get('iss')]).toEqual(['x"<y>', `${bed.publicUrl}/t/acme`]);
    expect(query.get('code')).toBeTruthy();
    // Nothing of it is open to a script of the page, were there one.
    expect(await page.value('document.referrer')).toBe('');
  });
});
