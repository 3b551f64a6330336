/** The parts that flags and environment variables are made of. Each refuses what it can't hold with a message that says what it can. */
import { readFileSync } from 'node:fs';
import { InvalidArgumentError, Option } from 'commander';
import { reasonOf } from '../core/reason.ts';
import { readFailure } from '../files/owners.ts';
import { requireTrusted } from '../files/trust.ts';

/** A configuration that can't be used. The message is for the operator. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
}

const UNITS_MS = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const;

/** `SYMBOLON_GRPC_ADDRESS` for `--grpc-address`. */
export function option(flags: string, description: string): Option {
  const made = new Option(flags, description);
  return made.env(variableOf(made.name()));
}

/** The environment variable that says what the flag says. */
export function variableOf(flag: string): string {
  return `SYMBOLON_${flag.replace(/^--/, '').toUpperCase().replaceAll('-', '_')}`;
}

/** A flag that is on when it is there, and can be switched either way by its value or by the environment. */
export function switchOption(flags: string, description: string): Option {
  return option(`${flags} [on|off]`, description).preset('on').argParser(parseSwitch);
}

/** What a flag's file holds. */
export function filePem(flag: string, path: string): Buffer {
  return fileOf(flag, path, { instead: 'Name a PEM file' });
}

/** Of a private key, which others must not read. */
export function secretPem(flag: string, path: string): Buffer {
  return fileOf(flag, path, { instead: 'Name a PEM file', isSecret: true });
}

interface FileOptions {
  /** What to do when it can't be read. */
  readonly instead: string;
  readonly isSecret?: boolean;
}

/** Others must not be able to change it. */
export function fileOf(flag: string, path: string, { instead, isSecret = false }: FileOptions): Buffer {
  requireTrusted(path, { what: flag, isSecret });
  try {
    return readFileSync(path);
  } catch (error) {
    throw new ConfigError(`${flag} ${path} can't be read: ${readFailure(reasonOf(error), path)}. ${instead}`);
  }
}

/** Whether what is sent to a host stays on this machine. */
export function isLoopbackHost(host: string): boolean {
  return /^(localhost|\[::1\]|127\.[0-9]+\.[0-9]+\.[0-9]+)$/.test(host);
}

export function parseSwitch(text: string): boolean {
  if (['on', 'true', '1'].includes(text)) {
    return true;
  }
  if (['off', 'false', '0'].includes(text)) {
    return false;
  }
  throw new InvalidArgumentError('It must be on or off.');
}

/** `90s`, `15m`, `1h`, `30d`: answers milliseconds. */
export function parseDuration(text: string): number {
  const match = /^([0-9]{1,12})(ms|s|m|h|d)$/.exec(text);
  if (match === null) {
    throw new InvalidArgumentError('It must be a number with a unit, for example 90s, 15m, 1h or 30d.');
  }
  return Number(match[1]) * UNITS_MS[match[2] as keyof typeof UNITS_MS];
}

/** Of waiting: at least long enough to wait for anything. */
export function parseTimeout(text: string): number {
  const ms = parseWait(text);
  if (ms < 100) {
    throw new InvalidArgumentError('It must be at least 100ms.');
  }
  return ms;
}

/** Timers hold 24 days; one that is asked for more fires at once. */
export function parseWait(text: string): number {
  const ms = parseDuration(text);
  if (ms > UNITS_MS.d) {
    throw new InvalidArgumentError('It must be at most 1d.');
  }
  return ms;
}

export function wholeNumber(least: number, most: number): (text: string) => number {
  return (text) => {
    const number = Number(text);
    if (!/^[0-9]+$/.test(text) || number < least || number > most) {
      throw new InvalidArgumentError(`It must be a whole number from ${least} to ${most}.`);
    }
    return number;
  };
}
