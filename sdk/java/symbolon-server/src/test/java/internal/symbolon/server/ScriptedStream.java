package internal.symbolon.server;

import internal.symbolon.v1.WatchRevocationsRequest;
import internal.symbolon.v1.WatchRevocationsResponse;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.StreamObserver;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** One stream of a watch, with all that was said on it. */
final class ScriptedStream implements StreamObserver<WatchRevocationsRequest> {
  final List<WatchRevocationsRequest> requests = new CopyOnWriteArrayList<>();
  volatile boolean hasEnded;
  private final StreamObserver<WatchRevocationsResponse> observer;

  /**
   * Once it has said something it answers every heartbeat, so that no test hangs on a quick
   * machine.
   */
  private long revision = -1;

  ScriptedStream(StreamObserver<WatchRevocationsResponse> observer) {
    this.observer = observer;
  }

  @Override
  public void onNext(WatchRevocationsRequest request) {
    requests.add(request);
    boolean answers;
    long at;
    synchronized (this) {
      at = revision;
      answers = at >= 0 && request.getHeartbeat() > 0;
    }
    if (answers) {
      send(WatchRevocationsResponse.newBuilder().setPreviousRevision(at).setRevision(at));
    }
  }

  @Override
  public void onError(Throwable error) {
    hasEnded = true;
  }

  @Override
  public void onCompleted() {
    hasEnded = true;
  }

  /** With an answer to the newest heartbeat. */
  synchronized void send(WatchRevocationsResponse.Builder response) {
    revision = response.getRevision();
    long newest =
        requests.stream().mapToLong(WatchRevocationsRequest::getHeartbeat).max().orElse(0);
    observer.onNext(response.setHeartbeat(newest).build());
  }

  long acknowledged() {
    return requests.stream()
        .mapToLong(WatchRevocationsRequest::getAcknowledgedRevision)
        .max()
        .orElse(0);
  }

  void fail(StatusRuntimeException error) {
    observer.onError(error);
  }
}
