import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { refuseEmail, toEmail } from '../../../src/core/text/emails.ts';
import { emailHandle } from '../../../src/core/text/handles.ts';
import { wide } from '../../typed.ts';

const ONE = 'ann@mail.example.co.jp';

describe('one mailbox', () => {
  it.each([
    'ANN@MAIL.EXAMPLE.CO.JP',
    // RFC 3490 section 3.1.
    'ann@mail\u3002example\uff0eco\uff61jp',
    'ann@mail.example.co.jp.',
    'ann@mail.example.co.jp\u3002',
    ' ann@mail.example.co.jp\n',
    wide('ann@mail.example.co.jp'),
    'ann@mail.ex\u00adample.co.jp',
    'ann@mail.exam\u200bple.co.jp',
    'ann@mail.\u{1d486}xample.co.jp',
    'ann@m\uff41il.example.co.jp',
  ])('has one key, which %j has too', (typed) => {
    expect(toEmail(typed)).toMatchObject({ key: ONE });
    expect(toEmail(typed)?.mailbox.toLowerCase()).toBe(ONE);
  });

  it.each(['b\u00fccher.example', 'BU\u0308CHER.example', 'xn--bcher-kva.example', 'XN--BCHER-KVA.EXAMPLE'])(
    'has one key in U-labels and in A-labels: %j',
    (domain) => {
      expect(toEmail(`ann@${domain}`)).toMatchObject({ key: 'ann@xn--bcher-kva.example' });
    },
  );

  it.each([
    ['stra\u00dfe@example.com', 'strasse@example.com'],
    ['ann@fa\u00df.de', 'ann@fass.de'],
    ['ann@example.com', 'an.n@example.com'],
    ['ann@example.com', 'ann+1@example.com'],
    ['ann@example.com', 'ann@example.co'],
  ])('%j is another than %j', (one, other) => {
    expect(toEmail(one)?.key).not.toBe(toEmail(other)?.key);
  });

  it('before the @ has one key in all cases', () => {
    for (const typed of ['\u039f\u03a3@example.com', '\u03bf\u03c2@example.com', '\u03bf\u03c3@example.com']) {
      expect(toEmail(typed)?.key).toBe('\u03bf\u03c3@example.com');
    }
  });
});

describe('an address', () => {
  it.each([
    ['Ann@Example.com', 'Ann@Example.com', 'Ann@example.com'],
    ['Ann@B\u00fccher.example', 'Ann@b\u00fccher.example', 'Ann@xn--bcher-kva.example'],
    ['ann@XN--bcher-kva.example', 'ann@XN--bcher-kva.example', 'ann@xn--bcher-kva.example'],
    ['ann@example\u3002com', 'ann@example.com', 'ann@example.com'],
    ['re\u0301mi@example.com', 'r\u00e9mi@example.com', 'r\u00e9mi@example.com'],
    [
      "o'hara+a!#$%&*-/=?^_`{|}~@example.com",
      "o'hara+a!#$%&*-/=?^_`{|}~@example.com",
      "o'hara+a!#$%&*-/=?^_`{|}~@example.com",
    ],
    ['\u30a2\u30f3@\u4f8b\u3048.jp', '\u30a2\u30f3@\u4f8b\u3048.jp', '\u30a2\u30f3@xn--r8jz45g.jp'],
  ])('typed as %j is shown as %j and written to as %j', (typed, address, mailbox) => {
    expect(toEmail(typed)).toMatchObject({ address, mailbox });
  });

  it.each([
    ['bob@example.com>', 'alone'],
    ['a(b)@example.com', 'alone'],
    ['Ann <ann@example.com>', 'alone'],
    ['<ann@example.com>', 'alone'],
    ['"ann eve"@example.com', 'alone'],
    ['ann@example.com, eve@example.com', 'alone'],
    ['group:ann@example.com;', 'alone'],
    ['ann@example.com\r\nRCPT TO:<eve@example.com>', 'alone'],
    ['a\\b@example.com', 'alone'],
    ['ann@[127.0.0.1]', 'alone'],
    ['ann@[IPv6:::1]', 'alone'],
    ['bob@example..com', 'such as'],
    ['bob..eve@example.com', 'such as'],
    ['.bob@example.com', 'such as'],
    ['bob.@example.com', 'such as'],
    ['bob@.example.com', 'such as'],
    ['bob@example.com..', 'such as'],
    ['bob@-example.com', 'such as'],
    ['bob@example-.com', 'such as'],
    ['bob@ex_ample.com', 'such as'],
    ['bob@localhost', 'such as'],
    ['bob@127.0.0.1', 'such as'],
    ['bob@127.1', 'such as'],
    ['bob@0x7f000001', 'such as'],
    ['bob@ex%41mple.com', 'such as'],
    ['bob@example.com/eve.com', 'such as'],
    ['bob@example.com#.eve.com', 'such as'],
    ['bob@example.com?', 'such as'],
    ['bob@xn--a.com', 'such as'],
    ['bob@xn--.com', 'such as'],
    [`bob@${'a'.repeat(64)}.com`, 'such as'],
    ['bob@a@example.com', 'such as'],
    ['bob', 'such as'],
    ['@example.com', 'such as'],
    ['bob@', 'such as'],
    ['bob\0@example.com', 'such as'],
    ['bo\u3002b@example.com', 'such as'],
    ['bob\u{1f600}@example.com', 'such as'],
    [`${'a'.repeat(65)}@example.com`, '64 bytes'],
    [`${'\u00e9'.repeat(33)}@example.com`, '64 bytes'],
    [`${'a'.repeat(64)}@${`${'b'.repeat(60)}.`.repeat(3)}example.com`, '254 in all'],
    [`a${'\u0301\u0323'.repeat(100_000)}@example.com`, '254 in all'],
    ['b\u043eb@example.com', 'look like'],
    ['bo\u200db@example.com', 'look like'],
    ['bo\u202eb@example.com', 'look like'],
    ['\ufb01sh@example.com', 'look like'],
    // A variation selector, a joiner of graphemes, a filler: marks and letters that nobody sees.
    ['bob\ufe0f@example.com', 'look like'],
    ['bo\u034fb@example.com', 'look like'],
    ['bob\u115f@example.com', 'look like'],
    ['bob\u180b@example.com', 'look like'],
    // The second letter is Cyrillic, once as it is and once in an A-label.
    ['bob@g\u043eogle.com', 'look like'],
    ['bob@xn--gogle-jye.com', 'look like'],
  ])('is refused as %j', (typed, reason) => {
    expect(toEmail(typed)).toBeUndefined();
    expect(refuseEmail(typed)).toContain(reason);
  });
});

/** Texts near an address. */
const LETTERS = fc.constantFrom(
  ...'aZ9.-_+@ \u00e9\u00df\u03a3\u0130\u3002\uff0e\uff61\uff20\u00ad\u30a2\u4f8b"<>(),;:\\[]%#/?'.split(''),
);
const nearAddress = fc
  .tuple(fc.string({ unit: LETTERS, maxLength: 12 }), fc.string({ unit: LETTERS, maxLength: 12 }))
  .map(([local, domain]) => `${local}@${domain}.com`);

describe('whatever is typed', () => {
  it('what is shown and what is written to mean the same mailbox, and stay as they are', () => {
    fc.assert(
      fc.property(fc.oneof(nearAddress, fc.string({ unit: 'binary' })), (typed) => {
        const email = toEmail(typed);
        expect(refuseEmail(typed) === undefined).toBe(email !== undefined);
        if (email === undefined) {
          return;
        }
        expect(toEmail(email.address)).toEqual(email);
        expect(toEmail(email.mailbox)).toMatchObject({ mailbox: email.mailbox, key: email.key });
        expect(toEmail(email.key)).toMatchObject({ key: email.key });
        expect(emailHandle(email.address).key).toBe(email.key);
        expect(email.mailbox).toMatch(/^[^\s@<>()[\]:;,\\"\p{C}]{1,64}@[a-z0-9.-]+\.[a-z][a-z0-9-]*$/u);
      }),
      { numRuns: 2_000 },
    );
  });

  it('an address in another case, width or composition is the same mailbox', () => {
    const someName = fc.stringMatching(/^[a-z0-9]{1,8}(\.[a-z0-9]{1,8})?$/);
    fc.assert(
      fc.property(
        someName,
        fc.constantFrom('example.com', 'b\u00fccher.example', '\u4f8b\u3048.jp'),
        (local, domain) => {
          const { key } = toEmail(`${local}@${domain}`) ?? {};
          expect(key).toBeDefined();
          const typed = `${local}@${domain}`;
          for (const other of [typed.toUpperCase(), wide(typed), typed.normalize('NFD'), ` ${typed}.\n`]) {
            expect(toEmail(other)?.key).toBe(key);
          }
        },
      ),
    );
  });
});
