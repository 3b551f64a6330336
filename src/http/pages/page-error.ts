/** What ends a request with a page that tells why. */
import { HttpError } from '../failure.ts';
import { EN, type Texts } from './texts/en.ts';

/** What people are told, in whole sentences. */
export interface Told {
  readonly title: string;
  readonly text: string;
  /** For those who make the app that sent somebody here, in English. */
  readonly detail?: string;
}

/** A way on from the page. */
export interface Way {
  /** A path of the pages. */
  readonly path: string;
  readonly text: (texts: Texts) => string;
}

/** Whatever its status is: the log says of it that the request could not be used. */
export class PageError extends HttpError {
  readonly status: number;
  readonly tell: (texts: Texts) => Told;
  readonly way: Way | undefined;

  constructor(status: number, tell: (texts: Texts) => Told, way?: Way) {
    super('malformed_request', tell(EN).text);
    this.status = status;
    this.tell = tell;
    this.way = way;
  }
}
