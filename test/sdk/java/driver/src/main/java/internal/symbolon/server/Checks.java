package internal.symbolon.server;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import internal.symbolon.client.DriverErrors;
import java.time.Instant;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;

/** Checks, and what they say in JSON. */
final class Checks {
  /** As many threads as are asked for at once, as those of a service that blocks. */
  static final Executor WORKERS = Executors.newCachedThreadPool(Threads.daemons("driver"));

  private Checks() {}

  static JsonObject check(Verifier verifier, String token) {
    JsonObject answer = new JsonObject();
    double began = nowMs();
    try {
      Optional<Caller> caller = verifier.check(token);
      answer.addProperty("active", caller.isPresent());
      caller.ifPresent(found -> answer.add("caller", callerOf(found)));
    } catch (RuntimeException error) {
      answer.add("error", errorOf(error));
    }
    answer.addProperty("began_ms", began);
    answer.addProperty("ended_ms", nowMs());
    return answer;
  }

  static JsonObject permit(Verifier verifier, JsonObject request) {
    JsonObject answer = new JsonObject();
    double began = nowMs();
    try {
      Permission permission = Permission.valueOf(Opened.text(request, "permission"));
      Access access =
          verifier.checkPermission(Opened.text(request, "token"), permission, targetOf(request));
      answer.addProperty("allowed", access.allowed());
      answer.addProperty("reason", access.reason().name());
      access.caller().ifPresent(found -> answer.add("caller", callerOf(found)));
      if (!access.userId().isEmpty()) {
        answer.addProperty("user_id", access.userId());
      }
    } catch (RuntimeException error) {
      answer.add("error", errorOf(error));
    }
    answer.addProperty("began_ms", began);
    answer.addProperty("ended_ms", nowMs());
    return answer;
  }

  private static AccessTarget targetOf(JsonObject request) {
    AccessTarget target = AccessTarget.own();
    if (request.has("user_id")) {
      target = AccessTarget.user(Opened.text(request, "user_id"));
    } else if (request.has("device_id")) {
      target = AccessTarget.device(Opened.text(request, "device_id"));
    }
    return request.has("device_type") ? target.ofType(Opened.text(request, "device_type")) : target;
  }

  /** From as many threads. */
  static JsonObject checkMany(Verifier verifier, String token, int times)
      throws InterruptedException {
    AtomicInteger active = new AtomicInteger();
    AtomicInteger inactive = new AtomicInteger();
    AtomicInteger errors = new AtomicInteger();
    CountDownLatch done = new CountDownLatch(times);
    double began = nowMs();
    for (int index = 0; index < times; index++) {
      WORKERS.execute(
          () -> {
            try {
              (verifier.check(token).isPresent() ? active : inactive).incrementAndGet();
            } catch (RuntimeException error) {
              errors.incrementAndGet();
            }
            done.countDown();
          });
    }
    done.await();
    JsonObject answer = new JsonObject();
    answer.addProperty("active", active.get());
    answer.addProperty("inactive", inactive.get());
    answer.addProperty("errors", errors.get());
    answer.addProperty("began_ms", began);
    answer.addProperty("ended_ms", nowMs());
    return answer;
  }

  static double nowMs() {
    Instant now = Instant.now();
    return now.getEpochSecond() * 1e3 + now.getNano() / 1e6;
  }

  private static JsonObject callerOf(Caller caller) {
    JsonArray scopes = new JsonArray();
    caller.scopes().forEach(scopes::add);
    JsonObject answer = new JsonObject();
    answer.addProperty("kind", caller.kind().name().toLowerCase(Locale.ROOT));
    answer.addProperty("subject_id", caller.subjectId());
    answer.addProperty("client_id", caller.clientId());
    answer.addProperty("tenant_id", caller.tenantId());
    answer.add("scopes", scopes);
    answer.addProperty("token_id", caller.tokenId());
    answer.addProperty("family_id", caller.familyId());
    if (!caller.audience().isEmpty()) {
      answer.addProperty("audience", caller.audience());
    }
    return answer;
  }

  static JsonObject errorOf(Throwable thrown) {
    return DriverErrors.of(thrown);
  }
}
