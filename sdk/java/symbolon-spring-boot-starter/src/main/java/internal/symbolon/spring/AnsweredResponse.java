package internal.symbolon.spring;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.HttpServletResponseWrapper;
import org.springframework.http.HttpHeaders;

/** Has no challenge for who is not allowed, whatever its scopes: none would help. */
final class AnsweredResponse extends HttpServletResponseWrapper {
  private final HttpServletRequest request;

  AnsweredResponse(HttpServletRequest request, HttpServletResponse response) {
    super(response);
    this.request = request;
  }

  private boolean isDropped(String name) {
    return HttpHeaders.WWW_AUTHENTICATE.equalsIgnoreCase(name)
        && request.getAttribute(AnswerFilter.FINAL) != null;
  }

  @Override
  public void addHeader(String name, String value) {
    if (!isDropped(name)) {
      super.addHeader(name, value);
    }
  }

  @Override
  public void setHeader(String name, String value) {
    if (!isDropped(name)) {
      super.setHeader(name, value);
    }
  }
}
