/** The checks themselves: they find what is wrong with a page that is bad on purpose, and nothing of one that is good. */
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { HAS_CHROMIUM } from '../http/connect/browser.ts';
import { checkPage } from './checks.ts';
import { Chromium } from './chromium.ts';
import { PLAIN, SIZES, VARIANTS, type Variant } from './variants.ts';

const STYLE = `* { box-sizing: border-box } body { color: #111; background: #fff; margin: 1rem; font: 1rem sans-serif }
input { min-height: 44px; max-width: 100% } button { min-height: 44px } a { display: inline-block; padding: .5rem }
:focus-visible { outline: 3px solid #2557c7 } .unseen { position: absolute; width: 1px; height: 1px; clip-path: inset(50%) }
.bad-focus:focus-visible { outline: none } .pale { color: #bbb } .wide { width: 1500px } .phone-wide { width: 350px; height: 1px }
.up { position: absolute; top: 0; left: 0 } .tiny { padding: 0; font-size: 8px; line-height: 1 }
.gone { display: none }`;

const GOOD = `<!doctype html>
<html lang="en" dir="ltr"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>A page</title><link rel="stylesheet" href="/style.css"><link rel="icon" href="data:,"></head>
<body><main><h1>A page</h1>
<form method="post" action="/">
<input type="hidden" name="step" value="sign_in">
<label for="username">User name</label>
<p><input id="username" name="username" type="text" autocomplete="username" autofocus>
<p><label for="password">Password</label>
<p><input id="password" name="password" type="password" autocomplete="current-password">
<p><button type="submit">Sign in</button>
</form>
<p><a href="/?">Somewhere else</a></p>
</main></body></html>`;

const SEEN = ['sign_in: fills username and password; saves password of username'];
const POLICY = "default-src 'none'; style-src 'self'; script-src 'self'; img-src data:; form-action 'self'";
const WITHOUT_SCRIPT: Variant = { ...PLAIN, script: false };

interface Fault {
  readonly name: string;
  readonly what: string;
  readonly by: string;
  readonly found: RegExp;
  readonly variant?: Variant;
}

/** `what` becomes `by`. All of them are tried without scripts, where a password needs no button that shows it. */
const FAULTS: readonly Fault[] = [
  { name: 'another language', what: 'lang="en"', by: 'lang="de"', found: /“de” and not in “en”/ },
  { name: 'no direction', what: ' dir="ltr"', by: '', found: /written/ },
  { name: 'no title', what: '<title>A page</title>', by: '<title></title>', found: /no title/ },
  { name: 'two headings', what: '</h1>', by: '</h1><h1>Another</h1>', found: /2 headings/ },
  { name: 'a value that is not a text', what: 'Somewhere else', by: 'Go to undefined', found: /not a text/ },
  { name: 'a style within it', what: '<h1>', by: '<h1 style="color:#111">', found: /Content Security Policy/ },
  {
    name: 'a script within it',
    what: '</main>',
    by: '</main><script>1</script>',
    found: /Content Security Policy/,
    variant: PLAIN,
  },
  {
    name: 'a script that fails',
    what: '</main>',
    by: '</main><script src="/fails.js"></script>',
    found: /a script failed: on purpose/,
    variant: PLAIN,
  },
  {
    name: 'something that is not there',
    what: '</main>',
    by: '</main><link rel="stylesheet" href="/none.css">',
    found: /none\.css: 404/,
  },
  {
    name: 'something of another site',
    what: '</main>',
    by: '</main><img alt="" src="http://127.0.0.2:1/x.png">',
    found: /Content Security Policy/,
  },
  { name: 'a page that scrolls sideways', what: '<h1>', by: '<h1 class="wide">', found: /sideways, 15.. px of 1280/ },
  {
    name: 'a page that scrolls sideways when it is narrow',
    what: '</h1>',
    by: '</h1><p class="phone-wide">x',
    found: /sideways, 3.. px of 320/,
    variant: { ...WITHOUT_SCRIPT, size: 'phone' },
  },
  { name: 'a field without a label', what: 'for="username"', by: 'for="password"', found: /username.* has no label/ },
  { name: 'a label of nothing', what: 'for="password"', by: 'for="passwort"', found: /#passwort is not there/ },
  { name: 'an id twice', what: '<h1>', by: '<h1 id="password">', found: /#password twice/ },
  { name: 'a small link', what: '<a ', by: '<a class="tiny" ', found: /small to press/ },
  {
    name: 'a wrong field that does not say why',
    what: 'type="text"',
    by: 'type="text" aria-invalid="true"',
    found: /username is wrong, and does not say why/,
  },
  { name: 'pale text', what: '<h1>', by: '<h1 class="pale">', found: /serious, color-contrast/ },
  {
    name: 'pale text, with scripts',
    what: '<h1>',
    by: '<h1 class="pale">',
    found: /serious, color-contrast/,
    variant: PLAIN,
  },
  {
    name: 'a picture without words',
    what: '</h1>',
    by: '</h1><img src="data:image/gif;base64,R0lGODlhAQABAAAAACw=">',
    found: /critical, image-alt/,
  },
  { name: 'a focus that is not seen', what: '<a ', by: '<a class="bad-focus" ', found: /not seen that <a>/ },
  {
    name: 'an order of its own',
    what: 'type="submit"',
    by: 'type="submit" tabindex="3"',
    found: /Tab stops at .* and not at <button>/,
  },
  { name: 'an order that goes back', what: '<a ', by: '<a class="up" ', found: /Tab goes back up to <a>/ },
  { name: 'the focus elsewhere', what: ' autofocus', by: '', found: /has the focus, not username/ },
  { name: 'another page', what: 'value="sign_in"', by: 'value="other"', found: /it is another page/ },
  {
    name: 'no word for the password',
    what: 'current-password',
    by: 'password',
    found: /password is a password of no kind/,
  },
  {
    name: 'no user name',
    what: 'name="username" type="text" autocomplete="username"',
    by: 'name="username" type="hidden"',
    found: /a password and no user name/,
  },
  {
    name: 'a hidden user name',
    what: 'type="text" autocomplete="username"',
    by: 'type="hidden" autocomplete="username"',
    found: /hidden from managers/,
  },
  {
    name: 'a user name that is not rendered',
    what: 'type="text"',
    by: 'type="text" class="gone"',
    found: /hidden from managers/,
  },
  {
    name: 'an empty user name that nobody can fill in',
    what: 'type="text"',
    by: 'type="text" readonly',
    found: /user name is empty/,
  },
  {
    name: 'a new password for an old one',
    what: 'current-password',
    by: 'new-password',
    found: /sees \["sign_in: offers a new password/,
  },
  {
    name: 'a code between the name and the password',
    what: '<p><label for="password">',
    by: '<p><input id="code" name="code" aria-label="Code" autocomplete="one-time-code" inputmode="numeric"><p><label for="password">',
    found: /not what their order says/,
  },
  {
    name: 'a code for which letters come up',
    what: '<p><a ',
    by: '<form><input id="code" name="code" aria-label="Code" autocomplete="one-time-code"></form><p><a ',
    found: /no keys for digits/,
  },
  { name: 'a short password', what: 'type="password"', by: 'type="password" maxlength="20"', found: /takes only 20/ },
  {
    name: 'a password that is sent back',
    what: 'type="password"',
    by: 'type="password" value="secret"',
    found: /sent back/,
  },
  { name: 'a button that waits', what: 'type="submit"', by: 'type="submit" disabled', found: /a button is disabled/ },
  {
    name: 'a button that needs a script',
    what: '<p><button type="submit"',
    by: '<p><button type="button" aria-controls="password">Show</button><p><button type="submit"',
    found: /which needs a script/,
  },
  {
    name: 'a password that nothing shows',
    what: 'A page',
    by: 'A page',
    found: /nothing shows password/,
    variant: PLAIN,
  },
];

const title = 'the checks of a page';

describe.skipIf(!HAS_CHROMIUM)(HAS_CHROMIUM ? title : `${title} (skipped: there is no Chromium here)`, () => {
  let html = GOOD;
  let server: Server;
  let chromium: Chromium;

  beforeAll(async () => {
    server = createServer(({ url }, response) => {
      const [type, body] =
        url === '/style.css'
          ? ['text/css', STYLE]
          : url === '/fails.js'
            ? ['text/javascript', 'throw Error("on purpose")']
            : ['text/html;charset=UTF-8', html];
      response.writeHead(url === '/none.css' ? 404 : 200, { 'Content-Type': type, 'Content-Security-Policy': POLICY });
      response.end(body);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    chromium = await Chromium.start();
  });
  afterAll(async () => {
    await chromium[Symbol.asyncDispose]();
    server.closeAllConnections();
    server.close();
  });

  async function problemsWith(page: string, variant: Variant): Promise<string> {
    html = page;
    await using visit = await chromium.visit(variant);
    await visit.open(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
    const place = { shows: 'input[name=step][value=sign_in]', focus: 'username', forms: SEEN };
    return (await checkPage(place, visit)).join('\n');
  }

  it.each(Object.keys(SIZES) as (keyof typeof SIZES)[])(
    'find nothing wrong with a good page, on a %s',
    async (size) => {
      expect(await problemsWith(GOOD, { ...WITHOUT_SCRIPT, size })).toBe('');
    },
  );

  it.each(FAULTS)('find $name', async ({ what, by, found, variant = WITHOUT_SCRIPT }) => {
    expect(GOOD).toContain(what);
    expect(await problemsWith(GOOD.replace(what, by), variant)).toMatch(found);
  });

  it('take a page of another status for what it is', async () => {
    await using visit = await chromium.visit(PLAIN);
    await visit.open(`http://127.0.0.1:${(server.address() as AddressInfo).port}/none.css`);
    expect([visit.statuses, visit.complaints]).toEqual([[404], []]);
  });
});

describe('the ways to look at a page', () => {
  it('have every two values together', () => {
    const pairs = new Set(
      VARIANTS.flatMap((variant) => {
        const values = Object.entries(variant).map(([name, value]) => `${name}=${value}`);
        return values.flatMap((one) => values.filter((other) => other > one).map((other) => `${one} ${other}`));
      }),
    );
    // Three languages with three times two values, and three pairs of two values.
    expect(pairs.size).toBe(3 * 6 + 3 * 4);
  });
});
