package internal.symbolon.spring.readme;

import internal.symbolon.spring.CallerPrincipal;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.security.access.prepost.PreAuthorize;
import org.springframework.security.config.annotation.method.configuration.EnableMethodSecurity;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

@SpringBootApplication
@EnableMethodSecurity
@RestController
public class Application {
  public static void main(String[] arguments) {
    SpringApplication.run(Application.class, arguments);
  }

  @GetMapping("/orders")
  @PreAuthorize("hasAuthority('SCOPE_read')")
  String orders(@AuthenticationPrincipal CallerPrincipal principal) {
    return "Orders of " + principal.caller().subjectId();
  }
}
