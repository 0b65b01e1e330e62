package dev.pearlroutes.http;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.pearlroutes.events.Events;
import dev.pearlroutes.intake.Progress;
import dev.pearlroutes.ledger.Ledger;
import dev.pearlroutes.ledger.tables.SourceDecisions.Waits;
import dev.pearlroutes.model.Source;
import dev.pearlroutes.nlpearl.AddLeadHolds;
import java.time.Clock;
import java.util.Locale;

/** The description of a source: what it is, what it waits for, and how far it is. */
public final class SourceDescriptions {
    private final Ledger ledger;
    private final Progress progress;
    private final AddLeadHolds holds;
    private final Events events;
    private final Clock clock;

    public SourceDescriptions(Ledger ledger, Progress progress, AddLeadHolds holds, Events events, Clock clock) {
        this.ledger = ledger;
        this.progress = progress;
        this.holds = holds;
        this.events = events;
        this.clock = clock;
    }

    /** Puts in what a source is. */
    void describe(ObjectNode told, Source source) {
        told.put("id", source.id());
        told.put("outbound", source.outbound());
        told.put("operation", source.operation().word());
        told.setAll(events.origin(source.origin(0)));
        told.remove("line");
        told.put("state", source.state().name().toLowerCase(Locale.ROOT));
        if (source.rows() != null) {
            told.put("read", source.rows());
        }
        told.put("startedAt", source.startedAt().toString());
        if (source.finishedAt() != null) {
            told.put("finishedAt", source.finishedAt().toString());
        }
    }

    /** Puts in what it waits for, and how far it is while it is worked on. */
    void describeProgress(ObjectNode told, Source source) {
        if (!source.unfinished()) {
            return;
        }
        Waits waits = ledger.read(tx -> tx.sourceDecisions().waits(source.id()));
        boolean leads = source.operation() == Source.Operation.ADD;
        if (waits.approval()) {
            told.put("waitsFor", "approval");
        } else if (leads && holds.isPaused(source.outbound(), source.id())) {
            told.put("waitsFor", "resume");
        } else if (waits.wave() != null && waits.wave().isAfter(clock.instant())) {
            told.put("waitsFor", "wave").put("until", waits.wave().toString());
        }
        progress.of(source.id())
                .ifPresent(pace -> told.put("done", pace.done())
                        .put("rowsPerSecond", Math.round(10 * pace.perSecond()) / 10.0)
                        .put("secondsLeft", pace.left().toSeconds()));
    }
}
