/** What people read, in German. It says “Sie”. */
import type { Texts } from './en.ts';

export const DE: Texts = {
  common: {
    languages: 'Sprache',
    continue: 'Weiter',
    cancel: 'Abbrechen',
    back: 'Zurück',
    tryAgain: 'Noch einmal versuchen',
    signedInAs: 'Angemeldet als',
    otherAccount: 'Ein anderes Konto verwenden',
    showPassword: 'Zeigen',
    hidePassword: 'Verbergen',
    myAccount: 'Mein Konto',
    signOut: 'Abmelden',
    password: 'Passwort',
    notSignedInAnyMore: 'Sie sind nicht mehr angemeldet. Melden Sie sich noch einmal an.',
    waitLater: 'Es gab zu viele Fehlversuche. Versuchen Sie es später noch einmal.',
    waitMinutes: (minutes: number) =>
      minutes === 1
        ? 'Es gab zu viele Fehlversuche. Versuchen Sie es in 1 Minute noch einmal.'
        : `Es gab zu viele Fehlversuche. Versuchen Sie es in ${minutes} Minuten noch einmal.`,
  },
  signIn: {
    title: 'Anmelden',
    titleTo: (client: string) => `Bei ${client} anmelden`,
    username: 'Benutzername, E-Mail-Adresse oder Telefonnummer',
    submit: 'Anmelden',
    wrong: 'Der Benutzername oder das Passwort ist falsch. Versuchen Sie es noch einmal.',
  },
  secondFactor: {
    title: 'Ihr zweiter Faktor',
    intro: 'Geben Sie den Code ein, den Ihre Authenticator-App zeigt.',
    code: 'Code',
    wrong: 'Der Code ist falsch oder nicht mehr gültig. Versuchen Sie es noch einmal, oder melden Sie sich neu an.',
    useRecoveryCode: 'Einen Wiederherstellungscode verwenden',
    recoveryCode: 'Wiederherstellungscode',
    submitRecoveryCode: 'Weiter mit einem Wiederherstellungscode',
  },
  signUp: {
    title: 'Konto anlegen',
  },
  forgotten: {
    title: 'Passwort vergessen',
  },
  verify: {
    title: 'Adresse bestätigen',
  },
  consent: {
    title: (client: string) => `${client} zulassen?`,
    wants: (client: string) => `${client} möchte:`,
    wantsToKnowYou: (client: string) =>
      `${client} möchte wissen, wer Sie sind. Um eine andere Berechtigung bittet die App nicht.`,
    wantsMore: (client: string) => `${client} möchte mehr als bisher.`,
    wantsAgain: (client: string) => `${client} bittet noch einmal um das, was Sie schon zugelassen haben.`,
    isNew: 'Neu:',
    allowedAlready: 'Schon zugelassen:',
    onlyAt: (audience: string) => `Das gilt nur für ${audience}.`,
    sentTo: (recipient: string) => `Was Sie entscheiden, geht an: ${recipient}.`,
    deny: 'Ablehnen',
    allow: 'Zulassen',
    takeBack: 'Sie können es jederzeit zurücknehmen.',
    takeBackLink: 'Anwendungen in Mein Konto',
    anAppOnThisComputer: 'eine App auf diesem Computer',
    anAppThatOpens: (scheme: string) => `die App auf diesem Gerät, die ${scheme}-Links öffnet`,
  },
  scopes: {
    read: { title: 'Ihre Daten sehen', text: 'Die App liest alle Ihre Daten und die Ihrer Geräte.' },
    write: { title: 'Ihre Daten ändern', text: 'Die App ändert alle Ihre Daten und sendet Daten an Ihre Geräte.' },
    profileRead: { title: 'Ihr Profil sehen', text: 'Die App liest Ihr Profil, zum Beispiel Ihren Namen.' },
    profileWrite: { title: 'Ihr Profil ändern', text: 'Die App ändert Ihr Profil, zum Beispiel Ihren Namen.' },
    readOfType: (type: string) => ({
      title: `Daten von Geräten sehen: ${type}`,
      text: `Die App liest Daten Ihrer Geräte vom Typ ${type}.`,
    }),
    writeOfType: (type: string) => ({
      title: `Daten an Geräte senden: ${type}`,
      text: `Die App sendet Daten an Ihre Geräte vom Typ ${type}.`,
    }),
    others: 'Weitere Berechtigungen',
    othersText: 'Hier hat sie niemand beschrieben. Fragen Sie die Hersteller der App, wozu sie dienen.',
  },
  device: {
    title: 'Ein Gerät verbinden',
    intro: 'Geben Sie den Code ein, den Ihr Gerät zeigt. Fahren Sie nur fort, wenn Sie das Gerät vor sich haben.',
    code: 'Code',
    confirmTitle: (client: string) => `${client} verbinden?`,
    confirmIntro: 'Zeigt Ihr Gerät diesen Code?',
    caution:
      'Lehnen Sie ab, wenn Sie kein solches Gerät vor sich haben, oder wenn jemand Ihnen den Code oder den Link geschickt hat.',
    connected: 'Ihr Gerät ist verbunden',
    connectedText: 'Sie können zu Ihrem Gerät zurückkehren und diese Seite schließen.',
    notConnected: 'Ihr Gerät wurde nicht verbunden',
    notConnectedText: 'Sie können diese Seite schließen.',
    wrong: 'Kein Gerät wartet mit diesem Code. Sehen Sie noch einmal auf das Gerät.',
    tooMany: 'Es gab zu viele falsche Codes. Versuchen Sie es später noch einmal.',
  },
  signOut: {
    title: 'Abmelden?',
    intro: 'Sie werden in diesem Browser abgemeldet. An anderen Orten bleiben Sie angemeldet.',
    stay: 'Angemeldet bleiben',
    done: 'Sie sind abgemeldet',
    where: 'Dieser Browser kennt Sie nicht mehr.',
    whereAt: (tenant: string) => `Sie sind in diesem Browser bei ${tenant} abgemeldet.`,
    again: 'Wieder anmelden',
    doneText: 'Apps, die Sie zugelassen haben, bleiben zugelassen, bis Sie es zurücknehmen.',
  },
  errors: {
    nothingHere: 'Hier gibt es nichts',
    notPossible: 'Das ist jetzt nicht möglich',
    tooMany: 'Zu viel auf einmal',
    notNow: 'Im Moment nicht',
    notDone: 'Das geht nicht',
    wentWrong: 'Etwas ist schiefgegangen',
    wentWrongText: 'Der Fehler liegt bei uns. Versuchen Sie es gleich noch einmal.',
    nothingHereText: 'Prüfen Sie die Adresse, oder gehen Sie dorthin zurück, woher Sie kamen.',
    notPossibleText: 'Es wurde nichts geändert.',
    tooManyText: 'Warten Sie einen Moment, und versuchen Sie es dann noch einmal.',
    notNowText: 'Der Server ist ausgelastet oder startet neu. Versuchen Sie es gleich noch einmal.',
    notDoneText: 'Es wurde nichts geändert. Gehen Sie zurück, und versuchen Sie es noch einmal.',
    tenantDisabledText: 'Zurzeit kann sich hier niemand anmelden.',
    link: 'Dieser Link funktioniert nicht',
    linkDamaged: 'Dieser Link ist beschädigt',
    linkDamagedText:
      'Seine Angaben sind nicht richtig kodiert. Gehen Sie dorthin zurück, woher Sie kamen, und versuchen Sie es noch einmal.',
    appMistake: 'Die App, die Sie hierher geschickt hat, hat einen Fehler gemacht. Sagen Sie es ihren Herstellern:',
    requestTooLong:
      'Die App, die Sie hierher geschickt hat, hat einen Fehler gemacht: Ihre Anfrage ist zu lang oder enthält etwas doppelt.',
    noPlaceToReturn: 'Für die App ist kein Ort eingetragen, zu dem Sie zurückkehren können.',
    form: 'Dieses Formular funktioniert nicht',
    formOfNoPage: 'Es gehört zu keiner Seite, die es hier gibt.',
    formOfOtherPage:
      'Es gehört nicht zu der Seite, die Sie sehen, oder Ihr Browser sendet keine Cookies. Es wurde nichts geändert.',
    formOfOtherSite: 'Eine andere Website hat es gesendet. Es wurde nichts geändert.',
    formTooOld: 'Diese Seite war zu lange offen',
    formTooOldText: 'Zu Ihrer Sicherheit kann man eine Seite eine Stunde lang verwenden. Es wurde nichts geändert.',
    beginAgain: 'Neu beginnen',
  },
  account: {
    title: 'Mein Konto',
    overview: 'Übersicht',
  },
  applications: {
    title: 'Anwendungen',
  },
  devices: {
    title: 'Geräte',
  },
  places: {
    title: 'Anmeldungen',
  },
  password: {
    title: 'Passwort',
  },
  factor: {
    title: 'Zweiter Faktor',
  },
  addresses: {
    title: 'Adressen',
  },
  deletion: {
    title: 'Mein Konto löschen',
  },
  done: {
    signedOut: 'Sie sind dort abgemeldet.',
  },
};
