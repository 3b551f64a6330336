/** A page, and how one gets there. */
import type { RealBed } from '../bed.ts';
import type { Visit } from '../chromium.ts';

export interface Place {
  readonly name: string;
  /** What is on this page and on no other. */
  readonly shows: string;
  /** What the page itself came with; absent: 200. */
  readonly status?: number;
  /** The field that has the focus; absent: that is not said. */
  readonly focus?: string;
  /** What a password manager would do with its forms, as password-manager.ts says it; absent: nothing. */
  readonly forms?: readonly string[];
  readonly go: (visit: Visit, bed: RealBed) => Promise<void>;
}

/** What is on a page with a form of this step. */
export const step = (name: string) => `input[name=step][value=${name}]`;
