import type { Outgoing, Sender } from './sender.ts';

/** For demos only: shows the code to whoever watches the server, instead of sending it. */
export function logSender(print: (text: string) => void): Sender {
  return {
    send: async ({ channel, purpose, address, code }: Outgoing) => {
      // JSON keeps what a caller chose from looking like lines of the server.
      print(`DEMO ONLY, not sent by ${channel}: the code of ${purpose} for ${JSON.stringify(address)} is ${code}\n`);
    },
    close: async () => undefined,
  };
}
