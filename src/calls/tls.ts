/** What a server needs to speak TLS: PEM texts. */
export interface TlsFiles {
  readonly certificate: Buffer;
  readonly key: Buffer;
  /** Whose certificates clients must have; absent: they need none. */
  readonly clientCa?: Buffer;
}
