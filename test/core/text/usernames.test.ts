import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { handlesOf, type LoginHandle, vendorIdHandle } from '../../../src/core/text/handles.ts';
import { parseUsername } from '../../../src/core/text/usernames.ts';

function shown(handle: LoginHandle | undefined): string | undefined {
  return handle && `${handle.kind} ${handle.key}`;
}

describe('a user name', () => {
  it.each([
    ['ann', 'login_name ann'],
    ['Ann', 'login_name ann'],
    ['LOGIN_NAME:Ann', 'login_name ann'],
    ['a-b_c.d', 'login_name a-b_c.d'],
    ['a'.repeat(64), `login_name ${'a'.repeat(64)}`],
    ['ann@example.com', 'email ann@example.com'],
    ['Ann@EXAMPLE.com', 'email ann@example.com'],
    ['EMAIL:Ann@Example.com', 'email ann@example.com'],
    // Two ways of writing é (Unicode, UAX #15).
    ['re\u0301mi@example.com', 'email rémi@example.com'],
    ['rémi@example.com', 'email rémi@example.com'],
    ['+819012341234', 'phone +819012341234'],
    ['+81 90-1234-1234', 'phone +819012341234'],
    ['PHONE:+819012341234', 'phone +819012341234'],
    // An address, and not the owner of that number.
    ['+819012341234@example.com', 'email +819012341234@example.com'],
    ['PHONE:JP-9012341234', 'phone +819012341234'],
    ['PHONE:JP-09012341234', 'phone +819012341234'],
    ['PHONE:jp-090-1234-1234', 'phone +819012341234'],
    ['PHONE:US-2025550123', 'phone +12025550123'],
    [' ann\n', 'login_name ann'],
    ['\uff21\uff4e\uff4e', 'login_name ann'],
    [' EMAIL:ann@example.com ', 'email ann@example.com'],
    ['ann\uff20example\u3002com', 'email ann@example.com'],
    ['ann@example.com\n', 'email ann@example.com'],
    ['\uff0b\uff18\uff11 90-1234-1234', 'phone +819012341234'],
    ['+81 (0)90 1234 1234', 'phone +819012341234'],
  ])('%j is %s', (username, expected) => {
    expect(shown(parseUsername(username))).toBe(expected);
  });

  it.each([
    [''],
    ['ab'],
    ['a'.repeat(65)],
    ['ann smith'],
    ['änn'],
    ['ann\0'],
    ['LOGIN_NAME:ann\0'],
    ['LOGIN_NAME:'],
    ['LOGIN_NAME:ann@example.com'],
    ['login_name:ann'],
    ['EMAIL:ann'],
    ['EMAIL:'],
    ['EMAIL:ann@example.com\0'],
    ['ann@ex ample.com'],
    ['ann@example@com'],
    [`${'a'.repeat(65)}@example.com`],
    [`a@${'b'.repeat(190)}`],
    ['PHONE:'],
    ['PHONE:ann'],
    ['PHONE:XX-9012341234'],
    ['PHONE:9012341234'],
    ['+1'],
    ['+999999999999999999'],
  ])('%j is nobody’s', (username) => {
    expect(parseUsername(username)).toBeUndefined();
  });

  it('names the same user in any case, so that no alias escapes a lock', () => {
    const someName = fc.stringMatching(/^[a-z0-9\-_.]{3,64}$/);
    fc.assert(
      fc.property(someName, fc.array(fc.boolean()), (name, flips) => {
        const flipped = [...name].map((c, i) => (flips[i] ? c.toUpperCase() : c)).join('');
        expect(parseUsername(flipped)).toEqual(parseUsername(name));
        expect(parseUsername(`${flipped}@example.com`)).toEqual(parseUsername(`${name}@example.com`));
      }),
    );
  });

  it('is never a name that holds a NUL, whatever surrounds it', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), fc.constantFrom('', 'EMAIL:', 'LOGIN_NAME:'), (before, after, prefix) => {
        fc.pre(!`${prefix}${before}`.startsWith('+') && !before.startsWith('PHONE:'));
        expect(parseUsername(`${prefix}${before}\0${after}`)).toBeUndefined();
      }),
    );
  });

  it('never throws', () => {
    fc.assert(
      fc.property(
        fc.constantFrom('', '+', 'PHONE:', 'EMAIL:', 'LOGIN_NAME:'),
        fc.string({ unit: 'binary' }),
        (a, b) => {
          parseUsername(a + b);
        },
      ),
    );
  });
});

describe('the names that a subject takes', () => {
  const nobody = {
    loginName: null,
    email: null,
    emailVerified: false,
    phone: null,
    phoneVerified: false,
    vendorId: null,
  };

  it('are those that it has and has verified', () => {
    const ann = { ...nobody, loginName: 'Ann', email: 'Ann@Example.com', phone: '+819012341234' };
    expect(handlesOf(nobody)).toEqual([]);
    expect(handlesOf(ann).map(shown)).toEqual(['login_name ann']);
    expect(handlesOf({ ...ann, emailVerified: true }).map(shown)).toEqual(['login_name ann', 'email ann@example.com']);
    expect(handlesOf({ ...ann, phoneVerified: true }).map(shown)).toEqual(['login_name ann', 'phone +819012341234']);
  });

  it('are a device’s vendor id as it is written', () => {
    expect(handlesOf({ ...nobody, vendorId: 'Lamp-1' })).toEqual([vendorIdHandle('Lamp-1')]);
    expect(vendorIdHandle('Lamp-1').key).toBe('Lamp-1');
  });

  it('are found by every user name that means them', () => {
    const ann = { ...nobody, loginName: 'Ann', email: 'RE\u0301MI@example.com', phone: '+819012341234' };
    const taken = handlesOf({ ...ann, emailVerified: true, phoneVerified: true });
    for (const username of ['ANN', 'rémi@EXAMPLE.com', 'PHONE:JP-09012341234']) {
      expect(taken).toContainEqual(parseUsername(username));
    }
  });
});
