package symbolon

import (
	"io"
	"log"
	"net"
	"net/http"
	"net/url"
	"strconv"
	"sync"
	"time"

	"google.golang.org/grpc/codes"

	"symbolon.internal/sdk/go/internal/login"
)

const (
	// callbackBytes is how much a request may have before its body, and callbackPatience how long it may take to say so.
	callbackBytes    = 16 << 10
	callbackPatience = 10 * time.Second

	closeWindow = "You may close this window.\n"
)

// callbackListener waits on loopback for a browser that comes back (RFC 8252 section 7.3).
type callbackListener struct {
	listener    net.Listener
	server      *http.Server
	redirectURI string
	// came is what the first callback of this sign-in brought.
	came chan callback
	once sync.Once
}

type callback struct {
	code string
	err  error
}

// parseLoopback also takes localhost, where that is registered. Names of other hosts may lead anywhere.
func parseLoopback(redirectURI string) (*url.URL, error) {
	redirect, err := url.Parse(redirectURI)
	if err != nil || redirect.Scheme != "http" || !isLoopbackHost(redirect.Hostname()) || redirect.User != nil || redirect.Fragment != "" {
		return nil, invalid("redirect URI must be http on loopback, such as %s. With another one: BeginCode and CompleteCode", defaultRedirectURI)
	}
	return redirect, nil
}

// listenAt takes a free port of the redirect URI's host, and puts it in.
func listenAt(redirect *url.URL) (*callbackListener, error) {
	host := redirect.Hostname()
	address := host
	if host == "localhost" {
		address = "127.0.0.1" // And not what somebody wrote into a file of hosts.
	}
	listener, err := net.Listen("tcp", net.JoinHostPort(address, "0"))
	if err != nil {
		return nil, &login.Failure{Code: codes.FailedPrecondition, Message: "no port of loopback can be listened at: " + err.Error(), Cause: err}
	}
	_, port, _ := net.SplitHostPort(listener.Addr().String())
	placed := *redirect
	placed.Host = net.JoinHostPort(host, port)
	return &callbackListener{listener: listener, redirectURI: placed.String(), came: make(chan callback, 1)}, nil
}

// serve answers requests until close. Those that are not of this sign-in end nothing: anything on this machine may send them.
func (c *callbackListener) serve(request CodeRequest) {
	c.server = &http.Server{
		Handler:           http.HandlerFunc(func(response http.ResponseWriter, asked *http.Request) { c.answer(response, asked, request) }),
		ReadHeaderTimeout: callbackPatience, ReadTimeout: callbackPatience, WriteTimeout: callbackPatience, MaxHeaderBytes: callbackBytes,
		ErrorLog: log.New(io.Discard, "", 0),
	}
	c.server.SetKeepAlivesEnabled(false)
	go func() { _ = c.server.Serve(c.listener) }()
}

func (c *callbackListener) answer(response http.ResponseWriter, asked *http.Request, request CodeRequest) {
	query, err := url.ParseQuery(asked.URL.RawQuery)
	switch {
	case !request.isAt(asked.URL):
		show(response, http.StatusNotFound, "There is nothing here.\n")
	case asked.Method != http.MethodGet:
		response.Header().Set("Allow", http.MethodGet)
		show(response, http.StatusMethodNotAllowed, "This is for a browser that comes back.\n")
	case err != nil || !request.hasState(query):
		show(response, http.StatusBadRequest, "This is not of the sign-in that is under way. Begin again in the app.\n")
	default:
		show(response, http.StatusOK, closeWindow)
		// The page is on its way before the listener is closed.
		_ = http.NewResponseController(response).Flush()
		c.once.Do(func() {
			code, err := request.codeIn(query)
			c.came <- callback{code, err}
		})
	}
}

// show is a page without anything in it that came from outside.
func show(response http.ResponseWriter, status int, text string) {
	header := response.Header()
	header.Set("Content-Type", "text/plain; charset=utf-8")
	header.Set("Cache-Control", "no-store")
	header.Set("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'")
	header.Set("Referrer-Policy", "no-referrer")
	header.Set("X-Content-Type-Options", "nosniff")
	// So that all of it is there when it is flushed.
	header.Set("Content-Length", strconv.Itoa(len(text)))
	response.WriteHeader(status)
	_, _ = io.WriteString(response, text)
}

func (c *callbackListener) close() {
	_ = c.listener.Close()
	if c.server != nil {
		_ = c.server.Close()
	}
}
