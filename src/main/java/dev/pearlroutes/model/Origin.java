package dev.pearlroutes.model;

/**
 * The place a lead came from, for the people who sent it: a line of a file, or of a message of a queue.
 *
 * @param file name of the file; null for a message
 * @param queue that the message was taken from; null for a file
 * @param messageId the message's JMSMessageID; null for a file or when it has none
 * @param line from 1
 */
public record Origin(String file, String queue, String messageId, long line) {

    /** Makes the origin of a source's line. @param droppedAs empty when a message has no id @param queue null for a file */
    public static Origin of(String name, String droppedAs, String queue, long line) {
        return queue == null
                ? new Origin(name, null, null, line)
                : new Origin(null, queue, droppedAs.isEmpty() ? null : droppedAs, line);
    }
}
