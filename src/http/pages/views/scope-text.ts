/** Scopes in plain words. */

const TEXTS: Readonly<Record<string, string>> = {
  read: 'Read all your data, and that of your devices',
  write: 'Change all your data, and send data to your devices',
  'profile.read': 'Read your profile',
  'profile.write': 'Change your profile',
};

const OF_TYPE = /^(read|write):(.+)$/;

/** Those that we have no words for are shown as they are. */
export function scopeText(scope: string): string {
  const [, what, type = ''] = OF_TYPE.exec(scope) ?? [];
  if (what !== undefined) {
    return what === 'read'
      ? `Read data from your devices of type ${type}`
      : `Send data to your devices of type ${type}`;
  }
  return Object.hasOwn(TEXTS, scope) ? (TEXTS[scope] ?? scope) : scope;
}
