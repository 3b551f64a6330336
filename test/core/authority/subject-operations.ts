/** Writing operations on users and devices. */
import { confirmVerification, startVerification } from '../../../src/core/operations/codes.ts';
import { dropDeviceToken, putDeviceToken } from '../../../src/core/operations/device-tokens.ts';
import {
  addDeviceOwner,
  enableDevice,
  endDevice,
  moveVendorId,
  registerDevice,
  removeDeviceOwner,
  updateDevice,
} from '../../../src/core/operations/devices.ts';
import { unlockDevice, unlockUser } from '../../../src/core/operations/locks.ts';
import { onboardDevice } from '../../../src/core/operations/onboard-device.ts';
import { changeDevicePassword, changeUserPassword } from '../../../src/core/operations/passwords.ts';
import { confirmTotp, enrollTotp, removeTotp } from '../../../src/core/operations/second-factors.ts';
import { revokeAll } from '../../../src/core/operations/tokens.ts';
import { enableUser, endUser, registerUser, updateUser } from '../../../src/core/operations/users.ts';
import { PASSWORD } from '../fixtures.ts';
import { MANAGERS, type Operations } from './operation.ts';
import {
  ANN_BY_NAME,
  confirmed,
  disabled,
  disabledByOwner,
  enrolled,
  failedOnce,
  registeredBefore,
  verificationCode,
  withDeviceToken,
} from './preparations.ts';
import { ANN, EVE, LAMP_ID } from './stage.ts';

const ANYBODY = ['public', 'client', ...MANAGERS] as const;
const IN_PERSON = ['user', 'presented'] as const;
const FOR_ANN = [...MANAGERS, ...IN_PERSON] as const;
const FOR_LAMP = [...MANAGERS, 'user', 'device'] as const;

const lamp = { by: 'device_id', deviceId: LAMP_ID } as const;
const eve = { by: 'user_id', userId: EVE } as const;
const NEW = 'another password';
const ZOE = { loginName: 'zoe', password: PASSWORD, withTokens: { scopes: [], requestId: 'request-1' } } as const;

export const SUBJECT_OPERATIONS: Operations = {
  registerUser: {
    by: ANYBODY,
    hashes: true,
    run: ({ services, call }) => registerUser(services, call, { loginName: 'zoe', password: PASSWORD }),
  },
  'registerUser with tokens': {
    by: ANYBODY,
    hashes: true,
    run: ({ services, call }) =>
      registerUser(services, call, { loginName: 'zoe', password: PASSWORD, withTokens: { scopes: [] } }),
  },
  'registerUser, again': {
    by: ANYBODY,
    hashes: true,
    // A wrong password in between is forgotten by the right one.
    prepare: registeredBefore(ZOE),
    run: ({ services, call }) => registerUser(services, call, ZOE),
  },
  updateUser: {
    by: FOR_ANN,
    run: ({ services, call, stage }) => updateUser(services, call, stage.actor.ann, { displayName: 'Annie' }),
  },
  'updateUser, another address': {
    by: FOR_ANN,
    run: ({ services, call, stage }) => updateUser(services, call, stage.actor.ann, { email: 'annie@example.com' }),
  },
  'endUser, disabled': { by: MANAGERS, run: ({ services, call }) => endUser(services, call, eve, 'disabled') },
  'endUser, deleted': {
    by: FOR_ANN,
    run: ({ services, call, stage }) => endUser(services, call, stage.actor.ann, 'deleted'),
  },
  enableUser: {
    by: MANAGERS,
    prepare: disabled('user', EVE),
    run: ({ services, call }) => enableUser(services, call, eve),
  },
  unlockUser: {
    by: MANAGERS,
    prepare: failedOnce(EVE),
    run: ({ services, call }) => unlockUser(services, call, eve),
  },
  unlockDevice: {
    by: MANAGERS,
    prepare: failedOnce(LAMP_ID),
    run: ({ services, call }) => unlockDevice(services, call, lamp),
  },
  'changeUserPassword without the old one': {
    by: MANAGERS,
    hashes: true,
    run: ({ services, call }) => changeUserPassword(services, call, eve, undefined, NEW),
  },
  'changeUserPassword with the old one': {
    by: [...ANYBODY, 'user'],
    hashes: true,
    run: ({ services, call }) => changeUserPassword(services, call, ANN_BY_NAME, PASSWORD, NEW),
  },
  'enrollTotp by an admin': { by: MANAGERS, run: ({ services, call }) => enrollTotp(services, call, eve, undefined) },
  'enrollTotp in person': {
    by: IN_PERSON,
    hashes: true,
    run: ({ services, call, stage }) => enrollTotp(services, call, stage.actor.ann, PASSWORD),
  },
  confirmTotp: {
    by: FOR_ANN,
    prepare: enrolled,
    run: ({ services, call, stage, prepared }) => confirmTotp(services, call, stage.actor.ann, prepared),
  },
  removeTotp: {
    by: FOR_ANN,
    prepare: confirmed,
    run: ({ services, call, stage, prepared }) =>
      removeTotp(services, call, stage.actor.ann, { by: 'recovery_code', code: prepared }),
  },
  'removeTotp of one that waits': {
    by: FOR_ANN,
    prepare: enrolled,
    run: ({ services, call, stage }) => removeTotp(services, call, stage.actor.ann, undefined),
  },
  startVerification: {
    by: FOR_ANN,
    run: ({ services, call, stage }) => startVerification(services, call, stage.actor.ann, 'verify_phone'),
  },
  confirmVerification: {
    by: FOR_ANN,
    prepare: verificationCode,
    run: ({ services, call, stage, prepared }) =>
      confirmVerification(services, call, stage.actor.ann, 'verify_phone', prepared),
  },
  'revokeAll of a user': {
    by: MANAGERS,
    run: ({ services, call }) => revokeAll(services, call, { kind: 'user', id: ANN }),
  },
  registerDevice: {
    by: ANYBODY,
    hashes: true,
    run: ({ services, call }) => registerDevice(services, call, { vendorId: 'Lamp-2', password: PASSWORD }),
  },
  'onboardDevice, a new one': {
    by: ANYBODY,
    hashes: true,
    run: ({ services, call }) =>
      onboardDevice(services, call, { ref: { by: 'vendor_id', vendorId: 'Lamp-2' }, password: PASSWORD }),
  },
  'onboardDevice, one that is there': {
    by: ANYBODY,
    hashes: true,
    run: ({ services, call }) => onboardDevice(services, call, { ref: lamp, password: PASSWORD }),
  },
  'onboardDevice, a new one with an owner': {
    by: ['public', 'client', 'admin', 'presented'],
    needsRole: false,
    tellsOfUser: true,
    hashes: true,
    run: ({ services, call, stage }) =>
      onboardDevice(services, call, {
        ref: { by: 'vendor_id', vendorId: 'Lamp-2' },
        password: PASSWORD,
        ownerAccessToken: stage.tokens.accessToken,
      }),
  },
  updateDevice: {
    by: FOR_LAMP,
    run: ({ services, call }) => updateDevice(services, call, lamp, { displayName: 'Lamp' }),
  },
  moveVendorId: {
    by: FOR_LAMP,
    hashes: true,
    run: ({ services, call }) => moveVendorId(services, call, lamp, 'Lamp-9', NEW),
  },
  addDeviceOwner: { by: FOR_LAMP, run: ({ services, call }) => addDeviceOwner(services, call, lamp, EVE) },
  removeDeviceOwner: { by: FOR_LAMP, run: ({ services, call }) => removeDeviceOwner(services, call, lamp, ANN) },
  putDeviceToken: { by: FOR_LAMP, run: ({ services, call }) => putDeviceToken(services, call, lamp) },
  'putDeviceToken by an owner’s token': {
    by: ['public', 'client', 'admin', 'presented'],
    needsRole: false,
    tellsOfUser: true,
    run: ({ services, call, stage }) => putDeviceToken(services, call, lamp, stage.tokens.accessToken),
  },
  dropDeviceToken: {
    by: FOR_LAMP,
    prepare: withDeviceToken,
    run: ({ services, call }) => dropDeviceToken(services, call, lamp),
  },
  'endDevice, disabled': {
    by: [...MANAGERS, 'user'],
    run: ({ services, call }) => endDevice(services, call, lamp, 'disabled'),
  },
  'endDevice, deleted': { by: FOR_LAMP, run: ({ services, call }) => endDevice(services, call, lamp, 'deleted') },
  enableDevice: {
    by: [...MANAGERS, 'user'],
    prepare: disabledByOwner(LAMP_ID),
    run: ({ services, call }) => enableDevice(services, call, lamp),
  },
  'changeDevicePassword without the old one': {
    by: MANAGERS,
    hashes: true,
    run: ({ services, call }) => changeDevicePassword(services, call, lamp, undefined, NEW),
  },
  'changeDevicePassword with the old one': {
    by: ANYBODY,
    hashes: true,
    run: ({ services, call }) => changeDevicePassword(services, call, lamp, PASSWORD, NEW),
  },
};
