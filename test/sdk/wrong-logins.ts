/** What an SDK could get wrong of logins: each a copy of the one in TypeScript with this change, and the scenario that finds it. */
import type { WrongVerifier } from './wrong-verifiers.ts';

export const WRONG_LOGINS: readonly WrongVerifier[] = [
  {
    name: 'each call refreshes by itself',
    changes: [['login/renewal.ts', 'if (this.#current === undefined) {\n      requireOpen', '{\n      requireOpen']],
    foundBy: 'a hundred calls over an expiry are one refresh',
  },
  {
    name: 'the new token is given out before it is stored',
    changes: [
      [
        'login/renewal.ts',
        'await keeper.save(outcome.record);',
        'setTimeout(() => void keeper.save(outcome.record), 2_000);',
      ],
    ],
    foundBy: 'a process is killed after its new token was used: the next one goes on',
  },
  {
    name: 'after a lost answer a sign-in is another one',
    changes: [
      [
        'login/sign-ins.ts',
        '(each) => calls.issue(request, each)',
        '(each) => calls.issue({ ...request, requestId: platform.randomId() }, each)',
      ],
    ],
    foundBy: 'the answer of a sign-in is lost once: one login is made',
  },
  {
    name: 'what was lost is not sent again',
    changes: [['login/repeat.ts', '!isLost(error) || ', 'isLost(error) || ']],
    foundBy: 'the answer of a refresh is lost once: nobody is signed out',
  },
  {
    name: 'a server that can’t be reached signs out',
    changes: [
      [
        'login/renewal.ts',
        "if (!(error instanceof SymbolonError) || error.reason !== 'INVALID_REFRESH_TOKEN') {",
        `if (error instanceof SymbolonError && error.code === 'UNAVAILABLE') {
          return { ended: 'revoked' };
        }
        if (!(error instanceof SymbolonError) || error.reason !== 'INVALID_REFRESH_TOKEN') {`,
      ],
    ],
    foundBy: 'expired while the server is away: an error, nothing is forgotten, and later all is well',
  },
  {
    name: 'a refused client signs its users out',
    changes: [
      [
        'login/renewal.ts',
        "if (!(error instanceof SymbolonError) || error.reason !== 'INVALID_REFRESH_TOKEN') {",
        `if (error instanceof SymbolonError && error.code === 'UNAUTHENTICATED') {
          return { ended: 'revoked' };
        }
        if (!(error instanceof SymbolonError) || error.reason !== 'INVALID_REFRESH_TOKEN') {`,
      ],
    ],
    foundBy: 'the secret of the client was replaced: that signs nobody out',
  },
  {
    name: 'the time of the server is compared with the clock on the wall',
    changes: [
      [
        'login/record.ts',
        'lifetime_ms: millisecondsOf(expireTime) - issued }',
        'lifetime_ms: Math.max(millisecondsOf(expireTime) - Math.round(sent.wall), 0) }',
      ],
    ],
    foundBy: 'a clock that is two hours ahead changes nothing',
  },
  {
    name: 'in memory the clock on the wall counts',
    changes: [
      ['login/held.ts', '({ accessEnds }: Held, { monotonic }: Moment)', '({ record }: Held, { wall }: Moment)'],
      ['login/held.ts', 'return monotonic < accessEnds;', 'return wall < record.obtained_ms + record.lifetime_ms;'],
    ],
    foundBy: 'a clock that leaps two hours ahead changes nothing',
  },
  {
    name: 'a call waits for a refresh while the old token is good',
    changes: [['login/tokens.ts', 'this.#renewal.beside();', 'await this.#renewal.run().catch(() => undefined);']],
    foundBy: 'the old token is served while it is good and a refresh is under way',
  },
  {
    name: 'every refusal is a refresh',
    changes: [['login/tokens.ts', 'described.isLive !== false || ', '']],
    foundBy: 'a service that refuses for its own reasons causes no refresh, by grpc',
  },
  {
    name: 'what a refresh brings is taken also when another is signed in by then',
    changes: [
      [
        'login/renewal.ts',
        '    // Who signed out, or in anew, does not want what was answered. Who closed the Login does.\n    if (keeper.generation !== generation) {',
        '    if (false) {',
      ],
      [
        'login/renewal.ts',
        'if (keeper.generation === generation) {\n        keeper.renewed',
        '{\n        keeper.renewed',
      ],
      ['login/renewal.ts', 'this.#current?.canceller.abort();', ''],
    ],
    foundBy: 'signed out while a refresh is under way: its answer is dropped',
  },
  {
    name: 'why a login ended is not told',
    changes: [['login/events.ts', "return REASONS[endedBy] ?? 'revoked';", "return 'revoked';"]],
    foundBy: 'the password is changed elsewhere: signed out when the token has expired, with the reason',
  },
  {
    name: 'processes on one store don’t wait for each other',
    changes: [['file-store.ts', 'return this.#lock.during(run);', 'return run();']],
    foundBy: 'two processes on one store are one refresh',
  },
  {
    name: 'what another process did is not looked at',
    changes: [
      [
        'login/renewal.ts',
        'const seen = await keeper.look(begun);',
        "const seen = { found: 'same', stored: undefined };",
      ],
    ],
    foundBy: "two processes on one store: who is signed out in one can't refresh in the other",
  },
  {
    name: 'others can read the store',
    changes: [['files.ts', '0o600', '0o644']],
    foundBy: 'signed in, refreshed, signed out: the store has it each time, and only its owner can read it',
  },
  {
    name: 'a store that others can read is taken',
    changes: [['file-store.ts', '(stats.mode & 0o066) !== 0', 'false']],
    foundBy: 'a store that is shared signs nobody in, stays, and the next sign-in replaces it',
  },
  {
    name: 'the lock of a process that ended stays',
    changes: [['file-lock.ts', 'await this.#removeStale();', '']],
    foundBy: 'a lock of a process that ended is taken away',
  },
  {
    name: 'who signs out leaves the login at the server',
    changes: [['login/revocations.ts', 'const told = await this.#revoke(token);', "const told: string = 'told';"]],
    foundBy: 'who signs out leaves no token behind',
  },
  {
    name: 'the server is not told later',
    changes: [['login/revocations.ts', 'this.#tellLater();', '']],
    foundBy: 'who signs out while the server is away is signed out, and the server is told later',
  },
  {
    name: 'an error shows the token',
    changes: [
      [
        'login/tokens.ts',
        "'nobody is signed in: sign in first'",
        "'nobody is signed in: sign in first: ' + this.#last",
      ],
      [
        'login/tokens.ts',
        '      const now = this.#keeper.now();\n      if (lasts',
        '      this.#last = held.record.access_token;\n      const now = this.#keeper.now();\n      if (lasts',
      ],
      ['login/tokens.ts', '  constructor(', "  #last = '';\n\n  constructor("],
    ],
    foundBy: 'who signs out leaves no token behind',
  },
  {
    name: 'a refresh that failed is begun again at each call',
    changes: [['login/renewal.ts', 'this.#keeper.now().monotonic >= this.#notBefore', 'true']],
    foundBy:
      'the secret of the client was replaced: the old token is served while it is good, and the server is seldom asked',
  },
  {
    name: 'a copy of the record stays beside the store',
    changes: [
      [
        'file-store.ts',
        'await rename(unfinished, this.#path);',
        `await rename(unfinished, this.#path);
      await (await open(\`\${this.#path}.old\`, 'w', PRIVATE)).writeFile(text);`,
      ],
    ],
    foundBy: 'a stored login whose token has expired is refreshed at the first call',
  },
  {
    name: 'the record is written to stderr',
    changes: [
      [
        'file-store.ts',
        'await rename(unfinished, this.#path);',
        'await rename(unfinished, this.#path);\n      process.stderr.write(text);',
      ],
    ],
    foundBy: 'what one login exports another one resumes',
  },
  {
    name: 'the name of a file has the token',
    changes: [
      [
        'file-store.ts',
        'await rename(unfinished, this.#path);',
        `await rename(unfinished, this.#path);
      await (await open(\`\${this.#path}.\${parseRecord(text)?.access_token}\`, 'w', PRIVATE)).close();`,
      ],
    ],
    foundBy: 'what one login exports another one resumes',
  },
  {
    name: 'what comes back with any state is taken',
    changes: [['login/code.ts', 'more.length > 0 || !isSame(given, state)', 'false']],
    foundBy: 'what comes back with another state or to another path is not taken, and the sign-in goes on',
  },
  {
    name: 'a code of any issuer is sent to its own',
    changes: [['login/code.ts', 'iss !== issuer || others.length > 0', 'false']],
    foundBy: 'a code of another issuer, or of one that is not named, is sent to nobody',
  },
  {
    name: 'a code of an issuer that is not named is sent to its own',
    changes: [['login/code.ts', 'iss !== issuer || others.length > 0', 'iss !== undefined && iss !== issuer']],
    foundBy: 'a code of another issuer, or of one that is not named, is sent to nobody',
  },
  {
    name: 'a code is sent again after a lost answer',
    changes: [
      [
        'login/redeem.ts',
        "{ answer: await calls.issue({ credential, resource: client.resource ?? '' }, limits), sent }",
        "await repeated(this.#parts.platform, limits, (each) => calls.issue({ credential, resource: client.resource ?? '' }, each))",
      ],
    ],
    foundBy: 'the answer to a code is lost: it is not sent again, and the user signs in anew',
  },
  {
    name: 'the listener stays',
    changes: [['login.ts', 'await using listener', 'const listener']],
    foundBy: 'a sign-in in the browser is given up: nobody listens any more, and the next one is another',
  },
  {
    name: 'a device gives up when its server is away',
    changes: [
      ['login/device-code.ts', '} else if (isLost(error)) {', '} else if (isLost(error) && this.waitMs < 0) {'],
    ],
    foundBy: 'a device asks on while the server is away, and is approved',
  },
  {
    name: 'a login forgets its resource when it is begun again',
    changes: [['login/renewal.ts', "this.#client.resource ?? ''", "''"]],
    foundBy: 'each sign-in of a login asks for its resource',
  },
];
