package dev.pearlroutes.sandbox;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;

/**
 * A planned call; its visible part depends on the time.
 *
 * @param tagged when a tag is added after the end; null for never
 * @param corrected when the outcome is corrected after the end; null for never
 * @param interimStatus technical status in the first half, InProgress in the second
 * @param seconds duration of the talk
 * @param attempt from 0
 */
record SimulatedCall(
        String id,
        StoredLead lead,
        Instant start,
        Instant ended,
        Instant tagged,
        Instant corrected,
        int interimStatus,
        int endStatus,
        int conversationStatus,
        int correction,
        int seconds,
        int attempt)
        implements Call.Source {
    private static final int ON_CALL = 40;
    /** From the range of numbers reserved for fiction. */
    private static final String CALLER = "+12025550100";

    @Override
    public Call at(Instant now) {
        if (start.isAfter(now) || !start.isBefore(lead.stopped())) {
            return null;
        }
        boolean over = !ended.isAfter(now);
        boolean isTagged = tagged != null && !tagged.isAfter(now);
        boolean isCorrected = corrected != null && !corrected.isAfter(now);
        boolean firstHalf = now.isBefore(start.plusMillis((ended.toEpochMilli() - start.toEpochMilli()) / 2));
        Instant changed = over ? ended : start;
        changed = isTagged && tagged.isAfter(changed) ? tagged : changed;
        changed = isCorrected && corrected.isAfter(changed) ? corrected : changed;
        int outcome = isCorrected ? correction : conversationStatus;
        ObjectNode json = Answer.JSON
                .createObjectNode()
                .put("id", id)
                .put("startTime", Times.format(start))
                .put("conversationStatus", over ? outcome : ON_CALL)
                .put("status", over ? endStatus : firstHalf ? interimStatus : CallSimulation.IN_PROGRESS)
                .put("from", CALLER)
                .put("to", lead.phoneNumber(start))
                .put("duration", over ? Integer.valueOf(seconds) : null);
        ArrayNode tags = json.putArray("tags");
        if (attempt > 0) {
            tags.add("retry");
        }
        if (isTagged) {
            tags.add("reviewed");
        }
        boolean talked = over && seconds > 0 && endStatus == 4;
        json.put("pearlId", "sandbox-pearl")
                .put("name", "Sandbox Pearl")
                .put("summary", talked ? summary(outcome) : null)
                .put("recording", talked ? "https://sandbox.invalid/recordings/" + id + ".mp3" : null);
        ArrayNode transcript = json.putArray("transcript");
        ArrayNode collected = json.putArray("collectedInfo");
        if (talked) {
            line(transcript, "Pearl", "Hello, this is Pearl. Do you have a minute?", 0, 3.5);
            line(transcript, "Client", outcome == 100 ? "Yes, please go on." : "Not today, thank you.", 4, seconds);
            collect(collected, "interest", "Interest", outcome == 100 ? "high" : "none");
            collect(collected, "callBack", "Call back", outcome == 130 ? "true" : "false");
        }
        return new Call(start, changed, json);
    }

    private static String summary(int outcome) {
        return switch (outcome) {
            case 100 -> "The client is interested and asked for an offer.";
            case 110 -> "The client is not interested.";
            case 70 -> "A message was left on the voice mail.";
            default -> "The conversation ended without a result.";
        };
    }

    private static void line(ArrayNode transcript, String role, String content, double from, double to) {
        transcript
                .addObject()
                .put("role", role)
                .put("content", content)
                .put("startTime", from)
                .put("endTime", to);
    }

    private static void collect(ArrayNode collected, String id, String name, String value) {
        collected.addObject().put("id", id).put("name", name).put("value", value);
    }
}
