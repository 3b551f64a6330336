/**
 * Closing a connection whose client may go on sending. A socket that is closed while bytes wait unread is reset, and the reset may reach
 * the client before the answer (RFC 9112 section 9.6). So the last answer is followed by an end, and what comes is read away for a while.
 */
import type { Socket } from 'node:net';

const LINGER_MS = 2_000;

const lingering = new WeakSet<Socket>();

export function lingerAndClose(socket: Socket): void {
  if (lingering.has(socket)) {
    return;
  }
  lingering.add(socket);
  socket.end();
  socket.resume();
  const timer = setTimeout(() => socket.destroy(), LINGER_MS);
  socket.once('close', () => clearTimeout(timer));
}
