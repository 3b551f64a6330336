package internal.symbolon.spring;

import org.springframework.boot.WebApplicationType;

/** A real application of WebFlux. */
final class WebFluxTest extends HttpBehaviour {
  WebFluxTest() {
    super(Applications.WebFlux.class, WebApplicationType.REACTIVE);
  }
}
