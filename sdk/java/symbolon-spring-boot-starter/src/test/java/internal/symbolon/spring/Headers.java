package internal.symbolon.spring;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/** The headers that every language reads alike. */
record Headers(String name, List<String> headers, String token, String refusal) {
  private static final Path FIXTURE =
      Path.of(System.getProperty("symbolon.root"), "test/sdk/fixtures/bearer.json");

  /** Those that can be sent. */
  static List<Headers> all() throws IOException {
    String json = Files.readString(FIXTURE);
    Stream<JsonElement> elements =
        StreamSupport.stream(JsonParser.parseString(json).getAsJsonArray().spliterator(), false);
    return elements
        .map(JsonElement::getAsJsonObject)
        .filter(each -> !each.has("parser_only"))
        .map(Headers::of)
        .toList();
  }

  private static Headers of(JsonObject object) {
    return new Headers(
        object.get("name").getAsString(),
        object.getAsJsonArray("headers").asList().stream().map(JsonElement::getAsString).toList(),
        object.has("token") ? object.get("token").getAsString() : null,
        object.has("refusal") ? object.get("refusal").getAsString() : null);
  }
}
