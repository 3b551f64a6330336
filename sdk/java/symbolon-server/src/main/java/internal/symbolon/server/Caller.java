package internal.symbolon.server;

import internal.symbolon.server.core.Ids;
import internal.symbolon.v1.IntrospectResponse;
import java.security.Principal;
import java.time.Instant;
import java.util.Collection;
import java.util.List;

/**
 * Who presents a live token, and what it may do. It does not change, and all who check the same
 * token share it. The token itself is not in it.
 */
public final class Caller implements Principal, Ids {
  private final CallerKind kind;
  private final String subjectId;
  private final String clientId;
  private final String tenantId;
  private final List<String> scopes;
  private final String tokenId;
  private final String familyId;
  private final Instant issueTime;
  private final Instant expireTime;
  private final String audience;

  private Caller(IntrospectResponse response) {
    kind = CallerKind.of(response.getKind());
    subjectId = response.getSubjectId();
    clientId = response.getClientId();
    tenantId = response.getTenantId();
    scopes = List.copyOf(response.getScopesList());
    tokenId = response.getTokenId();
    familyId = response.getFamilyId();
    issueTime = Messages.instantOf("issue_time", response.getIssueTime());
    expireTime = Messages.instantOf("expire_time", response.getExpireTime());
    audience = response.getAudience();
  }

  /**
   * The caller that the server told of.
   *
   * @param response of Introspect, and active
   * @return the same in plain values
   * @throws internal.symbolon.client.SymbolonException when one of its times is not a time
   */
  public static Caller of(IntrospectResponse response) {
    return new Caller(response);
  }

  /**
   * What the token stands for.
   *
   * @return UNKNOWN for something newer than this package
   */
  public CallerKind kind() {
    return kind;
  }

  /**
   * The user, device or client that the token stands for.
   *
   * @return its id
   */
  @Override
  public String subjectId() {
    return subjectId;
  }

  /**
   * The client that the token was issued to.
   *
   * @return its id
   */
  @Override
  public String clientId() {
    return clientId;
  }

  /**
   * The tenant of all of them.
   *
   * @return its id
   */
  public String tenantId() {
    return tenantId;
  }

  /**
   * What the token may be used for.
   *
   * @return a list that can't be changed
   */
  public List<String> scopes() {
    return scopes;
  }

  /**
   * Whether the token has every one of these scopes.
   *
   * @param wanted none: true
   * @return false when one is missing
   */
  public boolean hasScopes(Collection<String> wanted) {
    return scopes.containsAll(wanted);
  }

  /**
   * The public id of the token: safe to log.
   *
   * @return not the token
   */
  public String tokenId() {
    return tokenId;
  }

  /**
   * The login that the token came of.
   *
   * @return its id
   */
  @Override
  public String familyId() {
    return familyId;
  }

  /**
   * When the token was issued, by the server's clock.
   *
   * @return to the millisecond
   */
  public Instant issueTime() {
    return issueTime;
  }

  /**
   * When the token ends by itself, by the server's clock.
   *
   * @return to the millisecond
   */
  public Instant expireTime() {
    return expireTime;
  }

  /**
   * The resource server that the token is for (RFC 8707).
   *
   * @return its id; empty when the token is for everybody
   */
  public String audience() {
    return audience;
  }

  /**
   * The subject, as frameworks name a principal.
   *
   * @return {@link #subjectId}
   */
  @Override
  public String getName() {
    return subjectId;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Caller caller
        && tokenId.equals(caller.tokenId)
        && tenantId.equals(caller.tenantId);
  }

  @Override
  public int hashCode() {
    return tokenId.hashCode();
  }

  @Override
  public String toString() {
    return "Caller[kind=%s, subjectId=%s, clientId=%s, tenantId=%s, scopes=%s, tokenId=%s]"
        .formatted(kind, subjectId, clientId, tenantId, scopes, tokenId);
  }
}
