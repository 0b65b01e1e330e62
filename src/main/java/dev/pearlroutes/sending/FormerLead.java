package dev.pearlroutes.sending;

import com.fasterxml.jackson.databind.JsonNode;
import dev.pearlroutes.model.UnknownLead;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import java.util.function.Predicate;

/**
 * The leads that a look-up finds under the externalId of its lead and that are earlier ones, which the ledger has forgotten by an erasure
 * or its retention: NLPearl created them before the source of the lead was taken in. They say nothing of the lead.
 *
 * <p>Two clocks are compared. By how much they differ is learned from the control: when its request began is known here, and when it was
 * created there. A clock may have been set since then, so there is a margin, and a longer one before a lead is sent again.
 */
final class FormerLead implements Predicate<JsonNode> {
    /** For what the control does not show, the time that a request takes among it. */
    static final Duration MARGIN = Duration.ofMinutes(1);

    /** The same before a resend: a machine's clock that is set late after its start is not that far off. */
    static final Duration RESEND_MARGIN = Duration.ofDays(1);

    private final Predicate<JsonNode> meant;
    private final Instant taken;
    private String leadId;
    private Instant created;
    private Duration ahead;

    /** @param meant accepts a lead under the externalId that may be the one that was sent */
    FormerLead(UnknownLead lead, Predicate<JsonNode> meant) {
        this.meant = meant;
        this.taken = lead.source().startedAt();
    }

    /** What the newest lead is that was found and not accepted. */
    enum Verdict {
        /** There is none. */
        NONE,
        /** The one that was sent: it seemed earlier by the difference of the clocks. */
        SENT,
        /** An earlier one for sure. */
        EARLIER,
        /** An earlier one, but not by so much that its lead may be sent again; or the clocks are not known. */
        UNCLEAR
    }

    /** Accepts the lead that was sent, and any that is not earlier by the clock here. */
    @Override
    public boolean test(JsonNode found) {
        if (!meant.test(found)) {
            return false;
        }
        Instant at = created(found);
        if (at == null || taken == null || !at.isBefore(taken.minus(MARGIN))) {
            return true;
        }
        if (created == null || at.isAfter(created)) {
            created = at;
            leadId = found.path("id").textValue();
        }
        return false;
    }

    /** Takes in a lead that was accepted. @param began when its request began, by the clock here @param there what the API says of it */
    void compareClocks(Instant began, Instant there) {
        ahead = there == null ? null : Duration.between(began, there);
    }

    Verdict verdict() {
        if (created == null) {
            return Verdict.NONE;
        }
        if (ahead == null) {
            return Verdict.UNCLEAR;
        }
        Instant takenThere = taken.plus(ahead);
        if (!created.isBefore(takenThere.minus(MARGIN))) {
            return Verdict.SENT;
        }
        return created.isBefore(takenThere.minus(RESEND_MARGIN)) ? Verdict.EARLIER : Verdict.UNCLEAR;
    }

    /** Returns the API's id of the newest lead that was found and not accepted; null for none. */
    String leadId() {
        return leadId;
    }

    /** Reads when the API created a lead [D]; null when it does not say so, or not as a time with its offset. */
    static Instant created(JsonNode lead) {
        try {
            String text = lead.path("created").textValue();
            return text == null ? null : OffsetDateTime.parse(text).toInstant();
        } catch (DateTimeParseException e) {
            return null;
        }
    }
}
