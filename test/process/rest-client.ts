/** A real client of the REST server. */
import type { DemoRecord } from '../../src/server/demo.ts';

export interface RestAnswer {
  readonly status: number;
  readonly json: Readonly<Record<string, unknown>>;
}

/** The legacy token endpoint. */
export async function postToken(
  httpAddress: string,
  tenantId: string,
  body: object,
  headers: Readonly<Record<string, string>> = {},
): Promise<RestAnswer> {
  const answer = await fetch(`http://${httpAddress}/api/oauth2/token`, {
    method: 'POST',
    headers: { 'X-Kii-AppID': tenantId, 'Content-Type': 'application/json', ...headers },
    body: JSON.stringify(body),
  });
  return { status: answer.status, json: (await answer.json()) as RestAnswer['json'] };
}

export function postLogin({ http, tenant_id }: DemoRecord, username: string, password: string): Promise<RestAnswer> {
  return postToken(http, tenant_id, { username, password });
}

export async function getHealth(httpAddress: string): Promise<RestAnswer> {
  const answer = await fetch(`http://${httpAddress}/health`);
  return { status: answer.status, json: (await answer.json()) as RestAnswer['json'] };
}
