/**
 * BatchIntrospectResponse as bytes, written by hand into one buffer. What is generated makes objects for each message in it, and takes
 * longer than all else that is done for a token.
 */
import type { Duration } from '../../../gen/ts/google/protobuf/duration.ts';
import type { BatchIntrospectResponse, IntrospectResponse } from '../../../gen/ts/symbolon/v1/token_service.ts';

/** Wire types of protobuf. */
const VARINT = 0;
const BYTES = 2;

/** Of an answer without its texts: tags, lengths, times and numbers. */
const FIXED_BYTES = 160;
/** Of a text: its tag and its length. */
const FRAME_BYTES = 6;
/** UTF-8 of a UTF-16 unit. */
const MAX_UNIT_BYTES = 3;

export function encodeBatch({ answers }: BatchIntrospectResponse): Buffer {
  const writer = new Writer(answers.reduce((sum, answer) => sum + mostBytesOf(answer), 0));
  for (const answer of answers) {
    writer.answer(answer);
  }
  return writer.written();
}

function mostBytesOf({
  tokenId,
  tenantId,
  clientId,
  subjectId,
  familyId,
  scopes,
  audience,
  consentId,
}: IntrospectResponse): number {
  const ids = [tokenId, tenantId, clientId, subjectId, familyId, audience, consentId];
  let units = ids.reduce((sum, { length }) => sum + length, 0);
  for (const scope of scopes) {
    units += scope.length + FRAME_BYTES;
  }
  return FIXED_BYTES + units * MAX_UNIT_BYTES;
}

class Writer {
  readonly #bytes: Buffer;
  #at = 0;

  constructor(size: number) {
    this.#bytes = Buffer.allocUnsafe(size);
  }

  written(): Buffer {
    return this.#bytes.subarray(0, this.#at);
  }

  answer(answer: IntrospectResponse): void {
    // Nearly always of as many bytes as are set aside for the length.
    this.#message(1, answer.active ? 2 : 1, () => this.#fields(answer));
  }

  /** What is not set is left out, as proto3 has it. */
  #fields(answer: IntrospectResponse): void {
    this.#number(1, answer.active ? 1 : 0);
    this.#text(2, answer.tokenId);
    this.#number(3, answer.kind);
    this.#text(4, answer.tenantId);
    this.#text(5, answer.clientId);
    this.#text(6, answer.subjectId);
    for (const scope of answer.scopes) {
      this.#string(7, scope);
    }
    this.#time(8, answer.issueTime);
    this.#time(9, answer.expireTime);
    this.#text(10, answer.familyId);
    this.#number(11, answer.revision);
    this.#time(12, answer.timeToLive);
    this.#text(13, answer.audience);
    this.#text(14, answer.consentId);
  }

  #number(field: number, value: number): void {
    if (value !== 0) {
      this.#bytes[this.#at++] = (field << 3) | VARINT;
      this.#varint(value);
    }
  }

  /** Timestamp and Duration have the same fields; those of ours are never negative. */
  #time(field: number, time: Duration | undefined): void {
    if (time !== undefined) {
      this.#message(field, 1, () => {
        this.#number(1, time.seconds);
        this.#number(2, time.nanos);
      });
    }
  }

  #text(field: number, text: string): void {
    if (text !== '') {
      this.#string(field, text);
    }
  }

  #string(field: number, text: string): void {
    const { length } = text;
    const bytes = this.#bytes;
    bytes[this.#at++] = (field << 3) | BYTES;
    const begin = this.#at;
    if (length < 128) {
      // Of ids, each unit is a byte.
      let at = begin + 1;
      let i = 0;
      for (; i < length; i++) {
        const unit = text.charCodeAt(i);
        if (unit >= 128) {
          break;
        }
        bytes[at++] = unit;
      }
      if (i === length) {
        bytes[begin] = length;
        this.#at = at;
        return;
      }
    }
    this.#varint(Buffer.byteLength(text));
    this.#at += bytes.write(text, this.#at);
  }

  #message(field: number, lengthBytes: number, write: () => void): void {
    this.#bytes[this.#at++] = (field << 3) | BYTES;
    const begin = this.#at;
    this.#at += lengthBytes;
    write();
    const length = this.#at - begin - lengthBytes;
    const needed = varintBytes(length);
    if (needed !== lengthBytes) {
      this.#bytes.copyWithin(begin + needed, begin + lengthBytes, this.#at);
    }
    this.#at = begin;
    this.#varint(length);
    this.#at += length;
  }

  #varint(value: number): void {
    let rest = value;
    // Numbers of more than 32 bits are no operands of shifts.
    while (rest >= 128) {
      this.#bytes[this.#at++] = (rest % 128) | 128;
      rest = Math.floor(rest / 128);
    }
    this.#bytes[this.#at++] = rest;
  }
}

function varintBytes(value: number): number {
  let [bytes, rest] = [1, value];
  while (rest >= 128) {
    bytes++;
    rest = Math.floor(rest / 128);
  }
  return bytes;
}
