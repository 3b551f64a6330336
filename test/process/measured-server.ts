/** A server whose metrics are read, and some use of it that leaves a trace in as many of them as can be. */
import { basic, TokenClient } from './grpc-client.ts';
import { postLogin } from './rest-client.ts';
import type { ServerProcess } from './server-process.ts';

/** The address is in the line that says what is served where. */
export const FREE_PAGE = ['--metrics-address', '127.0.0.1:0', '--log-level', 'info'] as const;

export function metricsAddressOf({ running }: ServerProcess): string {
  const address = /"metrics":"([^"]+)"/.exec(running.stderr)?.[1];
  if (address === undefined) {
    throw new Error(`no metrics are served: ${running.stderr}`);
  }
  return address;
}

/** Logins that succeed and fail, a refresh, a theft, introspections, a message and a revocation, by both doors. */
export async function useServer({ demo }: ServerProcess): Promise<void> {
  using client = TokenClient.admin(demo);
  const { login_name, password } = demo.user;
  const { accessToken, refreshToken } = await client.logIn(login_name, password);
  await client.logIn('nobody-of-this-name', 'a wrong password').catch(() => undefined);
  await client.isActive(accessToken);
  await client.isActive('syu_made-up');
  await postLogin(demo, login_name, password);
  await postLogin(demo, login_name, 'another wrong password');
  const second = await client.refresh(refreshToken);
  const third = await client.refresh(second.refreshToken);
  await client.isActive(third.accessToken);
  await client.refresh(refreshToken).catch(() => undefined);
  await fetch(`http://${demo.http}/api/apps/${demo.tenant_id}/users/LOGIN_NAME:${login_name}/password/request-reset`, {
    method: 'POST',
    headers: {
      'X-Kii-AppID': demo.tenant_id,
      'X-Kii-AppKey': 'any',
      'Content-Type': 'application/vnd.kii.ResetPasswordRequest+json',
    },
    body: JSON.stringify({ notificationMethod: 'EMAIL' }),
  });
  using impostor = new TokenClient(demo.grpc, basic(demo.admin.client_id, 'sys_wrong'));
  await impostor.isActive(accessToken).catch(() => undefined);
  await fetch(`http://${demo.http}/api/apps/made-up/users/me`);
  await fetch(`http://${demo.http}/nothing/is/here`);
  const { accessToken: ended } = await client.logIn(login_name, password);
  await client.revokeToken(ended);
}
