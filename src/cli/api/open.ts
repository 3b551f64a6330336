/** Opens the way that the options of a command name. */
import type { Command } from 'commander';
import { ConfigError, option, variableOf } from '../../config/flags.ts';
import { type StoreOptions, standardKeyFile, storeLocation, storeOptions } from '../../config/store.ts';
import { ownName } from '../../files/owners.ts';
import type { Api } from './api.ts';
import { type DestinationOptions, destinationOf, destinationOptions } from './destination.ts';

/** What every command that calls has besides its own options. */
export interface ApiOptions extends StoreOptions, DestinationOptions {
  readonly keyFile?: string;
}

/** Adds the flags that tell where the command goes. */
export function withApiOptions(command: Command): Command {
  for (const each of [...destinationOptions(), ...storeOptions()]) {
    command.addOption(each);
  }
  return command
    .addOption(
      option(
        '--key-file <file>',
        'file of the key that the servers share (default: symbolon.key in the data directory)',
      ).helpGroup('Where the store is:'),
    )
    .hook('preAction', requireOnePlace);
}

/** What the environment may say about a server. */
const OF_SERVER = ['server', 'ca', 'clientId', 'clientSecretFile', 'plaintext'];

/** A flag goes before the environment. Two of the same kind would leave it to us which store is changed. */
function requireOnePlace(command: Command): void {
  const server = command.getOptionValueSource('server');
  const isStoreNamed = ['dataDir', 'store'].some((name) => command.getOptionValueSource(name) === 'cli');
  if (isStoreNamed && server !== 'cli') {
    for (const name of OF_SERVER.filter((each) => command.getOptionValueSource(each) === 'env')) {
      command.setOptionValueWithSource(name, undefined, 'cli');
    }
    return;
  }
  if (server === undefined) {
    return;
  }
  const store = (['dataDir', 'store'] as const).find((name) => command.getOptionValueSource(name) === server);
  if (store !== undefined) {
    const flag = store === 'store' ? '--store' : '--data-dir';
    const [one, other] = server === 'env' ? ['SYMBOLON_SERVER', variableOf(flag)] : ['--server', flag];
    throw new ConfigError(`${one} and ${other} are both given, and name two stores. Leave one of them out`);
  }
}

/** Calls in this tenant; empty for what is about no single tenant. */
export async function openApi(options: ApiOptions, tenantId: string): Promise<Api> {
  const destination = destinationOf(options);
  if (destination !== undefined) {
    const { openRemote } = await import('./remote.ts');
    return openRemote(destination, tenantId);
  }
  // Before root becomes somebody else.
  const operator = ownName();
  const location = storeLocation(options);
  const keyFile = options.keyFile ?? standardKeyFile(options.dataDir);
  const { enterDirectory } = await import('./directory.ts');
  const way = location.kind === 'sqlite' ? await enterDirectory(location.directory) : undefined;
  if (way?.by === 'socket') {
    const { openSocket } = await import('./socket.ts');
    return openSocket(way.path, options.dataDir, { tenantId, name: operator });
  }
  const { openLocal } = await import('./local.ts');
  return openLocal({ location, keyFile, tenantId, operator, ...(way === undefined ? {} : { lock: way }) });
}

/** Lets a command call, and closes the way when it is done. */
export async function withApi<T>(options: ApiOptions, tenantId: string, work: (api: Api) => Promise<T>): Promise<T> {
  const api = await openApi(options, tenantId);
  try {
    return await work(api);
  } finally {
    await api.close();
  }
}
