package internal.symbolon.spring;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import java.util.Collections;
import java.util.Enumeration;
import java.util.List;
import org.springframework.http.HttpHeaders;

/** A request with other authorization headers than it was sent with. */
final class ShownRequest extends HttpServletRequestWrapper {
  private final List<String> authorizations;

  ShownRequest(HttpServletRequest request, List<String> authorizations) {
    super(request);
    this.authorizations = authorizations;
  }

  private static boolean isAuthorization(String name) {
    return HttpHeaders.AUTHORIZATION.equalsIgnoreCase(name);
  }

  @Override
  public String getHeader(String name) {
    if (!isAuthorization(name)) {
      return super.getHeader(name);
    }
    return authorizations.isEmpty() ? null : authorizations.get(0);
  }

  @Override
  public Enumeration<String> getHeaders(String name) {
    return isAuthorization(name) ? Collections.enumeration(authorizations) : super.getHeaders(name);
  }

  @Override
  public Enumeration<String> getHeaderNames() {
    List<String> names = Collections.list(super.getHeaderNames());
    names.removeIf(name -> authorizations.isEmpty() && isAuthorization(name));
    return Collections.enumeration(names);
  }
}
