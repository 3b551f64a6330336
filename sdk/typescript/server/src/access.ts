/** What a service asks of a permission, and is told. */
import {
  Permission as Permissions,
  type AccessReason as Reasons,
} from '../../../../gen/ts/symbolon/v1/access_service.ts';
import { type Names, requireNames, requireOption } from '../../client/src/internal.ts';
import type { Caller } from './caller.ts';

/** What somebody wants to do, as the Permission of the contract tells each. */
export type Permission = Exclude<keyof typeof Permissions, 'UNSPECIFIED' | 'UNRECOGNIZED'>;

/** Why it is allowed or not: an AccessReason of the contract. `UNSPECIFIED`: one that is newer than this package. */
export type AccessReason = Exclude<keyof typeof Reasons, 'UNRECOGNIZED'>;

/** With whom or what: a user or a device, and not both. Neither: the user or device that the token stands for. */
export interface Target {
  readonly userId?: string;
  readonly deviceId?: string;
  /** With LIST_DEVICES and ADD_DEVICE, of which type the devices are: a scope for that type is enough. */
  readonly deviceType?: string;
}

/** Whether the bearer of a token may do something. */
export interface Access {
  readonly allowed: boolean;
  readonly reason: AccessReason;
  /** Who presents the token. Undefined: it is not live. */
  readonly caller: Caller | undefined;
  /** By whose right it is allowed: the user, or an owner of the device. Empty: by no user's. */
  readonly userId: string;
}

const NAMES: Names<Target> = { userId: true, deviceId: true, deviceType: true };

/** @throws SymbolonError: a target that is misspelt or empty must not be taken for that of the token */
export function checkQuestion(permission: unknown, target: unknown): void {
  checkPermissionName(permission);
  requireNames(target, NAMES);
  const texts = Object.entries(target as object);
  const wrong = texts.find(([, text]) => typeof text !== 'string' || text === '');
  requireOption(wrong === undefined, `${wrong?.[0]} of the target must be a text that is not empty`);
  requireOption(texts.filter(([name]) => name !== 'deviceType').length < 2, 'the target must have userId or deviceId');
}

/** @throws SymbolonError */
export function checkPermissionName(permission: unknown): asserts permission is Permission {
  const isKnown = typeof permission === 'string' && Object.hasOwn(Permissions, permission);
  requireOption(
    isKnown && permission !== 'UNSPECIFIED' && permission !== 'UNRECOGNIZED',
    'permission must be the name of a Permission of the contract, such as READ_DEVICE',
  );
}
