/** What people read, in English. A text is a whole sentence: none is built from pieces, for languages order their words in different ways. */

export const EN = {
  common: {
    languages: 'Language',
    continue: 'Continue',
    cancel: 'Cancel',
    back: 'Back',
    tryAgain: 'Try again',
    signedInAs: 'Signed in as',
    otherAccount: 'Use a different account',
    showPassword: 'Show',
    hidePassword: 'Hide',
    myAccount: 'My account',
    signOut: 'Sign out',
    password: 'Password',
    notSignedInAnyMore: 'You are not signed in any more. Sign in again.',
    waitLater: 'There were too many failed attempts. Try again later.',
    waitMinutes: (minutes: number) =>
      minutes === 1
        ? 'There were too many failed attempts. Try again in 1 minute.'
        : `There were too many failed attempts. Try again in ${minutes} minutes.`,
  },
  signIn: {
    title: 'Sign in',
    titleTo: (client: string) => `Sign in to ${client}`,
    username: 'User name, e-mail address or phone number',
    submit: 'Sign in',
    wrong: 'The user name or the password is wrong. Try again.',
  },
  secondFactor: {
    title: 'Your second factor',
    intro: 'Enter the code that your authenticator app shows.',
    code: 'Code',
    wrong: 'The code is wrong, or it is too late for it. Try again, or sign in anew.',
    useRecoveryCode: 'Use a recovery code',
    recoveryCode: 'Recovery code',
    submitRecoveryCode: 'Continue with a recovery code',
  },
  signUp: {
    title: 'Create an account',
  },
  forgotten: {
    title: 'Forgotten password',
  },
  verify: {
    title: 'Verify an address',
  },
  consent: {
    title: (client: string) => `Allow ${client}?`,
    wants: (client: string) => `${client} wants to:`,
    wantsToKnowYou: (client: string) => `${client} wants to know who you are. It asks for no other permission.`,
    onlyAt: (audience: string) => `It may do so at ${audience} alone.`,
    sentTo: (recipient: string) => `What you decide is sent to ${recipient}.`,
    deny: 'Deny',
    allow: 'Allow',
    anAppOnThisComputer: 'an app on this computer',
    anAppThatOpens: (scheme: string) => `the app on this device that opens ${scheme} links`,
  },
  scopes: {
    read: 'Read all your data, and that of your devices',
    write: 'Change all your data, and send data to your devices',
    profileRead: 'Read your profile',
    profileWrite: 'Change your profile',
    readOfType: (type: string) => `Read data from your devices of type ${type}`,
    writeOfType: (type: string) => `Send data to your devices of type ${type}`,
  },
  device: {
    title: 'Connect a device',
    intro: 'Enter the code that your device shows. Go on only if you have the device before you.',
    code: 'Code',
    confirmTitle: (client: string) => `Connect ${client}?`,
    confirmIntro: (code: string) => `Does your device show the code ${code}? If somebody else sent you the code, deny.`,
    connected: 'Your device is connected',
    connectedText: 'You can go back to it, and close this page.',
    notConnected: 'Your device was not connected',
    notConnectedText: 'You can close this page.',
    wrong: 'No device waits with this code. Look at the device again.',
    tooMany: 'There were too many wrong codes. Try again later.',
  },
  signOut: {
    title: 'Sign out?',
    done: 'You are signed out',
    doneText: 'Apps that you allowed go on until you take it back.',
  },
  errors: {
    nothingHere: 'There is nothing here',
    notPossible: 'This is not possible now',
    tooMany: 'Too many at once',
    notNow: 'Not at the moment',
    notDone: 'This can’t be done',
    wentWrong: 'Something went wrong',
    wentWrongText: 'The fault is ours. Try again in a moment.',
    nothingHereText: 'Check the address, or go back to where you came from.',
    notPossibleText: 'Nothing was done.',
    tooManyText: 'Wait a moment, then try again.',
    notNowText: 'The server is busy or restarts. Try again in a moment.',
    notDoneText: 'Nothing was done. Go back and try again.',
    tenantDisabledText: 'Nobody can sign in here at present.',
    link: 'This link can’t be used',
    linkDamaged: 'This link is damaged',
    linkDamagedText: 'Its parameters are not encoded as they should be. Go back to where you came from and try again.',
    appMistake: 'The app that sent you here made a mistake. Tell those who made it:',
    requestTooLong: 'The app that sent you here made a mistake: its request is too long, or has something twice.',
    noPlaceToReturn: 'The app is not registered with a place to return to.',
    form: 'This form can’t be used',
    formOfNoPage: 'It is of no page that is here.',
    formOfOtherPage: 'It is not the page that you see now, or your browser sends no cookies. Nothing was done.',
    formOfOtherSite: 'Another site sent it. Nothing was done.',
    formTooOld: 'This page was open for too long',
    formTooOldText: 'For your safety a page can be used for an hour. Nothing was done.',
    beginAgain: 'Begin again',
  },
  account: {
    title: 'My account',
    overview: 'Overview',
  },
  applications: {
    title: 'Applications',
  },
  devices: {
    title: 'Devices',
  },
  places: {
    title: 'Signed-in places',
  },
  password: {
    title: 'Password',
  },
  factor: {
    title: 'Second factor',
  },
  addresses: {
    title: 'Addresses',
  },
  deletion: {
    title: 'Delete my account',
  },
  /** What the form before has done, by the word in the address. */
  done: {
    signedOut: 'You are signed out there.',
  },
};

export type Texts = typeof EN;
