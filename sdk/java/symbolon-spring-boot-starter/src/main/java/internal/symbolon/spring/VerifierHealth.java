package internal.symbolon.spring;

import internal.symbolon.server.Verifier;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.health.contributor.AbstractHealthIndicator;
import org.springframework.boot.health.contributor.Health;

/** Down while Symbolon is not heard: then each check asks it, and fails when it can't be asked. */
final class VerifierHealth extends AbstractHealthIndicator {
  private final ObjectProvider<Verifier> verifiers;

  /** {@code verifiers}: asked at the first look, for where nobody needs one there may be none. */
  VerifierHealth(ObjectProvider<Verifier> verifiers) {
    super("Symbolon's health can't be told");
    this.verifiers = verifiers;
  }

  @Override
  protected void doHealthCheck(Health.Builder builder) {
    Verifier verifier = verifiers.getObject();
    (verifier.isOpen() ? builder.up() : builder.down()).withDetail("entries", verifier.size());
  }
}
