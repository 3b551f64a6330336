/** `symbolon device`. */
import { Command, Option } from 'commander';
import { deviceId, ID_BYTES } from '../core/ids.ts';
import { VENDOR_ID_FORM } from '../core/text/names.ts';
import { printResult } from './output.ts';
import { createSubject, matching, type SubjectOptions, subjectCommand, withSubjectOptions } from './subjects.ts';
import { random } from './workspace.ts';

interface DeviceOptions extends SubjectOptions {
  readonly vendorId: string;
}

export function deviceCommand(): Command {
  const create = withSubjectOptions(new Command('create'))
    .description('make a device; a password that is not given is made up and printed once')
    .addOption(
      new Option('--vendor-id <id>', '1 to 200 of a-z A-Z 0-9 - _ and dots')
        .makeOptionMandatory()
        .argParser(matching(VENDOR_ID_FORM, '1 to 200 of a-z A-Z 0-9 - _ and dots')),
    )
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
