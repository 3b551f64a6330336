package internal.symbolon.server;

import static internal.symbolon.server.Eventually.eventually;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import internal.symbolon.client.SymbolonException;
import io.grpc.Status;
import org.junit.jupiter.api.Test;

/** Over TLS. */
final class TlsTest {
  @Test
  void asksAServerWhoseAuthorityItKnows() throws Exception {
    Certificate good = Certificate.of("ip:127.0.0.1");
    try (ScriptedServer server = new ScriptedServer(good.credentials());
        Verifier verifier = server.verifier().rootCertificates(good.pem()).build()) {
      assertEquals("ann", verifier.check("live").orElseThrow().subjectId());
      eventually("a stream", () -> !server.streams.isEmpty());
    }
  }

  @Test
  void asksNobodyElse() throws Exception {
    Certificate good = Certificate.of("ip:127.0.0.1");
    Certificate other = Certificate.of("dns:elsewhere.example");
    try (ScriptedServer server = new ScriptedServer(good.credentials());
        ScriptedServer elsewhere = new ScriptedServer(other.credentials())) {
      refused(server.verifier().rootCertificates(other.pem()), "lacks the authority");
      refused(server.verifier().plaintext(false), "lacks the authority");
      refused(elsewhere.verifier().rootCertificates(other.pem()), "is not one of the host");
      refused(server.verifier().plaintext(true), "both sides speak TLS or neither");
      assertTrue(server.calls.isEmpty() && elsewhere.calls.isEmpty());
    }
  }

  private static void refused(VerifierBuilder builder, String mend) {
    try (Verifier verifier = builder.build()) {
      SymbolonException error = assertThrows(SymbolonException.class, () -> verifier.check("live"));
      assertEquals(Status.Code.UNAVAILABLE, error.code(), error.getMessage());
      assertTrue(error.getMessage().contains(mend), error.getMessage());
    }
  }
}
