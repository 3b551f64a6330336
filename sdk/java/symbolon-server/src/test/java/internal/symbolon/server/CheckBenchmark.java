package internal.symbolon.server;

import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/** Checks from memory, by one thread. Tokens are new texts each time, as a request brings them. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Fork(1)
@Warmup(iterations = 2, time = 1)
@Measurement(iterations = 3, time = 1)
public class CheckBenchmark {
  private static final int TOKENS = 1_024;

  private ScriptedServer server;
  private Verifier verifier;
  private byte[][] texts;
  private String[] tokens;
  private int next;

  @Setup
  public void open() {
    server = new ScriptedServer();
    verifier = server.verifier().build();
    server.open(verifier);
    tokens = new String[TOKENS];
    texts = new byte[TOKENS][];
    for (int index = 0; index < TOKENS; index++) {
      tokens[index] =
          "live_u01xWsSR4caxhE2CysB53Wxm3f0000004RsPyq3IGkG425od5k1pV0dh4AiiQa4Fuym" + index;
      texts[index] = tokens[index].getBytes(StandardCharsets.ISO_8859_1);
      verifier.check(tokens[index]);
    }
  }

  @TearDown
  public void close() {
    verifier.close();
    server.close();
  }

  /** The same text again. */
  @Benchmark
  public Optional<Caller> cached() {
    next = (next + 1) % TOKENS;
    return verifier.check(tokens[next]);
  }

  /** A text that was never seen, so that its hash is taken too. */
  @Benchmark
  public Optional<Caller> cachedWithNewTexts() {
    next = (next + 1) % TOKENS;
    return verifier.check(new String(texts[next], StandardCharsets.ISO_8859_1));
  }
}
