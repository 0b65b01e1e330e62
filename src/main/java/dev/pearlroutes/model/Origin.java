package dev.pearlroutes.model;

/**
 * The place a lead came from, for the people who sent it: a line of a file, of a message of a queue, or of a request.
 *
 * @param file name of the file; null for a message or request
 * @param queue that the message was taken from; null for a file or request
 * @param messageId the message's JMSMessageID; null for a file or request, or when it has none
 * @param request number of the source that a request became; null for a file or message
 * @param line from 1
 */
public record Origin(String file, String queue, String messageId, Long request, long line) {

    /**
     * Makes the origin of a source's line.
     *
     * @param id number of the source
     * @param droppedAs empty when a message has no id
     * @param queue null for a file
     */
    public static Origin of(long id, String name, String droppedAs, String queue, long line) {
        if (queue == null) {
            return new Origin(name, null, null, null, line);
        }
        return queue.equals(Source.REQUESTS)
                ? new Origin(null, null, null, id, line)
                : new Origin(null, queue, droppedAs.isEmpty() ? null : droppedAs, null, line);
    }
}
