import { describe, expect, it } from 'vitest';
import { readMessage, writeFrames } from '../../../src/http/connect/frames.ts';

const frame = (flags: number, length: number, content: string) =>
  Buffer.concat([Buffer.from([flags, 0, 0, 0, length]), Buffer.from(content)]);

describe('a frame of gRPC-Web', () => {
  it.each(['', 'message'])('is read and written, in binary and as text: %j', (content) => {
    for (const isText of [false, true]) {
      const written = writeFrames(Buffer.from(content), { 'grpc-status': '0' }, isText);
      const bytes = isText ? Buffer.from(written.toString(), 'base64') : written;
      const [message, trailers] = [bytes.subarray(0, 5 + content.length), bytes.subarray(5 + content.length)];
      expect(trailers).toEqual(frame(0x80, 16, 'grpc-status: 0\r\n'));
      const body = isText ? Buffer.from(message.toString('base64')) : message;
      expect(readMessage(body, isText).toString()).toBe(content);
    }
  });

  it.each([
    ['nothing', Buffer.alloc(0)],
    ['half a header', Buffer.from([0, 0, 0])],
    ['less than it says', frame(0, 2, 'a')],
    ['more than it says', frame(0, 1, 'ab')],
    ['two frames', Buffer.concat([frame(0, 1, 'a'), frame(0, 1, 'b')])],
    ['four gibibytes, it says', Buffer.from([0, 255, 255, 255, 255, 1])],
  ])('is refused with %s', (_what, body) => {
    expect(() => readMessage(body, false)).toThrow('The body must be one frame of gRPC-Web');
  });

  it('is refused when it is compressed, or has flags that nobody knows', () => {
    expect(() => readMessage(frame(1, 1, 'a'), false)).toThrow('The message is compressed');
    expect(() => readMessage(frame(0x80, 1, 'a'), false)).toThrow('The flags of the frame must be 0');
  });

  it.each(['AAAA*', 'AAAAAAF=h', 'é'])('is refused as text that is not base64: %s', (text) => {
    expect(() => readMessage(Buffer.from(text), true)).toThrow('must be base64');
  });
});
