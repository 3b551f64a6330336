package internal.symbolon.server.core;

/**
 * What the server says of one token.
 *
 * @param revision what it was read at
 * @param caller null: the token is not live
 * @param timeToLiveNanos for how long it is live from the sending of the call
 */
public record Answer<C extends Ids>(long revision, C caller, long timeToLiveNanos) {}
