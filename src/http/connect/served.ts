/** The methods that are served here: what a user does by itself, through a client that only names itself. A method that is not listed is not served. */
import { ConsentServiceService } from '../../../gen/ts/symbolon/v1/consent_service.ts';
import { TokenServiceService } from '../../../gen/ts/symbolon/v1/token_service.ts';
import { UserServiceService } from '../../../gen/ts/symbolon/v1/user_service.ts';
import type { Method } from '../../calls/method.ts';
import { decodeMessage, type Malformed } from '../../grpc/messages/decode.ts';
import { CODE_METHODS } from '../../grpc/methods/codes.ts';
import { CONSENT_METHODS } from '../../grpc/methods/consents.ts';
import type { Body, Contract, Methods } from '../../grpc/methods/method.ts';
import { PASSWORD_METHODS } from '../../grpc/methods/passwords.ts';
import { SECOND_FACTOR_METHODS } from '../../grpc/methods/second-factors.ts';
import { TOKEN_METHODS } from '../../grpc/methods/tokens.ts';
import { USER_METHODS } from '../../grpc/methods/users.ts';

export interface ServedMethod extends Method<unknown, unknown> {
  /** `symbolon.v1.TokenService/Issue` */
  readonly path: string;
  readonly decode: (bytes: Uint8Array) => unknown | Malformed;
  readonly encode: (response: unknown) => Uint8Array;
}

/** What is generated for a method. */
interface Definition {
  readonly path: string;
  readonly requestDeserialize: unknown;
  readonly responseSerialize: unknown;
}

function servedOf<Name extends keyof Contract>(
  definitions: { readonly [Each in NoInfer<Name>]: Definition },
  methods: Methods<Name>,
): readonly ServedMethod[] {
  return Object.entries<Body<never, unknown>>(methods).map(([key, body]) => {
    const { path, requestDeserialize, responseSerialize } = definitions[key as Name];
    // What is generated hands its argument on to the decoder of the message, which takes readers too.
    const decode = requestDeserialize as (input: unknown) => unknown;
    return {
      ...(body as Body<unknown, unknown>),
      name: path.slice(path.lastIndexOf('/') + 1),
      path: path.slice(1),
      decode: (bytes) => decodeMessage({ decode }, bytes),
      encode: responseSerialize as ServedMethod['encode'],
    };
  });
}

const { issue, refresh, revoke, describeToken, listTokens } = TOKEN_METHODS;
const { registerUser, getUser, updateUser, deleteUser } = USER_METHODS;
const { startEmailVerification, confirmEmailVerification, startPhoneVerification, confirmPhoneVerification } =
  CODE_METHODS;
const { enrollTotp, confirmTotp, removeTotp } = SECOND_FACTOR_METHODS;
const { changeUserPassword, requestPasswordReset, completePasswordReset } = PASSWORD_METHODS;

export const SERVED: readonly ServedMethod[] = [
  ...servedOf(TokenServiceService, { issue, refresh, revoke, describeToken, listTokens }),
  ...servedOf(ConsentServiceService, CONSENT_METHODS),
  ...servedOf(UserServiceService, {
    registerUser,
    getUser,
    updateUser,
    deleteUser,
    changeUserPassword,
    requestPasswordReset,
    completePasswordReset,
    startEmailVerification,
    confirmEmailVerification,
    startPhoneVerification,
    confirmPhoneVerification,
    enrollTotp,
    confirmTotp,
    removeTotp,
  }),
];
