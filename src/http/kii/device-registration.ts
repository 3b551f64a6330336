/** A thing that is onboarded: it logs in by its password, or is registered with it, and gets an owner. */
import { SymbolonError } from '../../core/errors.ts';
import { keptNumber } from '../../core/json.ts';
import { lookUp } from '../../core/operations/access.ts';
import { nameOwner } from '../../core/operations/as-device.ts';
import { registerDevice } from '../../core/operations/devices.ts';
import { requireVendorId } from '../../core/text/fields.ts';
import { toVendorIdHandle } from '../../core/text/usernames.ts';
import { logInThing, type ThingLogin } from './device-logins.ts';
import { RESERVED_THING_FIELDS } from './devices.ts';
import type { Fields } from './fields.ts';
import { isAdmin, type ResourceRequest } from './resource.ts';
import { invalidInput } from './resource-errors.ts';
import { newAttributes, requiredText, textOf } from './values.ts';

/** kii_go's comments have a spelling of their own. */
const POSITIONS = ['STANDALONE', 'GATEWAY', 'END_NODE', 'ENDNODE'];

/** Logs a thing in by its vendor's id, or registers it when there is none of that id. */
export async function byVendorId(
  request: ResourceRequest,
  fields: Fields,
  password: string,
  ownerId: string | undefined,
): Promise<ThingLogin> {
  const vendorId = requireVendorId(requiredText(fields, 'vendorThingID'));
  const ref = { by: 'vendor_id', vendorId } as const;
  const known = await lookUp(request.services, request.appCall, 'device', toVendorIdHandle(vendorId));
  if (known !== undefined) {
    return logInThing(request, ref, password);
  }
  try {
    return await register(request, vendorId, fields, password, ownerId);
  } catch (error) {
    if (error instanceof SymbolonError && error.code === 'already_exists') {
      // Somebody else registered it meanwhile.
      return logInThing(request, ref, password);
    }
    throw error;
  }
}

async function register(
  request: ResourceRequest,
  vendorId: string,
  fields: Fields,
  password: string,
  ownerId: string | undefined,
): Promise<ThingLogin> {
  const byAdmin = isAdmin(request);
  const call = byAdmin ? request.call : request.appCall;
  // An admin may name nobody, and then no thing shall be made; any other owner is the one who calls.
  const ownerIds = byAdmin && ownerId !== undefined ? [ownerId] : [];
  const attributes = newAttributes(thingFields(fields), RESERVED_THING_FIELDS);
  const withTokens = { scopes: [] };
  const { subject, tokens } = await registerDevice(request.services, call, {
    vendorId,
    password,
    attributes,
    ownerIds,
    withTokens,
  });
  return { thingId: subject.subjectId, accessToken: tokens?.accessToken ?? '' };
}

/** What a thing is registered with: of an older one these stay as they are. */
function thingFields(fields: Fields): Fields {
  const properties = fields.get('thingProperties') ?? {};
  if (typeof properties !== 'object' || Array.isArray(properties) || keptNumber(properties) !== undefined) {
    throw invalidInput('thingProperties', 'thingProperties must be an object');
  }
  const position = textOf(fields, 'layoutPosition');
  if (position !== undefined && !POSITIONS.includes(position)) {
    throw invalidInput('layoutPosition', `layoutPosition must be one of ${POSITIONS.join(', ')}`);
  }
  const named = ['thingType', 'firmwareVersion', 'layoutPosition'].flatMap((name): [string, unknown][] => {
    const value = textOf(fields, name);
    return value === undefined ? [] : [[`_${name}`, value]];
  });
  return new Map<string, unknown>([...Object.entries(properties), ...named]);
}

/** In the thing's own name, which it has just proven; its owner may onboard it as often as it likes. */
export async function addOwner(
  request: ResourceRequest,
  { thingId, accessToken }: ThingLogin,
  ownerId: string,
): Promise<void> {
  await nameOwner(request.services, request.appCall, { deviceId: thingId, accessToken }, ownerId);
}
