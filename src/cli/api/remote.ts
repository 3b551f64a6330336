/** Calls that a server anywhere answers, for the client that we are there. */
import { credentials, Metadata } from '@grpc/grpc-js';
import type { Api, Partially } from './api.ts';
import { CallFailed } from './api.ts';
import type { MethodName } from './contract.ts';
import type { Destination } from './destination.ts';
import { openGrpc } from './grpc.ts';

/** `tenantId`: the one that the command names, or empty. */
export function openRemote(destination: Destination, tenantId: string): Api {
  const { server, clientId, clientSecret = '', ca, usesTls } = destination;
  // Node warns of a server that is named by its address, on the stream that scripts read failures from.
  process.noDeprecation = true;
  const metadata = new Metadata();
  // RFC 6749 section 2.3.1: both halves are form-encoded.
  const pair = [clientId, clientSecret].map(encodeURIComponent).join(':');
  metadata.set('authorization', `Basic ${Buffer.from(pair).toString('base64')}`);
  const api = openGrpc({
    as: 'client',
    where: `the server ${server}`,
    target: `dns:${server}`,
    credentials: usesTls
      ? credentials.createSsl(ca === undefined ? null : Buffer.from(ca))
      : credentials.createInsecure(),
    metadata,
    // What is not encrypted goes to the server alone, and not by way of the proxy that the environment names for the network.
    ...(usesTls ? {} : { channelOptions: { 'grpc.enable_http_proxy': 0 } }),
  });
  if (tenantId === '') {
    return api;
  }
  let checking: Promise<void> | undefined;
  return {
    ...api,
    call: async (method, request) => {
      if (!namesTenant(request)) {
        checking ??= requireTenant(api, clientId, tenantId);
        await checking;
      }
      return api.call(method, request);
    },
  };
}

/** An operator's request that says in which tenant: the server tells whether it may. */
function namesTenant(request: Partially<object>): boolean {
  return 'tenantId' in request && request.tenantId !== '';
}

/** A client acts in its own tenant, whatever the command says: in another it must not look as if it had. */
async function requireTenant(api: Api, clientId: string, tenantId: string): Promise<void> {
  const method: MethodName = 'getTenant';
  const own = await api.call(method, { tenantId: '' }).then(
    ({ tenant }) => tenant?.tenantId,
    (error: unknown) => {
      // What it may do all the same, such as registering, it would do in its own tenant.
      if (error instanceof CallFailed && error.code === 'permission_denied') {
        throw new CallFailed(
          'permission_denied',
          `the client ${clientId} may not read its tenant, so that --tenant ${tenantId} can't be checked. Leave it out, of the context too, or call as a client with the role admin`,
          { cause: error },
        );
      }
      throw error;
    },
  );
  if (own !== tenantId) {
    throw new CallFailed(
      'permission_denied',
      `the client ${clientId} is one of the tenant ${own}, and --tenant says ${tenantId}. Name ${own}, or call as a client of ${tenantId}`,
    );
  }
}
