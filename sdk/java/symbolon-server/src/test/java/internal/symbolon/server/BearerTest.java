package internal.symbolon.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import internal.symbolon.server.core.Bearer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** The headers that every language reads alike. */
final class BearerTest {
  private static final Path FIXTURES =
      Path.of(System.getProperty("symbolon.root"), "test/sdk/fixtures");

  static Stream<JsonObject> fixtures(String name) throws IOException {
    String json = Files.readString(FIXTURES.resolve(name));
    return StreamSupport.stream(JsonParser.parseString(json).getAsJsonArray().spliterator(), false)
        .map(JsonElement::getAsJsonObject);
  }

  @TestFactory
  Stream<DynamicTest> readsHeadersAsEveryLanguage() throws IOException {
    return fixtures("bearer.json")
        .map(each -> dynamicTest(each.get("name").getAsString(), () -> reads(each)));
  }

  private static void reads(JsonObject expected) {
    List<String> headers =
        expected.getAsJsonArray("headers").asList().stream().map(JsonElement::getAsString).toList();
    Bearer bearer = Bearer.of(headers);
    if (expected.has("token")) {
      assertEquals(expected.get("token").getAsString(), bearer.token());
      assertFalse(bearer.isMalformed());
    } else {
      Denial denial =
          Denial.valueOf(expected.get("refusal").getAsString().toUpperCase(Locale.ROOT));
      assertEquals(denial, Denial.of(bearer));
      assertNull(bearer.token());
    }
  }

  @TestFactory
  Stream<DynamicTest> asksOnlyForWhatMayBeAToken() throws IOException {
    return fixtures("tokens.json")
        .filter(each -> each.has("sent") && !each.get("sent").getAsString().equals("either"))
        .map(each -> dynamicTest(each.get("name").getAsString(), () -> asks(each)));
  }

  private static void asks(JsonObject expected) {
    try (ScriptedServer server = new ScriptedServer();
        Verifier verifier = server.verifier().build()) {
      assertEquals(true, verifier.check(expected.get("token").getAsString()).isEmpty());
      boolean isAsked = expected.get("sent").getAsString().equals("always");
      assertEquals(isAsked, !server.calls.isEmpty());
    }
  }
}
