/** The token of a device that never expires and belongs to no client: `symbolon device give-token`, `show-token`, `revoke-token`. */
import type { Command } from 'commander';
import type { DeviceToken } from '../../gen/ts/symbolon/v1/device_service.ts';
import type { Api } from './api/api.ts';
import { withApi } from './api/open.ts';
import { named } from './ending.ts';
import { idOf, type TenantOptions, targetCommand, tenantIn } from './naming.ts';
import { printResult, type Result } from './terminal/output.ts';
import { timeText } from './times.ts';
import { type WaitOptions, waitedResult, waitOf, waitOption } from './waiting.ts';

type Act = (api: Api, request: { readonly device: DeviceRef }) => Promise<Result>;
type DeviceRef = { readonly device: { readonly $case: 'deviceId'; readonly value: string } };

export function deviceTokenCommands(): Command[] {
  const give = targetCommand('device', 'give-token')
    .description('make the token of a device that never expires, print it, and end the one before')
    .addOption(waitOption())
    .action((name: string, options: TenantOptions & WaitOptions) =>
      onToken(name, options, async (api, request) => {
        const { token, revision, verifiers } = await api.call('giveDeviceToken', { ...request, ...waitOf(options) });
        return { ...tokenResult(token), revision, ...waitedResult(verifiers) };
      }),
    );
  const show = targetCommand('device', 'show-token')
    .description('print the token that give-token made')
    .action((name: string, options: TenantOptions) =>
      onToken(name, options, async (api, request) => tokenResult((await api.call('getDeviceToken', request)).token)),
    );
  const revoke = targetCommand('device', 'revoke-token')
    .description('end the token that give-token made; logins by its password stay')
    .addOption(waitOption())
    .action((name: string, options: TenantOptions & WaitOptions) =>
      onToken(name, options, async (api, request) => {
        const { revision, verifiers } = await api.call('revokeDeviceToken', { ...request, ...waitOf(options) });
        return { revision, ...waitedResult(verifiers) };
      }),
    );
  return [give, show, revoke];
}

async function onToken(name: string, options: TenantOptions, act: Act): Promise<void> {
  const tenantId = tenantIn(options);
  const result = await withApi(options, tenantId, async (api) => {
    const deviceId = await idOf(api, 'device', tenantId, name);
    const done = await act(api, { device: { device: { $case: 'deviceId', value: deviceId } } });
    return { ...named('device', tenantId, deviceId), ...done };
  });
  printResult(options, result);
}

function tokenResult(token: DeviceToken | undefined): Result {
  if (token === undefined) {
    return {};
  }
  return {
    access_token: token.accessToken,
    family_id: token.familyId,
    client_id: token.clientId === '' ? null : token.clientId,
    create_time: timeText(token.createTime),
  };
}
