/** How a client takes part in authorization: the flags of `client create` and `client update`, and what is printed of it. */
import { type Command, InvalidArgumentError, Option } from 'commander';
import type { Client } from '../../gen/ts/symbolon/v1/client_service.ts';
import type { GrantType } from '../core/tables/clients.ts';
import { UsageError } from './terminal/failures.ts';
import type { Result } from './terminal/output.ts';

export interface RegistrationOptions {
  readonly firstParty?: boolean;
  readonly grant?: GrantType[];
  readonly redirectUri?: string[];
  readonly logo?: string;
  readonly accentColor?: string;
  readonly clearGrants?: boolean;
  readonly clearRedirectUris?: boolean;
}

/** As ts-proto numbers them. */
const GRANTS = {
  authorization_code: 1,
  client_credentials: 2,
  refresh_token: 3,
  device_code: 4,
  password: 5,
  implicit: 6,
} as const satisfies Record<GrantType, number>;
const GRANT_NAMES = Object.keys(GRANTS) as GrantType[];

const GRANT = `how it may get tokens over OAuth: ${GRANT_NAMES.join(', ')}; repeatable`;
const REDIRECT_URI = 'where people may be sent back to, compared exactly; repeatable';

/** For a new client, and for one that is changed. */
export function withRegistration(command: Command, isNew: boolean): Command {
  const grant = isNew ? `${GRANT} (default: what fits the rest of it)` : GRANT;
  command
    .addOption(new Option('--redirect-uri <uri>', REDIRECT_URI).argParser(collect))
    .addOption(new Option('--grant <grant>', grant).argParser(collectGrant))
    .option('--first-party', 'the platform’s own: it alone may have the grant password')
    .option('--logo <uri>', 'the logo of its consent page, an https URI; "" for none')
    .option('--accent-color <color>', 'the colour of its consent page, such as #0a7cff; "" for the page’s own');
  return isNew
    ? command
    : command
        .option('--no-first-party', 'somebody else’s')
        .option('--clear-redirect-uris', 'take all of its redirect URIs away')
        .option('--clear-grants', 'take all of its grants away');
}

/** What the flags say, as the contract has it. */
export function registrationOf(options: RegistrationOptions) {
  const grants = replaced(options.grant, options.clearGrants, '--grant', '--clear-grants');
  return {
    firstParty: options.firstParty,
    grantTypes: grants?.map((name) => GRANTS[name]),
    redirectUris: replaced(options.redirectUri, options.clearRedirectUris, '--redirect-uri', '--clear-redirect-uris'),
    logoUri: options.logo,
    accentColor: options.accentColor,
  };
}

/** The names of an update mask. */
export function registrationMask(registration: ReturnType<typeof registrationOf>) {
  const { firstParty, grantTypes, redirectUris, logoUri, accentColor } = registration;
  return {
    first_party: firstParty,
    grant_types: grantTypes,
    redirect_uris: redirectUris,
    logo_uri: logoUri,
    accent_color: accentColor,
  };
}

/** What is printed of a client, by its message. */
export function registrationResult(client: Client): Result {
  return {
    first_party: client.firstParty,
    grant_types: client.grantTypes.map((grant) => GRANT_NAMES.find((name) => GRANTS[name] === grant) ?? String(grant)),
    redirect_uris: client.redirectUris,
    ...brandResult(client),
  };
}

/** Of a client or a tenant. */
export function brandResult({
  logoUri,
  accentColor,
}: {
  readonly logoUri: string;
  readonly accentColor: string;
}): Result {
  return { logo_uri: logoUri === '' ? null : logoUri, accent_color: accentColor === '' ? null : accentColor };
}

/** A list that is given anew or taken away; undefined: it stays as it is. */
export function replaced<T>(
  given: T[] | undefined,
  isCleared: boolean | undefined,
  flag: string,
  clear: string,
): T[] | undefined {
  if (given !== undefined && isCleared === true) {
    throw new UsageError(`${flag} is given with ${clear}. Leave one of them out`);
  }
  return isCleared === true ? [] : given;
}

export function collect(text: string, before: string[] = []): string[] {
  return [...before, text];
}

function collectGrant(text: string, before: GrantType[] = []): GrantType[] {
  const grant = GRANT_NAMES.find((each) => each === text);
  if (grant === undefined) {
    throw new InvalidArgumentError(`It must be one of ${GRANT_NAMES.join(', ')}.`);
  }
  return [...before, grant];
}
