package internal.symbolon.client;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientInterceptors;
import io.grpc.Grpc;
import io.grpc.InsecureChannelCredentials;
import io.grpc.ManagedChannel;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import io.grpc.stub.ClientCalls;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;

/** Many at once: tokens, and calls that they are attached to. */
final class GuardedCalls {
  private static final HttpClient HTTP = HttpClient.newHttpClient();
  private static final int UNAUTHORIZED = 401;
  private static final int OK = 200;
  private static final long DEADLINE_SECONDS = 40;

  private static final MethodDescriptor<byte[], byte[]> SHOW =
      MethodDescriptor.<byte[], byte[]>newBuilder()
          .setType(MethodDescriptor.MethodType.UNARY)
          .setFullMethodName("symbolon.test.Guarded/Show")
          .setRequestMarshaller(new Bytes())
          .setResponseMarshaller(new Bytes())
          .build();

  /** By login and address. */
  private static final Map<Login, Map<String, ManagedChannel>> CHANNELS = new ConcurrentHashMap<>();

  private GuardedCalls() {}

  private static final class Bytes implements MethodDescriptor.Marshaller<byte[]> {
    @Override
    public InputStream stream(byte[] value) {
      return new ByteArrayInputStream(value);
    }

    @Override
    public byte[] parse(InputStream stream) {
      try {
        return stream.readAllBytes();
      } catch (IOException error) {
        throw new UncheckedIOException(error);
      }
    }
  }

  static void forget(Login login) {
    Map<String, ManagedChannel> channels = CHANNELS.remove(login);
    if (channels != null) {
      channels.values().forEach(ManagedChannel::shutdownNow);
    }
  }

  static JsonObject tokens(Login login, Executor workers, int times) throws InterruptedException {
    JsonObject answer = new JsonObject();
    Set<String> got = atOnce(workers, times, login::token, answer);
    JsonArray tokens = new JsonArray();
    got.forEach(tokens::add);
    answer.add("tokens", tokens);
    return answer;
  }

  static JsonObject calls(Login login, Executor workers, String how, String address, int times)
      throws InterruptedException {
    Channel channel = how.equals("grpc") ? channelOf(login, address) : null;
    JsonObject answer = new JsonObject();
    Supplier<String> call = () -> channel == null ? get(login, address) : show(channel);
    atOnce(workers, times, call, answer);
    answer.addProperty("ok", times - answer.get("errors").getAsInt());
    return answer;
  }

  /** What all of them got. */
  private static Set<String> atOnce(
      Executor workers, int times, Supplier<String> call, JsonObject answer)
      throws InterruptedException {
    Set<String> got = ConcurrentHashMap.newKeySet();
    Set<Object> failed = ConcurrentHashMap.newKeySet();
    AtomicReference<Throwable> error = new AtomicReference<>();
    CountDownLatch done = new CountDownLatch(times);
    for (int index = 0; index < times; index++) {
      workers.execute(
          () -> {
            try {
              got.add(call.get());
            } catch (RuntimeException thrown) {
              failed.add(new Object());
              error.set(thrown);
            } finally {
              done.countDown();
            }
          });
    }
    done.await();
    answer.addProperty("errors", failed.size());
    if (error.get() != null) {
      answer.add("failed_with", DriverErrors.of(error.get()));
    }
    return got;
  }

  private static Channel channelOf(Login login, String address) {
    ManagedChannel channel =
        CHANNELS
            .computeIfAbsent(login, each -> new ConcurrentHashMap<>())
            .computeIfAbsent(
                address,
                each -> Grpc.newChannelBuilder(each, InsecureChannelCredentials.create()).build());
    return ClientInterceptors.intercept(channel, login.interceptor());
  }

  private static String show(Channel channel) {
    CallOptions options = CallOptions.DEFAULT.withDeadlineAfter(DEADLINE_SECONDS, TimeUnit.SECONDS);
    ClientCalls.blockingUnaryCall(channel, SHOW, options, new byte[0]);
    return "ok";
  }

  private static String get(Login login, String address) {
    String token = login.token();
    int status = statusOf(address, token);
    if (status == UNAUTHORIZED && login.refused(token)) {
      status = statusOf(address, login.token());
    }
    if (status != OK) {
      Status.Code code = status == UNAUTHORIZED ? Status.Code.UNAUTHENTICATED : Status.Code.UNKNOWN;
      throw new SymbolonException(code, "the service answered " + status);
    }
    return "ok";
  }

  private static int statusOf(String address, String token) {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create("http://" + address + "/"))
            .header("authorization", "Bearer " + token)
            .build();
    try {
      return HTTP.send(request, HttpResponse.BodyHandlers.discarding()).statusCode();
    } catch (IOException error) {
      throw new UncheckedIOException(error);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw SymbolonException.of(interrupted);
    }
  }
}
