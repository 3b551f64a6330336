/** A browser as small as the tests need: it keeps cookies, follows nothing by itself, and reads forms as a person's browser would. */
import { request } from 'node:http';

export interface Shown {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly location: string | undefined;
  readonly text: string;
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&lt;': '<',
  '&gt;': '>',
  '&quot;': '"',
  '&#39;': "'",
  '&amp;': '&',
};

export function unescaped(text: string): string {
  return text.replace(/&(?:lt|gt|quot|#39|amp);/g, (entity) => ENTITIES[entity] ?? entity);
}

/** A form of a page: where it goes, and its fields as they are. */
export interface FormOnPage {
  readonly action: string;
  readonly fields: Readonly<Record<string, string>>;
}

/** Those of what the page is about: the button of My account that signs out is on each of its pages, and is before it. */
export function formsOf(html: string): FormOnPage[] {
  const [main = html] = /<main[\s>][\s\S]*<\/main>/.exec(html) ?? [];
  return [...main.matchAll(/<form method="post" action="([^"]*)">([\s\S]*?)<\/form>/g)].map(
    ([, action = '', inner = '']) => ({
      action: unescaped(action),
      fields: Object.fromEntries(
        [...inner.matchAll(/<input[^>]* name="([^"]*)"[^>]*>/g)].map(([input, name = '']) => [
          name,
          unescaped(/ value="([^"]*)"/.exec(input)?.[1] ?? ''),
        ]),
      ),
    }),
  );
}

export class Browser {
  readonly #address: string;
  readonly cookies = new Map<string, string>();
  /** Sent with every request. */
  headers: Record<string, string> = {};

  /** `address`: `host:port` of the server. */
  constructor(address: string) {
    this.#address = address;
  }

  get(path: string, headers: Record<string, string> = {}): Promise<Shown> {
    return this.#send('GET', path, undefined, headers);
  }

  post(path: string, fields: Readonly<Record<string, string>>, headers: Record<string, string> = {}): Promise<Shown> {
    const type = { 'content-type': 'application/x-www-form-urlencoded' };
    return this.#send('POST', path, new URLSearchParams({ ...fields }).toString(), { ...type, ...headers });
  }

  /** Fills in a form of the page and sends it. */
  submit(page: Shown, filled: Readonly<Record<string, string>>, which = 0): Promise<Shown> {
    const form = formsOf(page.text)[which];
    if (form === undefined) {
      throw new Error(`there is no form on: ${page.status} ${page.text}`);
    }
    return this.post(form.action, { ...form.fields, ...filled });
  }

  #send(method: string, path: string, body: string | undefined, headers: Record<string, string>): Promise<Shown> {
    const [host = '', port = ''] = this.#address.split(/:(?=[0-9]+$)/);
    const cookie = [...this.cookies].map(([name, value]) => `${name}=${value}`).join('; ');
    const all = { ...(cookie === '' ? {} : { cookie }), ...this.headers, ...headers };
    const { promise, resolve, reject } = Promise.withResolvers<Shown>();
    const sent = request({ host, port, method, path, headers: all }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('end', () => {
        for (const each of response.headers['set-cookie'] ?? []) {
          this.#keep(each);
        }
        const { location } = response.headers;
        const text = Buffer.concat(chunks).toString();
        resolve({ status: response.statusCode ?? 0, headers: response.headers, location, text });
      });
    });
    sent.once('error', reject);
    sent.end(body);
    return promise;
  }

  #keep(cookie: string): void {
    const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(cookie) ?? [];
    if (/Max-Age=0/.test(cookie)) {
      this.cookies.delete(name);
    } else {
      this.cookies.set(name, value);
    }
  }
}
