/** Who opens a server in a browser, and knows no path of it. */
import { expect, it } from 'vitest';
import { Issuers } from '../../../src/http/issuers.ts';
import { pagesDialect } from '../../../src/http/pages/dialect.ts';
import { HttpServer } from '../../../src/http/server.ts';
import { LogTape } from '../support.ts';
import { openPagesBed, TENANT } from './bed.ts';
import { Browser } from './browser.ts';

it.each([
  ['/', '/account'],
  [`/t/${TENANT}`, `/t/${TENANT}/account`],
])('%s leads to %s', async (path, location) => {
  const bed = await openPagesBed();
  expect(await bed.newBrowser().get(path)).toMatchObject({ status: 303, location });
  expect(await bed.newBrowser().post(path, {})).toMatchObject({ status: 405 });
  await bed.close();
});

it('a server without a default tenant has nothing at the root', async () => {
  const bed = await openPagesBed();
  const issuers = new Issuers({ publicUrl: undefined, defaultTenant: undefined }, () => undefined);
  const dialects = [pagesDialect(issuers)];
  const http = await HttpServer.start({
    ...{ services: bed.services, log: new LogTape().log },
    ...{ dialects, address: '127.0.0.1:0' },
  });
  const page = await new Browser(http.address).get('/');
  expect(page).toMatchObject({ status: 404, text: expect.stringContaining('<h1>There is nothing here') });
  await http.drain(0);
  await bed.close();
});
