package internal.symbolon.client;

import com.google.gson.JsonObject;
import io.grpc.Status;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.function.Consumer;

/** The sign-ins of a login that need a browser, here or on another device. */
final class BrowserSignIns {
  static final Set<String> OPS =
      Set.of(
          "sign_in_code",
          "code_url",
          "code_begin",
          "code_complete",
          "sign_in_device_code",
          "device_code_shown");

  private final Login login;
  private volatile CompletableFuture<String> url = new CompletableFuture<>();
  private volatile CompletableFuture<ShownCode> shown = new CompletableFuture<>();
  private volatile BegunCode begun;

  BrowserSignIns(Login login) {
    this.login = login;
  }

  /** In the order of the requests: what comes after a sign-in asks about that one. */
  void expect(String op) {
    if (op.equals("sign_in_code")) {
      url = new CompletableFuture<>();
    } else if (op.equals("sign_in_device_code")) {
      shown = new CompletableFuture<>();
    }
  }

  JsonObject answer(String op, JsonObject request) throws InterruptedException {
    String issuer = Logins.text(request, "issuer");
    String redirectUri = Logins.text(request, "redirect_uri");
    switch (op) {
      case "sign_in_code" -> {
        Consumer<String> open = url::complete;
        if (redirectUri == null) {
          login.signInWithCode(open, issuer);
        } else {
          login.signInWithCode(open, issuer, redirectUri);
        }
      }
      case "code_url" -> {
        return Logins.of("url", waitedFor(url));
      }
      case "code_begin" -> {
        begun = login.beginCode(issuer, redirectUri);
        JsonObject answer = Logins.of("url", begun.url());
        answer.addProperty("state", begun.state());
        return answer;
      }
      case "code_complete" -> login.completeCode(requireBegun(), Logins.text(request, "callback"));
      case "sign_in_device_code" -> login.signInWithDeviceCode(shown::complete);
      default -> {
        ShownCode code = waitedFor(shown);
        JsonObject answer = Logins.of("user_code", code.userCode());
        answer.addProperty("verification_uri", code.verificationUri());
        answer.addProperty("verification_uri_complete", code.verificationUriComplete());
        return answer;
      }
    }
    return Logins.of("ok", true);
  }

  private BegunCode requireBegun() {
    if (begun == null) {
      throw new SymbolonException(Status.Code.FAILED_PRECONDITION, "no code_begin came before");
    }
    return begun;
  }

  private static <A> A waitedFor(CompletableFuture<A> future) throws InterruptedException {
    try {
      return future.get();
    } catch (ExecutionException never) {
      throw SymbolonException.of(never);
    }
  }
}
