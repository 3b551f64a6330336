package internal.symbolon.server.core;

/** What must not have changed between the sending of a call and the keeping of its answer. */
public record Sending(Moment sent, long generation) {}
