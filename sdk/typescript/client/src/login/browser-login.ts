/** A Login whose user signs in on the pages of the server, in a browser: here, or on another device. */
import { BaseLogin } from './base-login.ts';
import { type BegunCode, begunCode, type CodeOptions, requiredCode } from './code.ts';
import { approved, type ShownCode } from './device-code.ts';
import type { WaitOptions } from './port.ts';
import { redeemed } from './redeem.ts';
import { untilFailed } from './repeat.ts';

export class BrowserLogin extends BaseLogin {
  /**
   * Begins a sign-in in the browser, for apps that the browser comes back to: lead it to `url`, keep what is answered in its session, and give it
   * to `completeCode` with the URL that it came back with. Makes no call.
   */
  beginCode(options: CodeOptions): Promise<BegunCode> {
    const { platform, client } = this.signIns.parts;
    return begunCode(platform, client, options);
  }

  /**
   * Completes what `beginCode` began. `callbackUrl`: the whole URL that the browser came back with.
   *
   * @throws SymbolonError PERMISSION_DENIED with ACCESS_DENIED: the user said no. FAILED_PRECONDITION: it is not of this sign-in, or the server
   * refused. UNAVAILABLE: nobody knows, and the code is used up: begin again
   */
  async completeCode(begun: BegunCode, callbackUrl: string, { signal }: WaitOptions = {}): Promise<void> {
    const code = requiredCode(begun, callbackUrl);
    const { signIns } = this;
    await signIns.bySteps(signal, (limits) => redeemed(signIns.parts, begun, code, limits));
  }

  /**
   * For devices without a browser: `show` shows the code and the address, and this waits until the user has decided elsewhere. What `show`
   * answers is not waited for; what it throws ends the sign-in.
   *
   * @throws SymbolonError FAILED_PRECONDITION with ACCESS_DENIED or EXPIRED_TOKEN: the user said no, or nothing in time
   */
  async signInWithDeviceCode(show: (code: ShownCode) => unknown, { signal }: WaitOptions = {}): Promise<void> {
    const { signIns } = this;
    await signIns.bySteps(signal, (limits) =>
      untilFailed(limits, (each, run) => approved(signIns.parts, each, (code) => run(() => show(code)))),
    );
  }
}
