import type { Outgoing, Sender } from './sender.ts';

/** For demos only: shows the code to who watches the server, instead of sending it. */
export function logSender(print: (text: string) => void): Sender {
  return {
    send: async ({ channel, purpose, address, code }: Outgoing) => {
      const what = code === '' ? `the notice of ${purpose}` : `the code of ${purpose}`;
      const is = code === '' ? '' : ` is ${code}`;
      // JSON keeps what a caller chose from looking like lines of the server.
      print(`DEMO ONLY, not sent by ${channel}: ${what} for ${JSON.stringify(address)}${is}\n`);
    },
    close: async () => undefined,
  };
}
