package internal.symbolon.server;

import com.google.protobuf.Duration;
import com.google.protobuf.Timestamp;
import internal.symbolon.client.SymbolonException;
import internal.symbolon.server.core.Answer;
import internal.symbolon.server.core.Event;
import internal.symbolon.server.core.Message;
import internal.symbolon.server.core.Question;
import internal.symbolon.server.core.Target;
import internal.symbolon.server.core.Verdict;
import internal.symbolon.v1.CheckRequest;
import internal.symbolon.v1.CheckResponse;
import internal.symbolon.v1.IntrospectResponse;
import internal.symbolon.v1.Permission;
import internal.symbolon.v1.RevocationEvent;
import internal.symbolon.v1.WatchRevocationsResponse;
import io.grpc.Status;
import java.time.Instant;

/** From the messages of the contract to plain values. */
final class Messages {
  private static final long SECOND_NANOS = 1_000_000_000;

  /** More seconds than any span here has, and few enough for nanoseconds. */
  private static final long MAX_SECONDS = 1L << 32;

  /** What google.protobuf.Timestamp may be: the years 1 to 9999. */
  private static final long FIRST_SECOND = -62_135_596_800L;

  private static final long LAST_SECOND = 253_402_300_799L;

  private Messages() {}

  static Message toMessage(WatchRevocationsResponse response) {
    return new Message(
        response.getPreviousRevision(),
        response.getEventsList().stream().map(Messages::toEvent).toList(),
        response.getRevision(),
        response.getHeartbeat(),
        response.getAfresh(),
        response.hasLongestBound() ? nanosOf(response.getLongestBound()) : -1);
  }

  private static Event toEvent(RevocationEvent event) {
    return new Event(event.getRevision(), toTarget(event));
  }

  private static Target toTarget(RevocationEvent event) {
    return switch (event.getTargetCase()) {
      case FAMILY_ID -> new Target.Family(event.getFamilyId());
      case SUBJECT_ID -> new Target.Subject(event.getSubjectId());
      case CLIENT_ID -> new Target.Client(event.getClientId());
      case CONSENT ->
          new Target.Consent(event.getConsent().getSubjectId(), event.getConsent().getClientId());
      // One that is newer than these stubs is not set.
      case ALL_OF_TENANT, TARGET_NOT_SET -> new Target.Everything();
    };
  }

  static Answer<Caller> toAnswer(IntrospectResponse response) {
    Caller caller = response.getActive() ? Caller.of(response) : null;
    // Of a server that does not say what is left, nothing is kept.
    return new Answer<>(response.getRevision(), caller, nanosOf(response.getTimeToLive()));
  }

  static CheckRequest toRequest(Question question) {
    CheckRequest.Builder request =
        CheckRequest.newBuilder()
            .setToken(question.token())
            .setPermission(Permission.valueOf("PERMISSION_" + question.permission()))
            .setDeviceType(question.deviceType());
    if (!question.userId().isEmpty()) {
      request.setUserId(question.userId());
    } else if (!question.deviceId().isEmpty()) {
      request.setDeviceId(question.deviceId());
    }
    return request.build();
  }

  static Verdict<Caller> toVerdict(CheckResponse response) {
    IntrospectResponse token = response.getToken();
    return new Verdict<>(
        token.getRevision(),
        token.getActive() ? Caller.of(token) : null,
        response.getAllowed(),
        response.getReason().name().replaceFirst("^ACCESS_REASON_", ""),
        response.getUserId(),
        nanosOf(response.getTimeToLive()));
  }

  /** What is not a span is none: nothing is kept by it, and no verifier is open for it. */
  private static long nanosOf(Duration span) {
    boolean isSpan = span.getSeconds() >= 0 && isWithinSecond(span.getNanos());
    return isSpan ? Math.min(span.getSeconds(), MAX_SECONDS) * SECOND_NANOS + span.getNanos() : 0;
  }

  /**
   * A time of the contract.
   *
   * @throws SymbolonException when it is none, which Java might have no word for
   */
  static Instant instantOf(String name, Timestamp time) {
    long seconds = time.getSeconds();
    boolean isTime = seconds >= FIRST_SECOND && seconds <= LAST_SECOND;
    if (!isTime || !isWithinSecond(time.getNanos())) {
      String message = "the server gave an answer whose " + name + " is not a time";
      throw new SymbolonException(Status.Code.INTERNAL, message);
    }
    return Instant.ofEpochSecond(seconds, time.getNanos());
  }

  private static boolean isWithinSecond(int nanos) {
    return nanos >= 0 && nanos < SECOND_NANOS;
  }
}
