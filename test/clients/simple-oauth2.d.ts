/** As much of simple-oauth2 as is used here: it has no types of its own. */
declare module 'simple-oauth2' {
  interface Options {
    readonly client: { readonly id: string; readonly secret: string };
    readonly auth: Readonly<Record<'tokenHost' | 'tokenPath' | 'revokePath', string> & { authorizePath?: string }>;
    readonly options?: { readonly authorizationMethod?: 'header' | 'body' };
  }

  interface AccessToken {
    readonly token: Readonly<Record<string, unknown>>;
    expired(): boolean;
    refresh(): Promise<AccessToken>;
    revoke(which: 'access_token' | 'refresh_token'): Promise<void>;
  }

  class Grant {
    constructor(options: Options);
    getToken(parameters: Readonly<Record<string, string>>): Promise<AccessToken>;
  }

  export class ClientCredentials extends Grant {}
  export class ResourceOwnerPassword extends Grant {}
  export class AuthorizationCode extends Grant {
    authorizeURL(parameters: { readonly redirect_uri: string; readonly state: string }): string;
  }
}
