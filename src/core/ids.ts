/** Public ids. They are random, and no secret. */
import { encodeBytes } from './base62.ts';

/** Random bytes in an id. */
export const ID_BYTES = 16;

export function clientId(random: Uint8Array): string {
  return `cl_${encodeBytes(random)}`;
}

export function secretId(random: Uint8Array): string {
  return `cs_${encodeBytes(random)}`;
}

export function messageId(random: Uint8Array): string {
  return `ms_${encodeBytes(random)}`;
}

/** 12-4-4-4-8 characters of `[a-z0-9]`: the form that Kii's thing-if clients check. */
export function userId(random: Uint8Array): string {
  const hex = Buffer.from(random).toString('hex');
  return [hex.slice(0, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20, 24), hex.slice(24, 32)].join('-');
}

export function deviceId(random: Uint8Array): string {
  return `th.${userId(random)}`;
}

const SUBJECT_ID = /^(?:th\.)?[a-z0-9]{12}-[a-z0-9]{4}-[a-z0-9]{4}-[a-z0-9]{4}-[a-z0-9]{8}$/i;

/** Whether a text could be taken for the id of a user or device, in any case, whether there is one or not; those of Kii have this form too. */
export function hasIdForm(text: string): boolean {
  return SUBJECT_ID.test(text);
}
