/** A tenant of its own for a scenario of logins, at a real server that others use too. */
import { Metadata } from '@grpc/grpc-js';
import { ClientRole } from '../../../gen/ts/symbolon/v1/client_service.ts';
import { PolicyProfile } from '../../../gen/ts/symbolon/v1/tenant_service.ts';
import { STEP_MS, totpCode } from '../../../src/core/totp.ts';
import { device as deviceRef, user as userRef } from '../../grpc/methods/bed.ts';
import { basic } from '../../process/grpc-client.ts';
import { Admin } from '../typescript/faults/ends.ts';
import type { RealServer } from './servers.ts';

const PASSWORD = 'correct horse battery staple';
const SCOPES = ['read', 'write'];
/** A code of a time step that ends sooner might arrive when it is past. */
const SAFE_MS = 10_000;

/** In seconds. What is absent is as the page of logins has it: an hour, and two weeks. */
export interface Policy {
  readonly access_s?: number;
  readonly login_s?: number;
  readonly repeat_s?: number;
  readonly refresh?: boolean;
  readonly attempts?: number;
  readonly lock_s?: number;
  readonly code_s?: number;
  readonly registration?: boolean;
}

export interface ClientIdentity {
  readonly id: string;
  secret: string;
}

/** A user, by the names that scenarios have. */
export class Person {
  readonly login_name: string;
  readonly email: string;
  readonly phone: string;
  readonly password = PASSWORD;
  readonly new_password = `${PASSWORD} too`;
  id = '';
  totp = '';
  recovery_codes: string[] = [];
  #usedStep = 0;

  constructor(name: string, tenantId: string) {
    this.login_name = name;
    this.email = `${name}@${tenantId}.example.com`;
    this.phone = `+8190${String(++count).padStart(3, '0')}${String(Math.trunc(performance.timeOrigin)).slice(-5)}`;
  }

  /** A code of the second factor that was not used before. At most two in a scenario, or they would have to be waited for. */
  get second_factor(): string {
    const now = Date.now();
    const step = Math.floor(now / STEP_MS);
    const earliest = STEP_MS - (now % STEP_MS) > SAFE_MS ? step - 1 : step;
    this.#usedStep = Math.max(earliest, this.#usedStep + 1);
    return totpCode(this.totp, this.#usedStep * STEP_MS);
  }

  get recovery_code(): string | undefined {
    return this.recovery_codes.shift();
  }
}

let count = 0;

export class Tenant implements Disposable {
  readonly id: string;
  readonly admin: Admin;
  /** A client that has a secret. */
  readonly service: ClientIdentity;

  private constructor(id: string, admin: Admin, service: ClientIdentity) {
    this.id = id;
    this.admin = admin;
    this.service = service;
  }

  static async make(real: RealServer, policy: Policy): Promise<Tenant> {
    const tenantId = `t${++count}-${Math.trunc(performance.timeOrigin)}`;
    const operator = await real.operator();
    await operator.call('createTenant', {
      tenantId,
      profile: PolicyProfile.KII,
      policy: policyOf(policy),
      publicScopes: SCOPES,
    });
    const create = async (name: string, roles: ClientRole[], scopes: string[]) => {
      const clientId = `${tenantId}.${name}`;
      const request = { tenantId, clientId, confidential: true, roles, scopes };
      const { clientSecret } = await operator.call('createClient', request);
      return { id: clientId, secret: clientSecret };
    };
    const admin = await create('admin', [ClientRole.ADMIN, ClientRole.INTROSPECT], []);
    const service = await create('service', [], SCOPES);
    const record = { ...real.demo, tenant_id: tenantId, admin: { client_id: admin.id, client_secret: admin.secret } };
    return new Tenant(tenantId, new Admin(record, record.grpc, real.certificates?.own), service);
  }

  /** `verified`: which of its addresses it has, proven. */
  async user(name: string, { verified = [] as readonly string[], secondFactor = false } = {}): Promise<Person> {
    const person = new Person(name, this.id);
    const { login_name: loginName, password } = person;
    const { user } = await this.admin.call('registerUser', {
      ...{ loginName, password },
      ...(verified.includes('email') ? { email: person.email, emailVerified: true } : {}),
      ...(verified.includes('phone') ? { phone: person.phone, phoneVerified: true } : {}),
    });
    person.id = user?.userId ?? '';
    if (secondFactor) {
      const { secret } = await this.admin.call('enrollTotp', { user: userRef.id(person.id) });
      person.totp = secret;
      const confirmed = { user: userRef.id(person.id), code: person.second_factor };
      person.recovery_codes = [...(await this.admin.call('confirmTotp', confirmed)).recoveryCodes];
    }
    return person;
  }

  async device(vendorId: string) {
    const { device } = await this.admin.call('registerDevice', { vendorId, password: PASSWORD });
    return { id: device?.deviceId ?? '', vendor_id: vendorId, password: PASSWORD };
  }

  /** A client that checks tokens. */
  async verifierClient(name: string): Promise<ClientIdentity> {
    const clientId = `${this.id}.${name}`;
    const roles = [ClientRole.INTROSPECT];
    const { clientSecret } = await this.admin.call('createClient', { clientId, confidential: true, roles });
    return { id: clientId, secret: clientSecret };
  }

  async isLive(token: string): Promise<boolean> {
    return (await this.admin.call('introspect', { token })).active;
  }

  /** The live logins of a user, device or client. */
  async logins(of: 'user' | 'device' | 'client', value: string) {
    const subject = { $case: `${of}Id` as const, value } as { readonly $case: 'userId'; readonly value: string };
    return (await this.admin.call('listTokens', { subject })).families;
  }

  /** What an admin does to a user, a device or a client elsewhere. */
  async end(how: string, id: string): Promise<void> {
    const user = userRef.id(id);
    const device = deviceRef.id(id);
    const ends: Readonly<Record<string, () => Promise<unknown>>> = {
      'change the password of the user': () =>
        this.admin.call('changeUserPassword', { user, newPassword: `${PASSWORD} elsewhere` }),
      'disable the user': () => this.admin.call('disableUser', { user }),
      'delete the user': () => this.admin.call('deleteUser', { user }),
      'revoke the user': () => this.admin.call('revokeAll', { target: { $case: 'userId', value: id } }),
      'revoke the login': () => this.admin.call('revoke', { target: { $case: 'familyId', value: id } }),
      'disable the device': () => this.admin.call('disableDevice', { device }),
      'delete the device': () => this.admin.call('deleteDevice', { device }),
      'change the password of the device': () =>
        this.admin.call('changeDevicePassword', { device, newPassword: `${PASSWORD} elsewhere` }),
      'revoke the client': () => this.admin.call('revokeAll', { target: { $case: 'clientId', value: id } }),
      'disable the client': () => this.admin.call('disableClient', { clientId: id }),
      'enable the client': () => this.admin.call('enableClient', { clientId: id }),
    };
    const end = ends[how];
    if (end === undefined) {
      throw new Error(`there is no way to ${how}`);
    }
    await end();
  }

  /** The service gets another secret, and the one that it had ends. Its tokens stay. */
  async replaceSecret(): Promise<void> {
    const { id: clientId } = this.service;
    const { client } = await this.admin.call('getClient', { clientId });
    const { clientSecret } = await this.admin.call('addClientSecret', { clientId });
    await this.admin.call('expireClientSecret', { clientId, secretId: client?.secrets[0]?.secretId ?? '' });
    this.service.secret = clientSecret;
  }

  [Symbol.dispose](): void {
    this.admin[Symbol.dispose]();
  }
}

/** Of a client that only names itself. */
export function publicMetadata(clientId: string): Metadata {
  const metadata = new Metadata();
  metadata.set('authorization', basic(clientId, ''));
  return metadata;
}

function policyOf(policy: Policy) {
  const { access_s = 3_600, login_s = 1_209_600, repeat_s, refresh = true, attempts, lock_s, code_s } = policy;
  return {
    ...{ defaultTokenLifetime: seconds(access_s), longestTokenLifetime: seconds(Math.max(access_s, 86_400)) },
    ...{ refreshEnabled: refresh, refreshLifetime: seconds(login_s), selfRegistration: policy.registration ?? true },
    ...(repeat_s === undefined ? {} : { refreshRepeatWindow: seconds(repeat_s) }),
    ...(attempts === undefined ? {} : { loginAttempts: attempts }),
    ...(lock_s === undefined ? {} : { loginLockPeriod: seconds(lock_s) }),
    ...(code_s === undefined ? {} : { verificationCodeLifetime: seconds(code_s), resetCodeLifetime: seconds(code_s) }),
  };
}

function seconds(seconds: number) {
  return { seconds, nanos: 0 };
}
