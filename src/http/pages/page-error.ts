/** What ends a request with a page that tells why. */
import { HttpError } from '../failure.ts';

/** A way on from the page. */
export interface Link {
  /** A path of the pages. */
  readonly path: string;
  readonly text: string;
}

/** Whatever its status is: the log says of it that the request could not be used. */
export class PageError extends HttpError {
  readonly status: number;
  readonly title: string;
  readonly link: Link | undefined;

  /** The texts are shown to people: whole sentences. */
  constructor(status: number, title: string, message: string, link?: Link) {
    super('malformed_request', message);
    this.status = status;
    this.title = title;
    this.link = link;
  }
}
