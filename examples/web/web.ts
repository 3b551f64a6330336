/** A web app whose users sign in with Symbolon. The browser has a cookie, and the tokens stay here. */
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { Login, SymbolonError } from '@symbolon/client';
import express, { type NextFunction, type Request, type Response } from 'express';
import { html, page, STYLE } from './html.ts';
import { Sessions } from './sessions.ts';
import { setting } from './settings.ts';

/** The tenant's, such as https://login.example.com/t/shop. */
const issuer = setting('ISSUER');
const ordersUrl = setting('ORDERS_URL');
const options = {
  address: setting('SYMBOLON_ADDRESS'),
  clientId: setting('CLIENT_ID'),
  clientSecret: setting('CLIENT_SECRET'),
  scopes: ['read'],
};
/** Of nobody: begins sign-ins. */
const beginner = new Login(options);

const app = express();
app.disable('x-powered-by');
const server = app.listen(Number(process.env.PORT ?? 3000), 'localhost');
await once(server, 'listening').catch((error: Error) => {
  process.stderr.write(`the app can't listen (${error.message}). Name another port: PORT=3001\n`);
  process.exit(1);
});
/** Of this app, as browsers see it: https elsewhere than on this machine. */
const origin = process.env.ORIGIN ?? `http://localhost:${(server.address() as AddressInfo).port}`;
/** One of those that the client is registered with. */
const redirectUri = `${origin}/callback`;
const sessions = new Sessions(origin);

app.use((request, response, next) => {
  response.set({
    'Content-Security-Policy':
      "default-src 'none'; style-src 'self'; img-src data:; form-action 'self'; frame-ancestors 'none'; base-uri 'none'",
    'Cache-Control': 'no-store',
    'Referrer-Policy': 'same-origin',
    'X-Content-Type-Options': 'nosniff',
  });
  // SameSite keeps forms of other sites out, but another port of the same host is no other site.
  if (request.method !== 'GET' && request.headers.origin !== origin) {
    response.status(403).send(page('This form can’t be used', html`<p>Another site sent it.</p>`));
    return;
  }
  next();
});

app.get('/style.css', (_, response) => {
  response.type('css').send(STYLE);
});

app.get('/', async (request, response) => {
  const login = sessions.of(request)?.login;
  if (login === undefined) {
    response.send(page('The orders app', signInLink('Sign in with Symbolon')));
    return;
  }
  const answer = await login.fetchFor(ordersUrl)(`${ordersUrl}/orders`);
  if (answer.status === 401) {
    throw new SymbolonError('UNAUTHENTICATED', 'the sign-in was ended elsewhere');
  }
  if (!answer.ok) {
    throw new Error(`the orders answered ${answer.status}`);
  }
  const { orders } = (await answer.json()) as { orders: string[] };
  // What is kept of a user is kept by this id: it stays, whatever the user is called.
  const body = html`<p>You are <strong>${login.currentUser?.subjectId ?? ''}</strong>.</p>
<p>Your orders:</p>
<ul>
${orders.map((order) => html`<li>${order}</li>\n`)}</ul>
<p><a href="${issuer}/account">Your account at Symbolon</a>: what you allowed, and where you are signed in.</p>
<form method="post" action="/sign-out"><button type="submit">Sign out</button></form>`;
  response.send(page('You are signed in', body));
});

app.get('/sign-in', async (request, response) => {
  const begun = await beginner.beginCode({ issuer, redirectUri });
  const session = sessions.of(request);
  if (session?.login === undefined) {
    sessions.begin(request, response, { begun });
  } else {
    // Signed in until the next one is.
    session.begun = begun;
  }
  response.redirect(303, begun.url);
});

app.get('/callback', async (request, response) => {
  const session = sessions.of(request);
  const begun = session?.begun;
  if (session?.login !== undefined && begun === undefined) {
    // The page was loaded again.
    response.redirect(303, '/');
    return;
  }
  if (session === undefined || begun === undefined) {
    refuse(response, 400, 'No sign-in was begun in this browser, or it took too long.');
    return;
  }
  const login = new Login(options);
  try {
    // Looks at `state` and `iss`, and redeems the code with the secret of the client.
    await login.completeCode(begun, origin + request.originalUrl);
  } catch (error) {
    login.close();
    throw error;
  }
  session.begun = undefined;
  await session.login?.signOut();
  sessions.begin(request, response, { login });
  response.redirect(303, '/');
});

app.post('/sign-out', async (request, response) => {
  // Ends the tokens at Symbolon. Where it is away the Login tells it later.
  await sessions.of(request)?.login?.signOut();
  sessions.end(request, response);
  response.redirect(303, '/signed-out');
});

app.get('/signed-out', (_, response) => {
  const body = html`<p>Symbolon may still know you in this browser: who signs in next here is not asked for a password.</p>
<p><a href="${issuer}/sign-out">Sign out of Symbolon too</a></p>
${signInLink('Sign in again')}`;
  response.send(page('You are signed out', body));
});

app.use((_, response) => {
  response.status(404).send(page('There is nothing here', html`<p><a href="/">To the orders app</a></p>`));
});

app.use((error: unknown, request: Request, response: Response, _next: NextFunction) => {
  const { status, text, isOver } = problemOf(error);
  if (isOver) {
    sessions.end(request, response);
  }
  refuse(response, status, text);
});

function problemOf(error: unknown): { status: number; text: string; isOver?: boolean } {
  if (error instanceof SymbolonError) {
    if (error.reason === 'ACCESS_DENIED') {
      return { status: 403, text: 'You did not allow it. Nothing was changed.' };
    }
    switch (error.code) {
      case 'UNAUTHENTICATED':
        return { status: 401, text: 'Your sign-in has ended. Sign in again.', isOver: true };
      case 'FAILED_PRECONDITION':
        return { status: 400, text: 'This was not the sign-in that was begun last in this browser, or it failed.' };
      case 'UNAVAILABLE':
      case 'DEADLINE_EXCEEDED':
        return { status: 503, text: 'Symbolon can’t be reached at the moment. Try again.' };
    }
  }
  // No token is in it: a SymbolonError has none, and nothing else here has a text of somebody else.
  process.stderr.write(`${error instanceof Error ? error.message : error}\n`);
  return { status: 500, text: 'Something went wrong here.' };
}

function refuse(response: Response, status: number, text: string): void {
  response.status(status).send(page('That did not work', signInLink('Sign in again'), text));
}

function signInLink(text: string) {
  return html`<p><a class="button" href="/sign-in">${text}</a></p>`;
}

process.stdout.write(`ready ${origin}/\n`);
