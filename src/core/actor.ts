/** Who makes a change, as the audit log names them. */
export interface Actor {
  /** `operator`: somebody at the command line. `server`: the program itself. */
  readonly kind: 'client' | 'user' | 'device' | 'operator' | 'server';
  /** The client's or subject's id, the operator's name on its machine, or empty. */
  readonly id: string;
  /** The public id of the token that it proved itself by. */
  readonly tokenId: string | null;
  /** Its network address. */
  readonly address: string | null;
  readonly requestId: string | null;
}

export const SERVER: Actor = { kind: 'server', id: '', tokenId: null, address: null, requestId: null };
