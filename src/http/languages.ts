/** The languages of the pages, by their tags (RFC 5646), for the metadata. `pages/texts` has what they say. */
export const LANGUAGE_TAGS = ['en', 'de', 'ja'];
