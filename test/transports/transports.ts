/** The same operations through each surface, as one interface: what a scenario is written against. */
import type { Metadata } from '@grpc/grpc-js';
import type { HttpServer } from '../../src/http/server.ts';
import { basic, CREDENTIALS, failureOf, type GrpcBed, issue, refresh } from '../grpc/client.ts';
import { callThrough, DOORS, failureThrough } from '../http/connect/doors.ts';

/** Tokens as every surface answers them. */
export interface Pair {
  readonly accessToken: string;
  readonly refreshToken: string;
  readonly subjectId: string;
}

/** A failure that all surfaces can tell: the reason's meaning for a legacy client, and its text. */
export interface Refusal {
  readonly message: string;
}

export interface Transport {
  readonly name: string;
  loginUser(username: string, password: string): Promise<Pair | Refusal>;
  loginDevice(vendorId: string, password: string): Promise<Pair | Refusal>;
  loginClient(clientId: string, secret: string): Promise<Pair | Refusal>;
  anonymous(): Promise<Pair | Refusal>;
  refresh(refreshToken: string): Promise<Pair | Refusal>;
}

export function grpcTransport(bed: GrpcBed): Transport {
  const app: Metadata = basic('acme');
  const settle = async (call: Promise<Pair>): Promise<Pair | Refusal> => {
    try {
      const { accessToken, refreshToken, subjectId } = await call;
      return { accessToken, refreshToken, subjectId };
    } catch (error) {
      return { message: (await failureOf(Promise.reject(error))).message };
    }
  };
  return {
    name: 'gRPC',
    loginUser: (username, password) => settle(issue(bed, CREDENTIALS.user(username, password), app)),
    loginDevice: (vendorId, password) => settle(issue(bed, CREDENTIALS.device(vendorId, password), app)),
    loginClient: (clientId, secret) => settle(issue(bed, CREDENTIALS.client(clientId, secret), app)),
    anonymous: () => settle(issue(bed, CREDENTIALS.anonymous(), app)),
    refresh: (refreshToken) => settle(refresh(bed, refreshToken, app)),
  };
}

export function kiiTransport(server: HttpServer): Transport {
  const post = async (body: Record<string, string>): Promise<Pair | Refusal> => {
    const response = await fetch(`http://${server.address}/api/apps/acme/oauth2/token`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify(body),
    });
    const answer = (await response.json()) as Record<string, string>;
    return response.ok
      ? {
          accessToken: answer.access_token ?? '',
          refreshToken: answer.refresh_token ?? '',
          subjectId: answer.id ?? '',
        }
      : { message: answer.error_description ?? '' };
  };
  return {
    name: 'REST',
    loginUser: (username, password) => post({ username, password }),
    loginDevice: (vendorId, password) => post({ username: `VENDOR_THING_ID:${vendorId}`, password }),
    loginClient: (clientId, secret) => post({ client_id: clientId, client_secret: secret }),
    anonymous: () => post({ client_id: 'acme', client_secret: 'any' }),
    refresh: (refreshToken) => post({ grant_type: 'refresh_token', refresh_token: refreshToken }),
  };
}

/** Connect or gRPC-Web, as a browser speaks it. */
export function connectTransport(server: HttpServer, door: keyof typeof DOORS): Transport {
  const transport = DOORS[door](`http://${server.address}`);
  const tokensOf = async (name: string, request: Parameters<typeof callThrough>[2]): Promise<Pair | Refusal> => {
    const call = callThrough(transport, name, request);
    try {
      const { accessToken, refreshToken = '', subjectId = '' } = (await call).tokens;
      return { accessToken, refreshToken, subjectId };
    } catch {
      return { message: (await failureThrough(call)).message };
    }
  };
  return {
    name: door,
    loginUser: (username, password) => tokensOf('Issue', { userPassword: { username, password } }),
    loginDevice: (vendorId, password) => tokensOf('Issue', { devicePassword: { vendorId, password } }),
    loginClient: (clientId, clientSecret) => tokensOf('Issue', { clientSecret: { clientId, clientSecret } }),
    anonymous: () => tokensOf('Issue', { anonymous: { clientId: 'acme' } }),
    refresh: (refreshToken) => tokensOf('Refresh', { refreshToken }),
  };
}
