/** The one door to the library that escapes. What is put into a template is text, or markup of another template. */
import { html as tagged } from 'hono/html';

export type Markup = Awaited<ReturnType<typeof tagged>>;
/** Nothing else: an object could say of itself that it is escaped. */
export type Part = string | Markup | undefined | readonly Part[];

export function html(strings: TemplateStringsArray, ...parts: Part[]): Markup {
  const made = tagged(strings, ...parts);
  if (made instanceof Promise) {
    throw new Error('a part of the page is not there yet');
  }
  return made;
}

const OWN_PATH = /^\/(?![/\\])[\x21-\x7e]*$/;

/** The one function for what `href` and `action` hold: a path of this server. Anything else would be a mistake of ours, and leads home. */
export function href(path: string): string {
  return OWN_PATH.test(path) ? path : '/';
}

/** What `src` holds of pictures that others keep: an address of the web. Anything else shows nothing. */
export function picture(uri: string): string {
  return /^https?:\/\/[\x21-\x7e]+$/.test(uri) ? uri : '';
}
