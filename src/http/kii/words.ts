/** What the core says of its fields, in the words of Kii's bodies and paths. */

/** The names that a request has for fields of the core, where they are not those of `FIELDS`. */
export type Words = Readonly<Record<string, string>>;

const FIELDS: Words = {
  user_id: 'userID',
  login_name: 'loginName',
  email: 'emailAddress',
  email_verified: 'emailAddressVerified',
  phone: 'phoneNumber',
  phone_verified: 'phoneNumberVerified',
  display_name: 'displayName',
  device_id: 'thingID',
  vendor_id: 'vendorThingID',
  owner_id: 'owner',
  owner_ids: 'owners',
  attributes: 'customFields',
  old_password: 'oldPassword',
  new_password: 'newPassword',
};

export function fieldInWords(field: string, words: Words = {}): string {
  return words[field] ?? FIELDS[field] ?? field;
}

/** A field stands at the beginning of its message, or is known by its underscores. */
export function messageInWords(message: string, words: Words = {}): string {
  return message
    .replace(/^[a-z]+\b|\b[a-z]+(?:_[a-z]+)+\b/g, (field) => fieldInWords(field, words))
    .replace(/\bdevice(s?)\b/g, 'thing$1')
    .replace(/\btenant\b/g, 'app');
}
