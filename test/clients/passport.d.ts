/** As much of passport and passport-oauth2 as is used here: they have no types of their own. */
declare module 'passport' {
  import type { RequestHandler } from 'express';

  class Authenticator {
    use(name: string, strategy: object): this;
    authenticate(name: string, options: { readonly session: false }): RequestHandler;
  }

  const passport: { readonly Passport: typeof Authenticator };
  export default passport;
}

declare module 'passport-oauth2' {
  interface Options {
    readonly authorizationURL: string;
    readonly tokenURL: string;
    readonly clientID: string;
    readonly clientSecret: string;
    readonly callbackURL: string;
    readonly scope: readonly string[];
    readonly state: true;
    readonly pkce: true;
  }

  type Done = (error: unknown, user: object) => void;

  export default class OAuth2Strategy {
    constructor(
      options: Options,
      verify: (accessToken: string, refreshToken: string, profile: object, done: Done) => void,
    );
  }
}
