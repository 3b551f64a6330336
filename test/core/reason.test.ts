import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { reasonOf } from '../../src/core/reason.ts';

function thrownBy(work: () => unknown): unknown {
  try {
    return work();
  } catch (error) {
    return error;
  }
}

describe('the reason of', () => {
  it.each([
    ['a file that is not there', thrownBy(() => readFileSync('/gone/for/good')), 'ENOENT'],
    ['several addresses that refuse', new AggregateError([new Error('refused')], ''), 'refused'],
    [
      'a code that is no name',
      Object.assign(new Error('no password matches'), { code: '28P01' }),
      'no password matches',
    ],
    [
      'a code of OpenSSL',
      Object.assign(new Error('error:05800074:x509 certificate routines::key values mismatch'), {
        code: 'ERR_OSSL_X509_KEY_VALUES_MISMATCH',
      }),
      'ERR_OSSL_X509_KEY_VALUES_MISMATCH',
    ],
    [
      'a code of Node',
      Object.assign(new Error('the name is not in the certificate'), { code: 'ERR_TLS_CERT_ALTNAME_INVALID' }),
      'the name is not in the certificate',
    ],
    ['an error', new RangeError('too far'), 'too far'],
    ['what is no error', 'a text', 'a text'],
  ])('%s', (_what, error, reason) => {
    expect(reasonOf(error)).toBe(reason);
  });
});
