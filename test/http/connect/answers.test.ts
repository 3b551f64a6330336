/** Failures in the shape of what was spoken, whatever ended the request. */
import { describe, expect, it } from 'vitest';
import { ERROR_CODES, SymbolonError } from '../../../src/core/errors.ts';
import { failureAnswer } from '../../../src/http/connect/answers.ts';
import { spokenOf } from '../../../src/http/connect/spoken.ts';
import { failureOf, HttpError } from '../../../src/http/failure.ts';

const failed = (error: Error, contentType: string) => {
  const spoken = spokenOf(contentType);
  if (spoken === undefined) {
    throw new Error(`${contentType} is not spoken`);
  }
  return failureAnswer(spoken, failureOf(error, 'r1', 1_024), 'r1');
};

const OVER_HTTP = [
  ['route_not_found', 404, 'unimplemented', 12],
  ['method_not_allowed', 405, 'unimplemented', 12],
  ['unsupported_media_type', 415, 'unimplemented', 12],
  ['body_too_large', 413, 'resource_exhausted', 8],
  ['draining', 503, 'unavailable', 14],
  ['malformed_request', 400, 'invalid_argument', 3],
] as const;

describe('what ends before a call begins', () => {
  it.each(OVER_HTTP)('%s', (code, http, name, number) => {
    const error = new HttpError(code, 'Said with 100 % care: é', { Allow: 'POST' });
    const connect = failed(error, 'application/proto');
    expect(connect.status).toBe(http);
    expect(JSON.parse(String(connect.body))).toMatchObject({ code: name, message: 'Said with 100 % care: é' });
    expect(connect.headers).toMatchObject({ 'Content-Type': 'application/json', Allow: 'POST' });
    expect(connect.headers).toMatchObject({ 'Access-Control-Allow-Origin': '*', 'Cache-Control': 'no-store' });
    const web = failed(error, 'application/grpc-web');
    expect(web.status).toBe(code === 'method_not_allowed' ? 405 : 200);
    expect(web.headers).toMatchObject({ 'Content-Type': 'application/grpc-web+proto' });
    expect(String(web.body)).toContain(
      `grpc-status: ${number}\r\ngrpc-message: Said%20with%20100%20%25%20care:%20%C3%A9\r\n`,
    );
    const text = failed(error, 'application/grpc-web-text');
    expect(text.headers).toMatchObject({ 'Content-Type': 'application/grpc-web-text+proto' });
    expect(Buffer.from(String(text.body), 'base64')).toEqual(web.body);
  });

  it('says when to repeat', () => {
    expect(failed(new HttpError('draining', 'Later'), 'application/json').headers).toMatchObject({
      'Retry-After': '1',
    });
  });
});

describe('an error of the core', () => {
  /** The Connect protocol, "Error codes". */
  const HTTP: Record<string, number> = {
    invalid_argument: 400,
    deadline_exceeded: 504,
    not_found: 404,
    already_exists: 409,
    permission_denied: 403,
    resource_exhausted: 429,
    failed_precondition: 400,
    internal: 500,
    unavailable: 503,
    out_of_range: 400,
    aborted: 409,
    unauthenticated: 401,
  };

  it.each(ERROR_CODES)('%s has the HTTP status that Connect gives its code, and one reason', (code) => {
    const answer = failed(new SymbolonError(code, 'Said'), 'application/json');
    const body = JSON.parse(String(answer.body));
    expect(HTTP).toHaveProperty(body.code, answer.status);
    expect(body.details).toMatchObject([{ type: 'google.rpc.ErrorInfo', debug: { reason: expect.any(String) } }]);
    expect(answer.headers).not.toHaveProperty('WWW-Authenticate');
  });

  it('that is not ours tells nothing of itself', () => {
    const answer = failed(new Error('secret'), 'application/json');
    expect(answer.status).toBe(500);
    expect(String(answer.body)).toContain('its log knows the request r1');
    expect(String(answer.body)).not.toContain('secret');
  });
});

describe('a Content-Type', () => {
  it.each([
    ['application/json', 'connect', 'json', false],
    ['Application/JSON; charset=UTF-8', 'connect', 'json', false],
    ['application/proto', 'connect', 'proto', false],
    ['application/grpc-web', 'grpc-web', 'proto', false],
    ['application/grpc-web+json', 'grpc-web', 'json', false],
    ['application/grpc-web-text', 'grpc-web', 'proto', true],
    ['application/grpc-web-text+proto;charset="utf-8"', 'grpc-web', 'proto', true],
  ])('%s is spoken', (contentType, protocol, format, isText) => {
    expect(spokenOf(contentType)).toEqual({ protocol, format, isText });
  });

  it.each([undefined, '', 'json', 'application/json;', 'application/json; boundary=x', 'application/grpc-web+xml'])(
    '%s is not',
    (contentType) => {
      expect(spokenOf(contentType)).toBeUndefined();
    },
  );
});
