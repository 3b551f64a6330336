package internal.symbolon.client;

import java.util.Optional;
import java.util.function.Consumer;

/** A store whose saves a test sees, and may stop. */
final class Watched implements Store {
  private final MemoryStore beneath;
  private final Consumer<String> onSave;

  Watched(MemoryStore beneath, Consumer<String> onSave) {
    this.beneath = beneath;
    this.onSave = onSave;
  }

  @Override
  public Optional<String> load() {
    return beneath.load();
  }

  @Override
  public void save(String text) {
    onSave.accept(text);
    beneath.save(text);
  }

  @Override
  public void clear() {
    beneath.clear();
  }
}
