package internal.symbolon.server.model;

import java.io.IOException;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import javax.tools.ToolProvider;

/** The core with one thing wrong: a copy of its sources is changed and compiled. */
record Mutant(String name, String... changes) {
  private static final Path CORE =
      Path.of(
          System.getProperty("symbolon.root"),
          "sdk/java/symbolon-server/src/main/java/internal/symbolon/server/core");

  /** The runs over it, of a class loader that has the model and this core. */
  long run(Path room, long seed, int runs) throws IOException, ReflectiveOperationException {
    try (URLClassLoader loader = new CoreLoader(compiled(room), getClass().getClassLoader())) {
      Class<?> run = loader.loadClass(Run.class.getName());
      return (long) run.getMethod("all", long.class, int.class).invoke(null, seed, runs);
    }
  }

  private Path compiled(Path room) throws IOException {
    Path sources = Files.createDirectories(room.resolve("sources"));
    Path classes = Files.createDirectories(room.resolve("classes"));
    List<String> args = new ArrayList<>(List.of("-proc:none", "-nowarn", "-d", classes.toString()));
    args.addAll(List.of("-cp", System.getProperty("java.class.path")));
    try (Stream<Path> files = Files.list(CORE)) {
      for (Path file : files.filter(each -> each.toString().endsWith(".java")).toList()) {
        Path copy = sources.resolve(file.getFileName());
        Files.writeString(copy, changed(file));
        args.add(copy.toString());
      }
    }
    if (ToolProvider.getSystemJavaCompiler().run(null, null, null, args.toArray(new String[0]))
        != 0) {
      throw new IllegalStateException(name + " does not compile. Write it anew");
    }
    return classes;
  }

  private String changed(Path file) throws IOException {
    String text = Files.readString(file);
    for (int index = 0; index < changes.length; index += 3) {
      if (!file.endsWith(changes[index] + ".java")) {
        continue;
      }
      String from = changes[index + 1];
      int found = text.indexOf(from);
      if (found < 0 || text.indexOf(from, found + 1) >= 0) {
        throw new IllegalStateException(name + ": not once in " + file + ": " + from);
      }
      text = text.replace(from, changes[index + 2]);
    }
    return text;
  }

  /** Its own core and model first, so that both know each other. */
  private static final class CoreLoader extends URLClassLoader {
    CoreLoader(Path classes, ClassLoader parent) throws MalformedURLException {
      super(urls(classes), parent);
    }

    private static URL[] urls(Path classes) throws MalformedURLException {
      URL model = Run.class.getProtectionDomain().getCodeSource().getLocation();
      return new URL[] {classes.toUri().toURL(), model};
    }

    @Override
    protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
      boolean isOurs =
          name.startsWith("internal.symbolon.server.core.")
              || name.startsWith("internal.symbolon.server.model.");
      if (!isOurs) {
        return super.loadClass(name, resolve);
      }
      synchronized (getClassLoadingLock(name)) {
        Class<?> known = findLoadedClass(name);
        return known == null ? findClass(name) : known;
      }
    }
  }
}
