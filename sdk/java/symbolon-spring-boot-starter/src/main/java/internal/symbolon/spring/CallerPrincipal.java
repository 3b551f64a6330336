package internal.symbolon.spring;

import static org.springframework.security.oauth2.core.OAuth2TokenIntrospectionClaimNames.ACTIVE;
import static org.springframework.security.oauth2.core.OAuth2TokenIntrospectionClaimNames.CLIENT_ID;
import static org.springframework.security.oauth2.core.OAuth2TokenIntrospectionClaimNames.EXP;
import static org.springframework.security.oauth2.core.OAuth2TokenIntrospectionClaimNames.IAT;
import static org.springframework.security.oauth2.core.OAuth2TokenIntrospectionClaimNames.JTI;
import static org.springframework.security.oauth2.core.OAuth2TokenIntrospectionClaimNames.SCOPE;
import static org.springframework.security.oauth2.core.OAuth2TokenIntrospectionClaimNames.SUB;
import static org.springframework.security.oauth2.core.OAuth2TokenIntrospectionClaimNames.TOKEN_TYPE;

import internal.symbolon.server.Caller;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import org.springframework.security.core.GrantedAuthority;
import org.springframework.security.core.authority.SimpleGrantedAuthority;
import org.springframework.security.oauth2.core.OAuth2AuthenticatedPrincipal;

/**
 * The caller, as Spring Security knows principals. A scope {@code x} is the authority {@code
 * SCOPE_x}. The attributes have the names of RFC 7662 section 2.2, and {@code kind}, {@code
 * tenant_id} and {@code family_id}. The token itself is not in it.
 */
public final class CallerPrincipal implements OAuth2AuthenticatedPrincipal {
  private final Caller caller;
  private final List<GrantedAuthority> authorities;
  private final Map<String, Object> attributes;

  /**
   * A principal of its own for each caller.
   *
   * @param caller of a live token
   */
  public CallerPrincipal(Caller caller) {
    this.caller = Objects.requireNonNull(caller, "caller");
    this.authorities = caller.scopes().stream().map(CallerPrincipal::authority).toList();
    this.attributes = attributes(caller);
  }

  private static GrantedAuthority authority(String scope) {
    return new SimpleGrantedAuthority("SCOPE_" + scope);
  }

  private static Map<String, Object> attributes(Caller caller) {
    Map<String, Object> attributes = new LinkedHashMap<>();
    attributes.put(ACTIVE, true);
    attributes.put(SUB, caller.subjectId());
    attributes.put(CLIENT_ID, caller.clientId());
    attributes.put(SCOPE, caller.scopes());
    attributes.put(TOKEN_TYPE, "Bearer");
    attributes.put(JTI, caller.tokenId());
    attributes.put(IAT, caller.issueTime());
    // Spring Security takes no end that is not after the beginning.
    if (caller.expireTime().isAfter(caller.issueTime())) {
      attributes.put(EXP, caller.expireTime());
    }
    attributes.put("kind", caller.kind().name().toLowerCase(Locale.ROOT));
    attributes.put("tenant_id", caller.tenantId());
    attributes.put("family_id", caller.familyId());
    attributes.values().removeIf(""::equals);
    return Map.copyOf(attributes);
  }

  /**
   * The same in the types of the SDK.
   *
   * @return whom the token stands for
   */
  public Caller caller() {
    return caller;
  }

  @Override
  public Map<String, Object> getAttributes() {
    return attributes;
  }

  @Override
  public Collection<? extends GrantedAuthority> getAuthorities() {
    return authorities;
  }

  /**
   * The subject.
   *
   * @return its id
   */
  @Override
  public String getName() {
    return caller.subjectId();
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof CallerPrincipal principal && caller.equals(principal.caller);
  }

  @Override
  public int hashCode() {
    return caller.hashCode();
  }

  @Override
  public String toString() {
    return caller.toString();
  }
}
