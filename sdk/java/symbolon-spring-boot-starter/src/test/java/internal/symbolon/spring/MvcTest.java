package internal.symbolon.spring;

import org.springframework.boot.WebApplicationType;

/** A real application of Spring MVC on Tomcat. */
final class MvcTest extends HttpBehaviour {
  MvcTest() {
    super(Applications.Mvc.class, WebApplicationType.SERVLET);
  }
}
