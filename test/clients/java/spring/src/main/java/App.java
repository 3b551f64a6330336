import jakarta.servlet.http.HttpServletRequest;
import java.time.Duration;
import java.util.Objects;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.security.config.Customizer;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.core.context.SecurityContextHolder;
import org.springframework.security.oauth2.client.OAuth2AuthorizationContext;
import org.springframework.security.oauth2.client.OAuth2AuthorizedClient;
import org.springframework.security.oauth2.client.RefreshTokenOAuth2AuthorizedClientProvider;
import org.springframework.security.oauth2.client.annotation.RegisteredOAuth2AuthorizedClient;
import org.springframework.security.oauth2.client.web.OAuth2AuthorizedClientRepository;
import org.springframework.security.web.SecurityFilterChain;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RestController;

/**
 * An application that acts for people at the server: its configuration is properties alone, as
 * Spring Boot's documentation has it.
 */
@EnableAutoConfiguration
@RestController
public class App {
  private final OAuth2AuthorizedClientRepository clients;

  App(OAuth2AuthorizedClientRepository clients) {
    this.clients = clients;
  }

  @Bean
  static SecurityFilterChain security(HttpSecurity http) throws Exception {
    return http.authorizeHttpRequests(all -> all.anyRequest().permitAll())
        .oauth2Client(Customizer.withDefaults())
        .build();
  }

  @GetMapping("/token/web")
  String web(@RegisteredOAuth2AuthorizedClient("web") OAuth2AuthorizedClient client) {
    return client.getAccessToken().getTokenValue();
  }

  @GetMapping("/token/native")
  String app(@RegisteredOAuth2AuthorizedClient("native") OAuth2AuthorizedClient client) {
    return client.getAccessToken().getTokenValue();
  }

  /** As if its token had expired. */
  @GetMapping("/renewed/{client}")
  String renewed(@PathVariable("client") String registration, HttpServletRequest request) {
    var user = SecurityContextHolder.getContext().getAuthentication();
    OAuth2AuthorizedClient client = clients.loadAuthorizedClient(registration, user, request);
    var provider = new RefreshTokenOAuth2AuthorizedClientProvider();
    provider.setClockSkew(Duration.ofDays(1_000));
    var context = OAuth2AuthorizationContext.withAuthorizedClient(client).principal(user).build();
    return Objects.requireNonNull(provider.authorize(context)).getAccessToken().getTokenValue();
  }
}
