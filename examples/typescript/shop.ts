/** A service over HTTP that only lets in who has a live token. */
import type { AddressInfo } from 'node:net';
import { Verifier } from '@symbolon/server';
import { callerOf, guard } from '@symbolon/server/express';
import express from 'express';
import { options } from './services.ts';

const verifier = new Verifier(options());
const app = express();

app.get('/orders', guard(verifier, { realm: 'shop', scopes: ['read'] }), (request, response) => {
  response.json({ orders: ['bread', 'cheese'], client_id: callerOf(request).clientId });
});
app.delete('/orders', guard(verifier, { realm: 'shop', scopes: ['write'] }), (_, response) => {
  response.status(204).end();
});
const server = app.listen(0, '127.0.0.1', () => {
  process.stdout.write(`ready 127.0.0.1:${(server.address() as AddressInfo).port}\n`);
});
