package internal.symbolon.spring;

/** A property with which no verifier can be made. Its message names the property and the mend. */
final class PropertyException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  PropertyException(String message, Throwable cause) {
    super(message, cause);
  }
}
