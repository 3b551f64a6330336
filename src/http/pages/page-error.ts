/** What ends a request with a page that tells why. */

/** A way on from the page. */
export interface Link {
  /** A path of the pages. */
  readonly path: string;
  readonly text: string;
}

export class PageError extends Error {
  override readonly name = 'PageError';
  readonly status: number;
  readonly title: string;
  readonly link: Link | undefined;

  /** The texts are shown to people: whole sentences. */
  constructor(status: number, title: string, message: string, link?: Link) {
    super(message);
    this.status = status;
    this.title = title;
    this.link = link;
  }
}
