/** What start.ts tells a service by its environment. */
import { loadPackageDefinition, type ServiceClientConstructor } from '@grpc/grpc-js';
import { loadSync } from '@grpc/proto-loader';

/** Of the service's own client, which may introspect. */
export function options() {
  return {
    address: setting('SYMBOLON_ADDRESS'),
    clientId: setting('CLIENT_ID'),
    clientSecret: setting('CLIENT_SECRET'),
  };
}

export function setting(name: string): string {
  const value = process.env[name];
  if (value === undefined) {
    throw new Error(`${name} is not set`);
  }
  return value;
}

export const Orders = (
  loadPackageDefinition(loadSync(`${import.meta.dirname}/orders.proto`, { keepCase: true })) as unknown as {
    orders: { v1: { Orders: ServiceClientConstructor } };
  }
).orders.v1.Orders;
