package orders;

import internal.symbolon.server.Verifier;

/** What a service is told by its environment. */
final class Settings {
  private Settings() {}

  /** Of the service's own client, which may introspect. */
  static Verifier verifier() {
    return Verifier.builder(get("SYMBOLON_ADDRESS"), get("CLIENT_ID"), get("CLIENT_SECRET")).build();
  }

  static String get(String name) {
    String value = System.getenv(name);
    if (value == null) {
      throw new IllegalStateException(name + " is not set");
    }
    return value;
  }
}
