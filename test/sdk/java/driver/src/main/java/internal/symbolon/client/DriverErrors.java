package internal.symbolon.client;

import com.google.gson.JsonObject;
import java.time.Duration;

/** What something failed with, in JSON. */
public final class DriverErrors {
  private DriverErrors() {}

  /** Of whatever was thrown. */
  public static JsonObject of(Throwable thrown) {
    SymbolonException error = SymbolonException.of(thrown);
    JsonObject answer = new JsonObject();
    answer.addProperty("code", error.code().name());
    answer.addProperty("reason", error.reason());
    answer.addProperty("retryable", error.retryable());
    error
        .retryAfter()
        .map(Duration::toMillis)
        .ifPresent(ms -> answer.addProperty("retry_after_ms", ms));
    if (error.metadata().containsKey("field")) {
      answer.addProperty("field", error.metadata().get("field"));
    }
    answer.addProperty("message", error.getMessage());
    return answer;
  }
}
