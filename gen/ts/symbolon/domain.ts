// Written by npm run gen, of proto/names.json.
export const DOMAIN = 'symbolon.internal';
