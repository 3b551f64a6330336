/** The token of a Login on the calls of grpc-js. */
import { CallCredentials, InterceptingCall, type Interceptor, Metadata } from '@grpc/grpc-js';
import { AttachedCall, bearer, codeOf } from './attached-call.ts';
import { ownError } from './errors/symbolon-error.ts';
import type { TokenSource } from './standard/fetch.ts';

/** grpc-js takes them on channels with TLS alone: it refuses to combine them with an insecure one. */
export function callCredentials(login: TokenSource): CallCredentials {
  return CallCredentials.createFromMetadataGenerator((_options, done) => {
    login.token().then(
      (token) => done(null, bearer(new Metadata(), token)),
      (thrown: unknown) => {
        const { code, message } = ownError('no token', thrown);
        done(Object.assign(new Error(message), { code: codeOf(code) }));
      },
    );
  });
}

/** It does not look at the channel: over plaintext the token can be read on the way. */
export function interceptor(login: TokenSource): Interceptor {
  return (options, nextCall) => {
    const { requestStream, responseStream } = options.method_definition;
    return new InterceptingCall(
      new AttachedCall(login, () => nextCall(options), !requestStream && !responseStream, Number(options.deadline)),
    );
  };
}
