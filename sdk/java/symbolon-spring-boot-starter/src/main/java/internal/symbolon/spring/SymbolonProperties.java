package internal.symbolon.spring;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.core.io.Resource;

/**
 * How this application finds Symbolon, and who it is there.
 *
 * @param address host:port of Symbolon's gRPC, such as symbolon.example.com:8443.
 * @param clientId Id of a confidential client of the tenant with the role INTROSPECT.
 * @param clientSecret A secret of that client. Keep it out of files that others read.
 * @param rootCertificates File of the authorities that Symbolon's certificate comes from, in PEM.
 *     Those that Java knows unless set.
 * @param plaintext Whether to speak without TLS, which shows secrets and tokens to the network.
 *     Only on loopback unless set.
 * @param timeout After what time a call to Symbolon is given up, from 1 ms to 60 s. 2 s unless set.
 * @param maxEntries How many live tokens are kept, and as many permissions, at about a kibibyte
 *     each. 100000 unless set.
 * @param audience Id of the resource server that this service is. A token that is not for it alone
 *     is not live here. Any token unless set.
 */
@ConfigurationProperties("symbolon")
public record SymbolonProperties(
    String address,
    String clientId,
    String clientSecret,
    Resource rootCertificates,
    Boolean plaintext,
    Duration timeout,
    Integer maxEntries,
    String audience) {

  /** Empty: tokens of any. A name that came out empty must not open the service to them. */
  String wantedAudience() {
    if (audience != null && audience.isBlank()) {
      throw new PropertyException(
          "symbolon.audience is empty: name the resource server, or leave it out", null);
    }
    return audience == null ? "" : audience;
  }

  /** Without the secret. */
  @Override
  public String toString() {
    return "SymbolonProperties[address=%s, clientId=%s]".formatted(address, clientId);
  }
}
