/** `symbolon device`. */
import { Command, Option } from 'commander';
import { deviceId, ID_BYTES } from '../core/ids.ts';
import { requireVendorId } from '../core/text/fields.ts';
import { VENDOR_ID_RULE } from '../core/text/names.ts';
import { idOf, keptBy, type TargetOptions, targetCommand } from './naming.ts';
import { printResult } from './output.ts';
import { createSubject, type SubjectOptions, subjectCommand, withSubjectOptions } from './subjects.ts';
import { executeAsOperator, random, withStore } from './workspace.ts';

interface DeviceOptions extends SubjectOptions {
  readonly vendorId: string;
}

export function deviceCommand(): Command {
  const create = withSubjectOptions(new Command('create'))
    .description('make a device; a password that is not given is made up and printed once')
    .addOption(vendorIdOption())
    .action(createDevice);
  const setVendorId = targetCommand('device', 'set-vendor-id')
    .description('give it another vendor id; its password and its tokens stay')
    .addOption(vendorIdOption())
    .action(changeVendorId);
  return subjectCommand('device', create).addCommand(setVendorId);
}

function vendorIdOption(): Option {
  return new Option('--vendor-id <id>', VENDOR_ID_RULE).makeOptionMandatory().argParser(keptBy(requireVendorId));
}

async function changeVendorId(name: string, options: TargetOptions & { readonly vendorId: string }): Promise<void> {
  const { tenant: tenantId = '', vendorId } = options;
  const subjectId = await withStore(options, async (store) => {
    const id = await idOf(store, 'device', tenantId, name);
    const device = { kind: 'update_subject', tenantId, subjectKind: 'device', subjectId: id } as const;
    await executeAsOperator(store, { ...device, set: { vendorId } });
    return id;
  });
  printResult(options, { tenant_id: tenantId, device_id: subjectId, vendor_id: vendorId });
}

async function createDevice(options: DeviceOptions): Promise<void> {
  const { tenant, vendorId } = options;
  const subjectId = deviceId(random(ID_BYTES));
  const password = await createSubject(options, {
    subjectId,
    tenantId: tenant,
    kind: 'device',
    loginName: null,
    email: null,
    emailVerified: false,
    phone: null,
    phoneVerified: false,
    vendorId,
  });
  printResult(options, { tenant_id: tenant, device_id: subjectId, vendor_id: vendorId, password });
}
