/** The app's parameters (section 4.1 of docs/kii-wire.md): the policy of a tenant in Kii's names and units. */
import { SymbolonError } from '../../core/errors.ts';
import { getTenant, updateTenant } from '../../core/operations/tenants.ts';
import { requirePermission } from '../../core/permissions.ts';
import { isAllowed, type Setting, type SettingKey, settingOf, type TenantPolicy } from '../../core/policy.ts';
import type { Answer } from '../answer.ts';
import { plainValue } from './fields.ts';
import { answer, jsonBody, noContent, type ResourceRequest, textAnswer, textBody } from './resource.ts';
import { invalidInput, ResourceError } from './resource-errors.ts';
import { messageInWords, type Words } from './words.ts';

/** Kii's names. It has none for the settings that are not here. */
const NAMES: readonly (readonly [name: string, key: SettingKey])[] = [
  ['refreshTokenEnabled', 'refreshEnabled'],
  ['defaultTokenExpirationSeconds', 'defaultTokenLifetimeMs'],
  ['maxTokenExpirationSeconds', 'longestTokenLifetimeMs'],
  ['maxLoginAttempts', 'loginAttempts'],
  ['loginLockPeriodSeconds', 'loginLockPeriodMs'],
  ['loginAttemptsTimeoutSeconds', 'loginWindowMs'],
  ['emailAddressVerificationRequired', 'emailVerificationRequired'],
  ['phoneNumberVerificationRequired', 'phoneVerificationRequired'],
  ['exposeFullUserDataToOthers', 'exposeFullUsers'],
  ['passwordResetTimeoutSeconds', 'resetCodeLifetimeMs'],
];

const PARAMETERS: ReadonlyMap<string, Setting> = new Map(NAMES.map(([name, key]) => [name, settingOf(key)]));

const WORDS: Words = Object.fromEntries(NAMES.map(([name, key]) => [settingOf(key).field, name]));

/** Kii's unit of durations. */
const SECOND_MS = 1_000;

export async function readParameters({ services, call }: ResourceRequest): Promise<Answer> {
  const { policy } = await getTenant(services, call, undefined);
  const entries = [...PARAMETERS].map(([name, setting]) => [name, valueHere(setting, policy)]);
  return answer(200, undefined, Object.fromEntries(entries));
}

/** As text, which is how one is set. */
export async function readParameter({ services, call, params }: ResourceRequest): Promise<Answer> {
  const { policy } = await getTenant(services, call, undefined);
  const name = params.parameter ?? '';
  const setting = PARAMETERS.get(name);
  if (setting === undefined) {
    throw new ResourceError('NOT_FOUND', `There is no parameter ${name}`);
  }
  return textAnswer(String(valueHere(setting, policy)));
}

function valueHere({ key, kind }: Setting, policy: TenantPolicy): unknown {
  return kind === 'duration' ? Math.floor(Number(policy[key]) / SECOND_MS) : policy[key];
}

/** All of them in one change, or none. */
export async function changeParameters(request: ResourceRequest): Promise<Answer> {
  requirePermission(request.call.caller, 'update_tenant');
  const { fields } = jsonBody(request, ['AppConfigParamsModificationRequest']);
  return change(request, fields);
}

/** One of them, as text. */
export async function setParameter(request: ResourceRequest): Promise<Answer> {
  requirePermission(request.call.caller, 'update_tenant');
  const name = request.params.parameter ?? '';
  return change(request, new Map([[name, readValue(textBody(request).trim())]]));
}

function readValue(text: string): unknown {
  if (text === 'true' || text === 'false') {
    return text === 'true';
  }
  return /^[0-9]{1,15}$/.test(text) ? Number(text) : text;
}

async function change({ services, call }: ResourceRequest, values: ReadonlyMap<string, unknown>): Promise<Answer> {
  const policy: Partial<TenantPolicy> = Object.fromEntries(
    [...values].map(([name, value]) => policyEntry(name, value)),
  );
  try {
    await updateTenant(services, call, { tenantId: undefined, policy });
  } catch (error) {
    throw namedAsHere(error);
  }
  return noContent();
}

/** The core names its own fields where one parameter does not go with another. */
function namedAsHere(error: unknown): unknown {
  const field = error instanceof SymbolonError ? error.about?.field : undefined;
  const name = field === undefined ? undefined : WORDS[field];
  return name === undefined ? error : invalidInput(name, messageInWords((error as SymbolonError).message, WORDS));
}

function policyEntry(name: string, value: unknown): [SettingKey, unknown] {
  const setting = PARAMETERS.get(name);
  if (setting === undefined) {
    throw invalidInput(name, `There is no parameter ${name}`);
  }
  const held = inOurUnit(setting, plainValue(value));
  if (!isAllowed(setting, held)) {
    throw invalidInput(name, `${name} must be ${boundsHere(setting)}`);
  }
  return [setting.key, held];
}

/** A part of a second stays as it is, and so is refused. */
function inOurUnit({ kind }: Setting, value: unknown): unknown {
  return kind === 'duration' && Number.isSafeInteger(value) ? Number(value) * SECOND_MS : value;
}

function boundsHere(setting: Setting): string {
  if (setting.kind === 'switch') {
    return 'true or false';
  }
  const unit = setting.kind === 'duration' ? SECOND_MS : 1;
  return `a whole number from ${setting.least / unit} to ${setting.most / unit}`;
}
