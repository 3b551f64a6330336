/** `symbolon device`. */
import { Command, Option } from 'commander';
import type { Device } from '../../gen/ts/symbolon/v1/device_service.ts';
import { VENDOR_ID_RULE } from '../core/text/names.ts';
import type { Api } from './api/api.ts';
import { withApi } from './api/open.ts';
import { deviceTokenCommands } from './device-tokens.ts';
import { named } from './ending.ts';
import { printPages } from './lists.ts';
import { idOf, type TenantOptions, targetCommand, tenantCommand, tenantIn } from './naming.ts';
import { newPassword } from './passwords.ts';
import { DISPLAY_NAME, maskOf, type NewSubjectOptions, newSubjectCommand, subjectCommand } from './subjects.ts';
import { UsageError } from './terminal/failures.ts';
import { printResult, type Result } from './terminal/output.ts';
import { timeText } from './times.ts';
import { type WaitOptions, waitedResult, waitOf, waitOption } from './waiting.ts';

interface DeviceOptions {
  readonly vendorId?: string;
  readonly displayName?: string;
  readonly owner?: string[];
}

const VENDOR_ID = ['--vendor-id <id>', VENDOR_ID_RULE] as const;
const COLUMNS = ['device_id', 'vendor_id', 'display_name', 'owner_ids', 'disabled', 'locked_until', 'create_time'];

export function deviceCommand(): Command {
  const create = newSubjectCommand(new Command('create'))
    .description('make a device; a password that is not given is made up and printed once')
    .addOption(new Option(...VENDOR_ID).makeOptionMandatory())
    .option('--owner <user>', 'a user who owns it; repeatable', collect)
    .action(createDevice);
  const get = targetCommand('device', 'get').description('print a device').action(getDevice);
  const list = tenantCommand(new Command('list')).description('print the devices of a tenant').action(listDevices);
  const update = targetCommand('device', 'update')
    .description('change what the flags name; its password and its tokens stay')
    .option(...VENDOR_ID)
    .option(...DISPLAY_NAME)
    .action(updateDevice);
  const endNodes = targetCommand('device', 'end-nodes')
    .description('print the devices that hang on it as a gateway')
    .action(listEndNodes);
  const own = [create, get, list, update, ownerCommand('add-owner'), ownerCommand('remove-owner'), endNodes];
  const both = [endNodeCommand('attach'), endNodeCommand('detach')];
  return subjectCommand(new Command('device').description('devices'), 'device', [
    ...own,
    ...both,
    ...deviceTokenCommands(),
  ]);
}

function collect(text: string, before: string[] = []): string[] {
  return [...before, text];
}

async function createDevice(options: NewSubjectOptions & DeviceOptions): Promise<void> {
  const { vendorId = '', displayName = '', owner = [] } = options;
  const tenantId = tenantIn(options);
  const { password, toPrint } = await newPassword(options);
  const { device } = await withApi(options, tenantId, async (api) => {
    const ownerIds = await Promise.all(owner.map((name) => idOf(api, 'user', tenantId, name)));
    return api.call('registerDevice', { vendorId, displayName, password, ownerIds });
  });
  const made = named('device', tenantId, device?.deviceId ?? '');
  printResult(options, { ...made, vendor_id: device?.vendorId ?? '', password: toPrint });
}

/** A command on one device that answers it as it is then. */
async function onDevice(
  name: string,
  options: TenantOptions,
  work: (api: Api, device: ReturnType<typeof refOf>) => Promise<{ readonly device: Device | undefined }>,
): Promise<void> {
  const tenantId = tenantIn(options);
  const result = await withApi(options, tenantId, async (api) => {
    const deviceId = await idOf(api, 'device', tenantId, name);
    const { device } = await work(api, refOf(deviceId));
    return { ...named('device', tenantId, deviceId), ...deviceResult(device) };
  });
  printResult(options, result);
}

const refOf = (value: string) => ({ device: { $case: 'deviceId', value } as const });

function getDevice(name: string, options: TenantOptions): Promise<void> {
  return onDevice(name, options, (api, device) => api.call('getDevice', { device }));
}

async function listDevices(options: TenantOptions): Promise<void> {
  await withApi(options, tenantIn(options), (api) =>
    printPages(options, {
      columns: COLUMNS,
      none: 'The tenant has no device. Make one with symbolon device create',
      read: async (page) => {
        const { devices, nextPageToken } = await api.call('listDevices', page);
        return { rows: devices.map(deviceResult), next: nextPageToken };
      },
    }),
  );
}

function updateDevice(name: string, options: TenantOptions & DeviceOptions): Promise<void> {
  const { vendorId, displayName } = options;
  const updateMask = maskOf({ vendor_id: vendorId, display_name: displayName });
  if (updateMask.length === 0) {
    throw new UsageError('no change is given. Give --vendor-id or --display-name');
  }
  const fields = { vendorId: vendorId ?? '', displayName: displayName ?? '' };
  return onDevice(name, options, (api, device) => api.call('updateDevice', { device, ...fields, updateMask }));
}

function ownerCommand(verb: 'add-owner' | 'remove-owner'): Command {
  const method = verb === 'add-owner' ? 'addDeviceOwner' : 'removeDeviceOwner';
  return targetCommand('device', verb)
    .description(verb === 'add-owner' ? 'let a user own it, beside others' : 'let a user own it no more')
    .requiredOption('--user <user>', 'the user: its id, login name, or verified e-mail or phone number')
    .action((name: string, options: TenantOptions & { readonly user: string }) =>
      onDevice(name, options, async (api, device) => {
        const userId = await idOf(api, 'user', tenantIn(options), options.user);
        return api.call(method, { device, userId });
      }),
    );
}

async function listEndNodes(name: string, options: TenantOptions): Promise<void> {
  const tenantId = tenantIn(options);
  await withApi(options, tenantId, async (api) => {
    const gateway = refOf(await idOf(api, 'device', tenantId, name));
    await printPages(options, {
      columns: COLUMNS,
      none: 'No device hangs on it',
      read: async (page) => {
        const { devices, nextPageToken } = await api.call('listEndNodes', { gateway, ...page });
        return { rows: devices.map(deviceResult), next: nextPageToken };
      },
    });
  });
}

function endNodeCommand(verb: 'attach' | 'detach'): Command {
  const method = verb === 'attach' ? 'attachEndNode' : 'detachEndNode';
  return targetCommand('device', verb)
    .description(verb === 'attach' ? 'hang it on a gateway' : 'take it from its gateway, and end all of its tokens')
    .requiredOption('--gateway <device>', 'the gateway: its id or vendor id')
    .addOption(waitOption())
    .action(async (name: string, options: TenantOptions & WaitOptions & { readonly gateway: string }) => {
      const tenantId = tenantIn(options);
      const result = await withApi(options, tenantId, async (api) => {
        const endNodeId = await idOf(api, 'device', tenantId, name);
        const gatewayId = await idOf(api, 'device', tenantId, options.gateway);
        const pair = { gateway: refOf(gatewayId), endNode: refOf(endNodeId) };
        const { revision, verifiers } = await api.call(method, { ...pair, ...waitOf(options) });
        const done = { ...named('device', tenantId, endNodeId), gateway_id: gatewayId, revision };
        return { ...done, ...waitedResult(verifiers) };
      });
      printResult(options, result);
    });
}

function deviceResult(device: Device | undefined): Result {
  if (device === undefined) {
    return {};
  }
  return {
    device_id: device.deviceId,
    vendor_id: device.vendorId,
    display_name: device.displayName === '' ? null : device.displayName,
    attributes: JSON.stringify(device.attributes ?? {}),
    owner_ids: device.ownerIds,
    disabled: device.disabled,
    // As of users: told by get and list alone.
    ...(device.lockedUntil && { locked_until: timeText(device.lockedUntil) }),
    create_time: timeText(device.createTime),
  };
}
