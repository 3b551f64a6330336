/** Apps whose looks and names are hard on a page, and all that one can ask for. */

/** The site of a client's logo. */
export const LOGO = 'https://logo.example/logo.svg';
export const MANY = [
  ...['read', 'write', 'profile.read', 'profile.write', 'read:thermometer.v2', 'write:washing-machine.v1'],
  'a-permission-that-nobody-has-words-for-and-that-is-rather-long',
];

/** Clients that ask for much: as their ids, with what is shown of them. */
export const BRANDS = {
  pale: { displayName: 'Lemonade', accentColor: '#fff35c' },
  deep: { displayName: 'Midnight', accentColor: '#00112b' },
  logo: { displayName: 'Weather Station', logoUri: LOGO, accentColor: '#c2185b' },
  long: { displayName: 'Donaudampfschifffahrtsgesellschaftskapitänsmützenverwaltung der Vereinigten Werke Nord' },
  kanji: { displayName: '写真立て・天気予報・電気ポットの見守りサービス' },
} as const;
