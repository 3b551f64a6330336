package internal.symbolon.spring;

import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/** Says what is wrong with a property, where Spring Boot would print a stack. */
final class PropertyFailureAnalyzer extends AbstractFailureAnalyzer<PropertyException> {
  @Override
  protected FailureAnalysis analyze(Throwable rootFailure, PropertyException cause) {
    String action =
        "Set it in the application's configuration or environment. Tests that need no Symbolon can"
            + " bring an OpaqueTokenIntrospector of their own.";
    return new FailureAnalysis(cause.getMessage(), action, cause);
  }
}
