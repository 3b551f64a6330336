/** The messages of Check and BatchCheck. */
import {
  type BatchCheckResponse,
  type CheckRequest as CheckMessage,
  type CheckResponse,
  Permission as PermissionMessage,
  AccessReason as ReasonMessage,
} from '../../../gen/ts/symbolon/v1/access_service.ts';
import { SymbolonError } from '../../core/errors.ts';
import type { Checked, CheckRequest } from '../../core/operations/check.ts';
import type { AccessPermission, AccessReason, AccessTarget } from '../../core/rules/access.ts';
import { missing } from './fields.ts';
import { toBatchMessage, toIntrospectionMessage } from './introspections.ts';
import { toDuration } from './time.ts';

const PERMISSIONS = {
  read_profile: PermissionMessage.READ_PROFILE,
  write_profile: PermissionMessage.WRITE_PROFILE,
  keep_properties: PermissionMessage.KEEP_PROPERTIES,
  list_devices: PermissionMessage.LIST_DEVICES,
  add_device: PermissionMessage.ADD_DEVICE,
  read_device: PermissionMessage.READ_DEVICE,
  write_device: PermissionMessage.WRITE_DEVICE,
  share_device: PermissionMessage.SHARE_DEVICE,
  manage_device_token: PermissionMessage.MANAGE_DEVICE_TOKEN,
  confirm_registration: PermissionMessage.CONFIRM_REGISTRATION,
  read_messages: PermissionMessage.READ_MESSAGES,
  export_messages: PermissionMessage.EXPORT_MESSAGES,
  send_message: PermissionMessage.SEND_MESSAGE,
  send_action: PermissionMessage.SEND_ACTION,
  connect_device: PermissionMessage.CONNECT_DEVICE,
  subscribe: PermissionMessage.SUBSCRIBE,
  manage_rules: PermissionMessage.MANAGE_RULES,
  act_as_application: PermissionMessage.ACT_AS_APPLICATION,
} as const satisfies Record<AccessPermission, PermissionMessage>;

const NAMES: ReadonlyMap<PermissionMessage, AccessPermission> = new Map(
  Object.entries(PERMISSIONS).map(([name, message]) => [message, name as AccessPermission]),
);

const REASONS: Readonly<Record<AccessReason, ReasonMessage>> = {
  allowed: ReasonMessage.ALLOWED,
  token_not_live: ReasonMessage.TOKEN_NOT_LIVE,
  kind_not_allowed: ReasonMessage.KIND_NOT_ALLOWED,
  target_missing: ReasonMessage.TARGET_MISSING,
  target_unknown: ReasonMessage.TARGET_UNKNOWN,
  target_disabled: ReasonMessage.TARGET_DISABLED,
  not_the_user: ReasonMessage.NOT_THE_USER,
  not_the_owner: ReasonMessage.NOT_THE_OWNER,
  not_this_device: ReasonMessage.NOT_THIS_DEVICE,
  no_consent: ReasonMessage.NO_CONSENT,
  scope_missing: ReasonMessage.SCOPE_MISSING,
};

export function parseCheck({ token, permission, target, deviceType }: CheckMessage): CheckRequest {
  const named = NAMES.get(permission);
  if (permission === PermissionMessage.UNSPECIFIED) {
    throw missing('permission');
  }
  if (named === undefined) {
    throw new SymbolonError('invalid_argument', 'permission must be a Permission that this server knows');
  }
  return {
    token,
    permission: named,
    target: parseTarget(target),
    deviceType: deviceType === '' ? undefined : deviceType,
  };
}

function parseTarget(target: CheckMessage['target']): AccessTarget | undefined {
  switch (target?.$case) {
    case undefined:
      return undefined;
    case 'userId':
      return { kind: 'user', id: target.value };
    case 'deviceId':
      return { kind: 'device', id: target.value };
  }
}

export function toCheckMessage({ reason, token, userId, timeToLiveMs }: Checked): CheckResponse {
  return {
    allowed: reason === 'allowed',
    reason: REASONS[reason],
    token: toIntrospectionMessage(token),
    userId: userId ?? '',
    timeToLive: timeToLiveMs === undefined ? undefined : toDuration(timeToLiveMs),
  };
}

/** Throws `invalid_argument` where the answers are too long for one message. */
export function toBatchCheckMessage(checked: readonly Checked[]): BatchCheckResponse {
  toBatchMessage(checked.map(({ token }) => token));
  return { answers: checked.map(toCheckMessage) };
}
