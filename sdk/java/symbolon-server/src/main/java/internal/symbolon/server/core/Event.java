package internal.symbolon.server.core;

/** Tokens ended. */
public record Event(long revision, Target target) {}
