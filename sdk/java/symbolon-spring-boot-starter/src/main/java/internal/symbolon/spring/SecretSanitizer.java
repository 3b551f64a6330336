package internal.symbolon.spring;

import org.springframework.boot.actuate.endpoint.SanitizableData;
import org.springframework.boot.actuate.endpoint.SanitizingFunction;

/**
 * Keeps the secret out of the endpoints env and configprops, also where these show all values, and
 * also where it stands in another value, such as the arguments that the application was started
 * with.
 */
final class SecretSanitizer implements SanitizingFunction {
  private final String secret;

  SecretSanitizer(SymbolonProperties properties) {
    secret = properties.clientSecret();
  }

  @Override
  public SanitizableData apply(SanitizableData data) {
    boolean isIn =
        secret != null
            && !secret.isEmpty()
            && data.getValue() != null
            && data.getValue().toString().contains(secret);
    return isIn ? data.withSanitizedValue() : data;
  }
}
