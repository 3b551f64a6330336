package internal.symbolon.client;

import com.google.protobuf.Duration;
import com.google.protobuf.Timestamp;
import internal.symbolon.v1.DescribeTokenResponse;
import internal.symbolon.v1.IssuedTokens;
import java.util.concurrent.TimeUnit;

/** An answer, with the times by this machine's clocks when its call was first sent. */
final class Sent<A> {
  final A answer;
  final long nanos;
  final long wallMs;

  Sent(A answer, long nanos, long wallMs) {
    this.answer = answer;
    this.nanos = nanos;
    this.wallMs = wallMs;
  }

  /** By the server's times alone, for no clock of an app agrees with it. */
  Held heldOf(String clientId, IssuedTokens tokens) {
    LoginRecord.Fields fields = new LoginRecord.Fields();
    fields.clientId = clientId;
    fields.kind = tokens.getKind();
    fields.subjectId = tokens.getSubjectId();
    fields.familyId = tokens.getFamilyId();
    fields.tokenId = tokens.getTokenId();
    fields.scopes = tokens.getScopesList();
    fields.accessToken = tokens.getAccessToken();
    fields.obtainedMs = wallMs;
    fields.lifetimeMs = millis(tokens.getExpireTime()) - millis(tokens.getIssueTime());
    if (!tokens.getRefreshToken().isEmpty()) {
      fields.refreshToken = tokens.getRefreshToken();
      fields.loginLifetimeMs =
          millis(tokens.getRefreshExpireTime()) - millis(tokens.getIssueTime());
    }
    return Held.sentAt(new LoginRecord(fields), nanos);
  }

  /** Of a token that somebody else got: nothing refreshes it. */
  Held heldOf(String accessToken, DescribeTokenResponse token) {
    LoginRecord.Fields fields = new LoginRecord.Fields();
    fields.clientId = token.getClientId();
    fields.kind = token.getKind();
    fields.subjectId = token.getSubjectId();
    fields.familyId = token.getFamilyId();
    fields.tokenId = token.getTokenId();
    fields.scopes = token.getScopesList();
    fields.accessToken = accessToken;
    fields.obtainedMs = wallMs;
    Duration left = token.getTimeToLive();
    fields.lifetimeMs =
        TimeUnit.SECONDS.toMillis(left.getSeconds())
            + TimeUnit.NANOSECONDS.toMillis(left.getNanos());
    return Held.sentAt(new LoginRecord(fields), nanos);
  }

  private static long millis(Timestamp time) {
    return TimeUnit.SECONDS.toMillis(time.getSeconds())
        + TimeUnit.NANOSECONDS.toMillis(time.getNanos());
  }
}
