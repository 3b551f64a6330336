/** What people read, in Japanese. It says です and ます. */
import type { Texts } from './en.ts';

export const JA: Texts = {
  common: {
    languages: '言語',
    continue: '次へ',
    cancel: 'キャンセル',
    back: '戻る',
    tryAgain: 'もう一度試す',
    signedInAs: 'ログイン中のアカウント',
    otherAccount: '別のアカウントを使う',
    showPassword: '表示',
    hidePassword: '隠す',
    myAccount: 'マイアカウント',
    signOut: 'ログアウト',
    password: 'パスワード',
    notSignedInAnyMore: 'ログアウトされています。もう一度ログインしてください。',
    waitLater: '失敗した回数が多すぎます。しばらくしてからもう一度お試しください。',
    waitMinutes: (minutes: number) => `失敗した回数が多すぎます。${minutes}分後にもう一度お試しください。`,
  },
  signIn: {
    title: 'ログイン',
    titleTo: (client: string) => `${client}にログイン`,
    username: 'ユーザー名、メールアドレス、または電話番号',
    submit: 'ログイン',
    wrong: 'ユーザー名またはパスワードが正しくありません。もう一度お試しください。',
  },
  secondFactor: {
    title: '二段階認証',
    intro: '認証アプリに表示されているコードを入力してください。',
    code: 'コード',
    wrong: 'コードが正しくないか、有効期限が切れています。もう一度お試しになるか、ログインし直してください。',
    useRecoveryCode: 'リカバリーコードを使う',
    recoveryCode: 'リカバリーコード',
    submitRecoveryCode: 'リカバリーコードで続ける',
  },
  signUp: {
    title: 'アカウントを作成',
  },
  forgotten: {
    title: 'パスワードを忘れた場合',
  },
  verify: {
    title: 'アドレスの確認',
  },
  consent: {
    title: (client: string) => `${client}を許可しますか?`,
    wants: (client: string) => `${client}は次の許可を求めています:`,
    wantsToKnowYou: (client: string) =>
      `${client}はあなたが誰であるかの確認を求めています。ほかの許可は求めていません。`,
    onlyAt: (audience: string) => `この許可は${audience}でのみ有効です。`,
    sentTo: (recipient: string) => `あなたの選択は次の宛先に送られます: ${recipient}`,
    deny: '拒否',
    allow: '許可',
    anAppOnThisComputer: 'このコンピューター上のアプリ',
    anAppThatOpens: (scheme: string) => `このデバイスで${scheme}リンクを開くアプリ`,
  },
  scopes: {
    read: 'あなたとあなたのデバイスのすべてのデータの読み取り',
    write: 'あなたのすべてのデータの変更と、あなたのデバイスへのデータ送信',
    profileRead: 'プロフィールの読み取り',
    profileWrite: 'プロフィールの変更',
    readOfType: (type: string) => `種類が${type}のデバイスのデータの読み取り`,
    writeOfType: (type: string) => `種類が${type}のデバイスへのデータ送信`,
  },
  device: {
    title: 'デバイスを接続',
    intro: 'デバイスに表示されているコードを入力してください。そのデバイスが手元にある場合だけ続けてください。',
    code: 'コード',
    confirmTitle: (client: string) => `${client}を接続しますか?`,
    confirmIntro: (code: string) =>
      `デバイスに${code}というコードが表示されていますか? ほかの人から送られたコードの場合は拒否してください。`,
    connected: 'デバイスを接続しました',
    connectedText: 'デバイスに戻ってください。このページは閉じてかまいません。',
    notConnected: 'デバイスを接続しませんでした',
    notConnectedText: 'このページは閉じてかまいません。',
    wrong: 'このコードを待っているデバイスはありません。デバイスの表示をもう一度確認してください。',
    tooMany: '間違ったコードが多すぎます。しばらくしてからもう一度お試しください。',
  },
  signOut: {
    title: 'ログアウトしますか?',
    done: 'ログアウトしました',
    doneText: '許可したアプリは、許可を取り消すまでそのまま使えます。',
  },
  errors: {
    nothingHere: 'ページが見つかりません',
    notPossible: '今は利用できません',
    tooMany: 'リクエストが多すぎます',
    notNow: '一時的に利用できません',
    notDone: '実行できません',
    wentWrong: '問題が発生しました',
    wentWrongText: 'サーバー側の問題です。少し待ってからもう一度お試しください。',
    nothingHereText: 'アドレスを確認するか、元のページに戻ってください。',
    notPossibleText: '何も変更されていません。',
    tooManyText: '少し待ってから、もう一度お試しください。',
    notNowText: 'サーバーが混み合っているか、再起動中です。少し待ってからもう一度お試しください。',
    notDoneText: '何も変更されていません。前のページに戻って、もう一度お試しください。',
    tenantDisabledText: '現在、ここではログインできません。',
    link: 'このリンクは使えません',
    linkDamaged: 'このリンクは壊れています',
    linkDamagedText: 'パラメーターの形式が正しくありません。元のページに戻って、もう一度お試しください。',
    appMistake: 'ここへ案内したアプリに誤りがあります。アプリの開発元に次の内容をお伝えください:',
    requestTooLong: 'ここへ案内したアプリに誤りがあります。リクエストが長すぎるか、同じ項目が重複しています。',
    noPlaceToReturn: 'このアプリには戻り先が登録されていません。',
    form: 'このフォームは使えません',
    formOfNoPage: 'このフォームに対応するページはありません。',
    formOfOtherPage:
      '表示中のページのフォームではないか、ブラウザーがCookieを送信していません。何も変更されていません。',
    formOfOtherSite: '別のサイトから送信されました。何も変更されていません。',
    formTooOld: 'ページを開いたままの時間が長すぎました',
    formTooOldText: '安全のため、ページは1時間だけ使えます。何も変更されていません。',
    beginAgain: '最初からやり直す',
  },
  account: {
    title: 'マイアカウント',
    overview: '概要',
  },
  applications: {
    title: 'アプリ',
  },
  devices: {
    title: 'デバイス',
  },
  places: {
    title: 'ログイン中の場所',
  },
  password: {
    title: 'パスワード',
  },
  factor: {
    title: '二段階認証',
  },
  addresses: {
    title: 'アドレス',
  },
  deletion: {
    title: 'アカウントの削除',
  },
  done: {
    signedOut: 'その場所からログアウトしました。',
  },
};
