package dev.pearlroutes.app;

import dev.pearlroutes.approval.SendLimits;
import dev.pearlroutes.config.Outbound;
import dev.pearlroutes.intake.Sources;
import dev.pearlroutes.ledger.Ledger;
import dev.pearlroutes.ledger.tables.LeadRows.Unknown;
import dev.pearlroutes.model.Source;
import dev.pearlroutes.sending.UnknownLeads;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** Gauges of what the ledger knows: unfinished files and their rows, unknown leads; and of the ledger itself. */
final class LedgerMetrics {
    private static final List<Source.State> UNFINISHED = List.of(Source.State.CLAIMED, Source.State.SENDING);

    private final List<Outbound> outbounds;
    private final Ledger ledger;
    private final Clock clock;
    private final SendLimits limits;
    private final LedgerReading<Map<String, Unknown>> unknown;
    private final LedgerReading<List<Source>> files;
    private final LedgerReading<Long> bytes;

    LedgerMetrics(Foundation foundation, Sources sources, UnknownLeads unknownLeads, SendLimits limits) {
        this.outbounds = foundation.settings().outbounds();
        this.ledger = foundation.ledger();
        this.clock = foundation.clock();
        this.limits = limits;
        this.unknown = new LedgerReading<>(ledger, LedgerReading.SCRAPE, unknownLeads::byOutbound);
        this.bytes = new LedgerReading<>(ledger, LedgerReading.SCRAPE, this::bytes);
        this.files = new LedgerReading<>(ledger, LedgerReading.SCRAPE, sources::unfinished);
    }

    void bind(MeterRegistry registry) {
        Gauges.register(
                registry,
                "pearl.ledger.bytes",
                "Size of the ledger and its journal",
                Tags.empty(),
                () -> bytes.get().orElse(null));
        Gauges.register(
                registry,
                "pearl.ledger.leading",
                "1 where this node leads: always with a ledger in a file",
                Tags.empty(),
                () -> ledger.standby().isEmpty() ? 1 : 0);
        Gauges.register(
                registry,
                "pearl.ledger.failing",
                "1 while the ledger cannot be written",
                Tags.empty(),
                () -> ledger.problem().isPresent() ? 1 : 0);
        Gauges.register(
                registry,
                "pearl.approvals.waiting",
                "Files that wait for a person's approval",
                Tags.empty(),
                limits::waiting);
        for (Outbound outbound : outbounds) {
            Tags tags = Tags.of("outbound", outbound.name());
            Gauges.register(
                    registry,
                    "pearl.unknown.leads",
                    "Leads whose answer never came",
                    tags,
                    () -> unknown.get()
                            .map(all -> of(all, outbound).map(Unknown::count).orElse(0L))
                            .orElse(null));
            Gauges.register(
                    registry,
                    "pearl.unknown.oldest.seconds",
                    "Age of the oldest of them",
                    tags,
                    () -> unknown.get()
                            .map(all -> of(all, outbound).map(this::age).orElse(0.0))
                            .orElse(null));
            for (Source.State state : UNFINISHED) {
                Tags both = tags.and("state", state.name().toLowerCase(Locale.ROOT));
                Gauges.register(
                        registry,
                        "pearl.files.unfinished",
                        "Files in work",
                        both,
                        () -> files.get()
                                .map(all -> in(all, outbound, state).count())
                                .orElse(null));
                Gauges.register(
                        registry,
                        "pearl.rows.unfinished",
                        "Rows of the files in work",
                        both,
                        () -> files.get()
                                .map(all -> in(all, outbound, state)
                                        .mapToLong(file -> file.rows() == null ? 0 : file.rows())
                                        .sum())
                                .orElse(null));
            }
        }
    }

    private static Optional<Unknown> of(Map<String, Unknown> all, Outbound outbound) {
        return Optional.ofNullable(all.get(outbound.name()));
    }

    private static Stream<Source> in(List<Source> all, Outbound outbound, Source.State state) {
        return all.stream()
                .filter(file -> file.outbound().equals(outbound.name()))
                .filter(file -> file.state() == state);
    }

    private double age(Unknown unknown) {
        return Math.max(0, Duration.between(unknown.oldest(), clock.instant()).toMillis() / 1000.0);
    }

    private Long bytes() {
        try {
            return ledger.bytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
