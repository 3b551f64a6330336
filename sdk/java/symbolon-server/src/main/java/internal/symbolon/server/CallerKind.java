package internal.symbolon.server;

import internal.symbolon.v1.TokenKind;

/** What a token stands for. */
public enum CallerKind {
  /** A person. */
  USER,
  /** A machine. */
  DEVICE,
  /** A client that acts for itself. */
  APPLICATION,
  /** A client with the role ADMIN. */
  ADMIN,
  /** Somebody who did not log in. */
  ANONYMOUS,
  /** Something newer than this package. */
  UNKNOWN;

  static CallerKind of(TokenKind kind) {
    return switch (kind) {
      case TOKEN_KIND_USER -> USER;
      case TOKEN_KIND_DEVICE -> DEVICE;
      case TOKEN_KIND_APPLICATION -> APPLICATION;
      case TOKEN_KIND_ADMIN -> ADMIN;
      case TOKEN_KIND_ANONYMOUS -> ANONYMOUS;
      case TOKEN_KIND_UNSPECIFIED, UNRECOGNIZED -> UNKNOWN;
    };
  }
}
