/**
 * Checks tokens in a service. {@link internal.symbolon.server.Verifier} tells whether a token is
 * live; the interceptor and the filter put it before every call of a service.
 */
package internal.symbolon.server;
