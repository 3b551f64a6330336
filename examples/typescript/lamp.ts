/** A device that onboards itself: with the password that it was built with, and for the user whose token it is given. */
import { FileStore, Login } from '@symbolon/client';
import { setting } from './services.ts';

using login = new Login({
  address: setting('SYMBOLON_ADDRESS'),
  clientId: setting('CLIENT_ID'),
  store: new FileStore(setting('LOGIN')),
});
const isOnboarded = await login.resumeStored();
if (!isOnboarded) {
  const { OWNER_TOKEN: ownerAccessToken = '' } = process.env;
  await login.onboardDevice('lamp-7', setting('LAMP_PASSWORD'), { ownerAccessToken, displayName: 'The lamp' });
}
const token = await login.token();
process.stdout.write(
  `lamp: ${isOnboarded ? 'was onboarded before' : 'onboarded'}, a ${login.currentUser?.kind} with a token ${token.slice(0, 4)}…\n`,
);
