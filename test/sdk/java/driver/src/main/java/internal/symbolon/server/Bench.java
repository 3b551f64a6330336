package internal.symbolon.server;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import internal.symbolon.v1.IntrospectRequest;
import internal.symbolon.v1.TokenServiceGrpc;
import io.grpc.Channel;
import io.grpc.ClientInterceptors;
import io.grpc.Grpc;
import io.grpc.InsecureChannelCredentials;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.stub.MetadataUtils;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** How soon a revoked token is denied, and how often a second one thing is done. */
final class Bench {
  private Bench() {}

  /** Asks each millisecond until the token is not live. */
  static JsonObject denied(Verifier verifier, String token) throws InterruptedException {
    while (isLive(verifier, token)) {
      Thread.sleep(1);
    }
    JsonObject answer = new JsonObject();
    answer.addProperty("denied_ms", Checks.nowMs());
    return answer;
  }

  private static boolean isLive(Verifier verifier, String token) {
    try {
      return verifier.check(token).isPresent();
    } catch (RuntimeException unknown) {
      // Nothing is known, which denies nothing yet.
      return true;
    }
  }

  /** Does one thing over and over in one thread, one at a time. */
  static JsonObject bench(Opened opened, JsonObject request) {
    List<String> tokens = new ArrayList<>();
    for (JsonElement token : request.getAsJsonArray("tokens")) {
      tokens.add(token.getAsString());
    }
    double rate;
    switch (Opened.text(request, "what")) {
      case "check" -> {
        keepAll(opened.verifier(), tokens);
        rate = rate(request, tokens, opened.verifier()::check);
      }
      case "introspect" -> rate = rate(request, tokens, introspecting(opened.channel()));
      default -> {
        ManagedChannel channel =
            Grpc.newChannelBuilder(
                    Opened.text(request, "address"), InsecureChannelCredentials.create())
                .build();
        String pair =
            Opened.text(request, "client_id") + ":" + Opened.text(request, "client_secret");
        Metadata metadata = new Metadata();
        metadata.put(
            Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER),
            "Basic " + Base64.getEncoder().encodeToString(pair.getBytes(StandardCharsets.UTF_8)));
        Channel authorized =
            ClientInterceptors.intercept(
                channel, MetadataUtils.newAttachHeadersInterceptor(metadata));
        rate = rate(request, tokens, introspecting(authorized));
        channel.shutdownNow();
      }
    }
    JsonObject answer = new JsonObject();
    answer.addProperty("per_second", rate);
    return answer;
  }

  private static Consumer<String> introspecting(Channel channel) {
    TokenServiceGrpc.TokenServiceBlockingStub stub = TokenServiceGrpc.newBlockingStub(channel);
    return token ->
        stub.withDeadlineAfter(2, TimeUnit.SECONDS)
            .introspect(IntrospectRequest.newBuilder().setToken(token).build());
  }

  /** They miss together, so that all are in memory. */
  private static void keepAll(Verifier verifier, List<String> tokens) {
    List<CompletableFuture<?>> all = new ArrayList<>();
    for (String token : tokens) {
      all.add(verifier.checkAsync(token).toCompletableFuture());
    }
    CompletableFuture.allOf(all.toArray(CompletableFuture[]::new)).join();
  }

  /** The clock is looked at once for all tokens. */
  private static double rate(JsonObject request, List<String> tokens, Consumer<String> step) {
    double nanos = request.get("seconds").getAsDouble() * 1e9;
    long began = System.nanoTime();
    long done = 0;
    while (System.nanoTime() - began < nanos) {
      for (String token : tokens) {
        step.accept(token);
      }
      done += tokens.size();
    }
    return done / ((System.nanoTime() - began) / 1e9);
  }
}
