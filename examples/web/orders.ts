/** What the app calls for its user: a service that only lets in who has a live token. */
import type { AddressInfo } from 'node:net';
import { Verifier } from '@symbolon/server';
import { callerOf, guard } from '@symbolon/server/express';
import express from 'express';
import { setting } from './settings.ts';

const verifier = new Verifier({
  address: setting('SYMBOLON_ADDRESS'),
  clientId: setting('CLIENT_ID'),
  clientSecret: setting('CLIENT_SECRET'),
});
const app = express();

app.get('/orders', guard(verifier, { realm: 'orders', scopes: ['read'] }), (request, response) => {
  response.json({ orders: ['bread', 'cheese'], for: callerOf(request).subjectId });
});
const server = app.listen(0, '127.0.0.1', () => {
  process.stdout.write(`ready http://127.0.0.1:${(server.address() as AddressInfo).port}\n`);
});
