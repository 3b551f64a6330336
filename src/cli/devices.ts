/** `symbolon device`. */
import { Command, Option } from 'commander';
import { deviceId, ID_BYTES } from '../core/ids.ts';
import { requireVendorId } from '../core/text/fields.ts';
import { VENDOR_ID_RULE } from '../core/text/names.ts';
import { keptBy } from './naming.ts';
import { printResult } from './output.ts';
import { createSubject, type SubjectOptions, subjectCommand, withSubjectOptions } from './subjects.ts';
import { random } from './workspace.ts';

interface DeviceOptions extends SubjectOptions {
  readonly vendorId: string;
}

export function deviceCommand(): Command {
  const create = withSubjectOptions(new Command('create'))
    .description('make a device; a password that is not given is made up and printed once')
    .addOption(new Option('--vendor-id <id>', VENDOR_ID_RULE).makeOptionMandatory().argParser(keptBy(requireVendorId)))
    .action(createDevice);
  return subjectCommand('device', create);
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
