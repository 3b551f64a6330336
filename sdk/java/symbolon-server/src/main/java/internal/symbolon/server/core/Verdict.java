package internal.symbolon.server.core;

/**
 * What Check answers.
 *
 * @param revision what it was read at
 * @param caller null: the token is not live
 * @param isAllowed whether the caller may do it
 * @param reason its name in the contract, without the prefix
 * @param userId by whose right it is allowed; empty: by no user's
 * @param timeToLiveNanos for how long it is so from the sending of the call
 */
public record Verdict<C extends Ids>(
    long revision,
    C caller,
    boolean isAllowed,
    String reason,
    String userId,
    long timeToLiveNanos) {}
