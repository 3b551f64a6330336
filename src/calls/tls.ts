/** What a server needs to speak TLS: PEM texts. */
export interface TlsFiles {
  readonly certificate: Buffer;
  readonly key: Buffer;
}
