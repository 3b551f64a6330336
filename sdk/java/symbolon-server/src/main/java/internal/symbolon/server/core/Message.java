package internal.symbolon.server.core;

import java.util.List;

/**
 * One message of a stream: applied as a whole.
 *
 * @param previousRevision where the verifier must stand
 * @param events those of ({@code previousRevision}, {@code revision}], in order
 * @param revision what the server had read
 * @param heartbeat the newest that had arrived before {@code revision} was begun to be read; 0:
 *     none
 * @param isAfresh whether nothing that was known counts
 * @param longestBoundNanos the longest that the server lets a verifier be open; negative: not said
 */
public record Message(
    long previousRevision,
    List<Event> events,
    long revision,
    long heartbeat,
    boolean isAfresh,
    long longestBoundNanos) {}
