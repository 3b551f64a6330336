/** `symbolon context`: servers by name, as kubectl and zed have them. */
import { resolve } from 'node:path';
import { Command, InvalidArgumentError, Option } from 'commander';
import { parseServer } from '../../config/address.ts';
import { fileOf, filePem, switchOption } from '../../config/flags.ts';
import { UsageError } from '../terminal/failures.ts';
import { jsonOption, ListPrinter, type OutputOptions, printResult, type Result } from '../terminal/output.ts';
import { askSecret, canAsk } from '../terminal/prompt.ts';
import { requireContext } from './apply.ts';
import {
  type Context,
  forgetSecret,
  isContextName,
  keepSecret,
  NO_CONTEXT,
  readContexts,
  writeContexts,
} from './file.ts';

interface AddOptions extends OutputOptions {
  readonly server: string;
  readonly ca?: string;
  readonly clientId: string;
  readonly clientSecretFile?: string;
  readonly public?: boolean;
  readonly plaintext?: boolean;
  readonly tenant?: string;
}

/** What `use` takes for the store beside us. */
const SECRET_VARIABLE = 'SYMBOLON_CLIENT_SECRET';

export function contextCommand(): Command {
  return new Command('context')
    .description('servers by name: where the other commands go, and as whom')
    .addCommand(addCommand())
    .addCommand(useCommand())
    .addCommand(listCommand())
    .addCommand(showCommand())
    .addCommand(removeCommand());
}

function addCommand(): Command {
  return new Command('add')
    .description(
      `give a server a name. The client’s secret comes from a file, from ${SECRET_VARIABLE}, or is asked for`,
    )
    .argument('<name>', 'letters, digits, dots, - and _', parseName)
    .addOption(new Option('--server <host:port>', 'its gRPC address').argParser(parseServer).makeOptionMandatory())
    .addOption(new Option('--client-id <id>', 'the client that calls').makeOptionMandatory())
    .option('--client-secret-file <file>', 'file that holds its secret; it is read at each call, and stays where it is')
    .option('--public', 'the client has no secret: it only names itself')
    .option('--ca <file>', 'PEM certificates that the server’s is checked by (default: those of Node)')
    .addOption(switchOption('--plaintext', 'without TLS (default: on for this machine’s own addresses, else off)'))
    .option('--tenant <tenant-id>', 'the tenant of commands that name none')
    .addOption(jsonOption())
    .action(addContext);
}

async function addContext(name: string, options: AddOptions): Promise<void> {
  const { server, clientId, ca, clientSecretFile, plaintext, tenant } = options;
  const before = readContexts();
  if (Object.hasOwn(before.contexts, name)) {
    throw new UsageError(
      `there is a context ${name} already. Give another name, or remove it: symbolon context remove ${name}`,
    );
  }
  if (ca !== undefined) {
    if (plaintext === true) {
      throw new UsageError('--ca is given with --plaintext. Leave one of them out');
    }
    filePem('--ca', ca);
  }
  const secretFile = await secretFileOf(name, options);
  const context: Context = {
    server,
    client_id: clientId,
    ...(secretFile === undefined ? {} : { client_secret_file: secretFile }),
    ...(ca === undefined ? {} : { ca: resolve(ca) }),
    ...(plaintext === undefined ? {} : { plaintext }),
    ...(tenant === undefined ? {} : { tenant }),
  };
  writeContexts({ ...before, contexts: { ...before.contexts, [name]: context } });
  if (clientSecretFile === undefined && secretFile === undefined) {
    forgetSecret(name);
  }
  printResult(
    options,
    resultOf(name, context, before.current),
    `Use it: symbolon context use ${name}, or --context ${name}`,
  );
}

async function secretFileOf(name: string, options: AddOptions): Promise<string | undefined> {
  const { clientSecretFile: file, public: isPublic = false } = options;
  if (isPublic) {
    if (file !== undefined) {
      throw new UsageError('--public is given with --client-secret-file. Leave one of them out');
    }
    return undefined;
  }
  if (file !== undefined) {
    fileOf('--client-secret-file', file, { instead: 'Name a file that holds the secret alone', isSecret: true });
    return resolve(file);
  }
  const secret =
    process.env[SECRET_VARIABLE] ?? (canAsk() ? await askSecret(`Secret of the client ${options.clientId}: `) : '');
  if (!/^\S+$/.test(secret.trim())) {
    throw new UsageError(
      `the client has no secret that can be used. Give it by --client-secret-file or ${SECRET_VARIABLE}, or say --public`,
    );
  }
  return keepSecret(name, secret.trim());
}

function useCommand(): Command {
  return new Command('use')
    .description('let commands that name no place go to this server from now on')
    .argument('<name>', `name of the context; ${NO_CONTEXT}: the store beside this command again`)
    .addOption(jsonOption())
    .action((name: string, options: OutputOptions) => {
      const { contexts } = readContexts();
      if (name === NO_CONTEXT) {
        writeContexts({ contexts });
        printResult(options, { current: null }, 'Commands go to the store beside them again: --data-dir or --store.');
        return;
      }
      const { server } = requireContext(contexts, name);
      writeContexts({ current: name, contexts });
      printResult(options, { current: name, server });
    });
}

function listCommand(): Command {
  return new Command('list')
    .description('list the contexts')
    .addOption(jsonOption())
    .action((options: OutputOptions) => {
      const { current, contexts } = readContexts();
      const list = new ListPrinter(options, ['context', 'current', 'server', 'client_id', 'tenant']);
      list.print(Object.entries(contexts).map(([name, context]) => resultOf(name, context, current)));
      list.end('There are no contexts. Add one with symbolon context add');
    });
}

function showCommand(): Command {
  return new Command('show')
    .description('show a context; never a secret')
    .argument('[name]', 'name of the context (default: the current one)')
    .addOption(jsonOption())
    .action((name: string | undefined, options: OutputOptions) => {
      const { current, contexts } = readContexts();
      const wanted = name ?? current;
      if (wanted === undefined) {
        throw new UsageError('no context is current. Name one, or choose one with symbolon context use');
      }
      printResult(options, resultOf(wanted, requireContext(contexts, wanted), current));
    });
}

function removeCommand(): Command {
  return new Command('remove')
    .description('forget a context, and its secret where that was not in a file of yours')
    .argument('<name>', 'name of the context')
    .addOption(jsonOption())
    .action((name: string, options: OutputOptions) => {
      const { current, contexts } = readContexts();
      requireContext(contexts, name);
      const { [name]: _, ...others } = contexts;
      const isCurrent = current === name;
      writeContexts({ ...(current === undefined || isCurrent ? {} : { current }), contexts: others });
      forgetSecret(name);
      printResult(
        options,
        { context: name, removed: true, current: isCurrent ? null : (current ?? null) },
        isCurrent ? 'It was the current one: commands go to the store beside them again.' : undefined,
      );
    });
}

function resultOf(name: string, context: Context, current: string | undefined): Result {
  const { server, client_id, client_secret_file = null, ca = null, plaintext = null, tenant = null } = context;
  return { context: name, current: name === current, server, client_id, client_secret_file, ca, plaintext, tenant };
}

function parseName(text: string): string {
  if (!isContextName(text)) {
    throw new InvalidArgumentError(
      `It must be 1 to 63 letters, digits, dots, - and _, beginning with a letter or digit, and not ${NO_CONTEXT}.`,
    );
  }
  return text;
}
