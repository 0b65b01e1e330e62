package dev.pearlroutes.sending;

import dev.pearlroutes.model.RowState;
import dev.pearlroutes.nlpearl.AddLeadRequest;
import dev.pearlroutes.nlpearl.Answer;
import java.time.Instant;

/**
 * A request and what came back.
 *
 * @param at of an accepted lead a time before which it was not accepted, since its request began then; else when the answer
 *     came or was given up
 * @param acceptedBefore how many leads of the outbound this run had accepted when the answer came
 */
public record SendResult(AddLeadRequest request, Answer answer, Instant at, long acceptedBefore) {

    /** Answers with what became of the lead. @throws IllegalStateException when the answer does not settle it */
    RowState state() {
        return switch (answer.kind()) {
            case ACCEPTED -> RowState.ACCEPTED;
            case REJECTED -> RowState.REJECTED;
            case SUPPRESSED -> RowState.SUPPRESSED;
            case CANCELLED -> RowState.CANCELLED;
            case UNKNOWN -> RowState.UNKNOWN;
            case AMBIGUOUS_REFUSAL, UNAUTHORIZED, RATE_LIMITED, NOT_SENT, HELD ->
                throw new IllegalStateException(answer.kind() + " settles no lead");
        };
    }
}
