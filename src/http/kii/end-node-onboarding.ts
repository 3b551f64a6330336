/** Onboarding of a thing together with its gateway: by an owner of the gateway, the gateway itself, or an admin. */
import { type DeviceRef, requireDevice } from '../../core/operations/access.ts';
import { attachEndNode } from '../../core/operations/end-nodes.ts';
import { revoke } from '../../core/operations/revoke.ts';
import type { Answer } from '../answer.ts';
import { liveToken } from './device-logins.ts';
import { ownerIdOf } from './device-owners.ts';
import { addOwner, byVendorId } from './device-registration.ts';
import { asNotAllowed } from './end-nodes.ts';
import type { Fields } from './fields.ts';
import { answer, type ResourceRequest } from './resource.ts';
import { unauthorized } from './resource-errors.ts';
import { requiredText, textOf, thingPassword } from './values.ts';

export const END_NODE_TYPES = ['OnboardingEndNodeWithGatewayThingID', 'OnboardingEndNodeWithGatewayVendorThingID'];

/** The end node proves itself by its password, and is registered when there is none yet. */
export async function onboardEndNode(request: ResourceRequest, type: string, fields: Fields): Promise<Answer> {
  const { services, call, appCall } = request;
  const gateway = gatewayRefOf(type, fields);
  const vendorId = requiredText(fields, 'endNodeVendorThingID');
  const password = thingPassword(fields, 'endNodePassword');
  const ownerId = await ownerOf(request, gateway, fields);
  const onboarded = await byVendorId(request, thingFieldsOf(fields, vendorId), password, ownerId);
  const { thingId, accessToken } = onboarded;
  if (ownerId !== undefined) {
    await addOwner(request, onboarded, ownerId);
  }
  const endNode = { by: 'device_id', deviceId: thingId } as const;
  try {
    await attachEndNode(services, call, gateway, endNode, { isProven: true }).catch(asNotAllowed);
  } catch (error) {
    // Nobody was told it.
    await revoke(services, appCall, { by: 'token', token: accessToken });
    throw error;
  }
  return answer(200, undefined, {
    endNodeThingID: thingId,
    accessToken: await liveToken(request, onboarded, password),
  });
}

function gatewayRefOf(type: string, fields: Fields): DeviceRef {
  return type.endsWith('GatewayVendorThingID')
    ? { by: 'vendor_id', vendorId: requiredText(fields, 'gatewayVendorThingID') }
    : { by: 'device_id', deviceId: requiredText(fields, 'gatewayThingID') };
}

/** Who owns the gateway, and by whose right it calls, looked at before anything is made. An admin may name any user, or nobody. */
async function ownerOf(request: ResourceRequest, ref: DeviceRef, fields: Fields): Promise<string | undefined> {
  const { services, call, context } = request;
  const { subject: gateway, relation, ownerId: callerId } = await requireDevice(services, call, ref);
  const given = textOf(fields, 'owner');
  const ownerId = given === undefined ? callerId : ownerIdOf(given, 'owner');
  const isRight =
    relation === 'admin' ||
    ownerId === undefined ||
    (gateway.ownerIds.includes(ownerId) && (callerId === undefined || callerId === ownerId));
  if (!isRight) {
    throw unauthorized(
      context,
      'owner must be the user whose token it is, or of the gateway’s own token an owner of it',
    );
  }
  return ownerId;
}

const NAMES = [
  ['endNodeThingType', 'thingType'],
  ['endNodeThingProperties', 'thingProperties'],
  ['endNodeFirmwareVersion', 'firmwareVersion'],
] as const;

/** As the onboarding of any thing names them. */
function thingFieldsOf(fields: Fields, vendorThingID: string): Fields {
  const named = NAMES.map(([name, plain]): [string, unknown] => [plain, fields.get(name)]);
  return new Map<string, unknown>([...named, ['vendorThingID', vendorThingID], ['layoutPosition', 'END_NODE']]);
}
