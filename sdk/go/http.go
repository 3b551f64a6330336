package symbolon

import "net/http"

// HTTP answers a middleware of net/http: it lets through who presents a live token with all of these scopes. It guards every method, HEAD
// and OPTIONS too. It panics where a scope can't be one, as [http.ServeMux.Handle] does with a pattern: that is a mistake in the program.
func (g *Guard) HTTP(scopes ...string) func(http.Handler) http.Handler {
	if err := checkScopes(scopes); err != nil {
		panic(err)
	}
	return func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(response http.ResponseWriter, request *http.Request) {
			ctx, denied := g.admit(request.Context(), request.Header.Values("Authorization"), scopes)
			if denied != nil {
				denied.answer(response, g.realm)
				return
			}
			next.ServeHTTP(response, request.WithContext(ctx))
		})
	}
}

func (d *denial) answer(response http.ResponseWriter, realm string) {
	// Of one who is refused now and let in later nothing must be kept on the way.
	response.Header().Set("Cache-Control", "no-store")
	if challenge := d.challenge(realm); challenge != "" {
		response.Header().Set("WWW-Authenticate", challenge)
	}
	if d.retryAfter > 0 {
		response.Header().Set("Retry-After", d.retrySeconds())
	}
	http.Error(response, d.message, d.status())
}
