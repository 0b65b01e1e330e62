package dev.pearlroutes.http;

import dev.pearlroutes.config.Outbound;
import dev.pearlroutes.config.Settings;
import dev.pearlroutes.intake.Sources;
import dev.pearlroutes.model.Source;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** The reader of what requests name: outbounds, sinks, sources, pages and times. What is wrong with it is a {@link ProblemException}. */
public final class Asked {
    private static final int MOST = 200;
    private static final int USUAL = 50;

    private final List<String> outbounds;
    private final Set<String> sinks = new TreeSet<>();
    private final Sources sources;

    public Asked(Settings settings, Sources sources) {
        this.outbounds = settings.outbounds().stream().map(Outbound::name).toList();
        settings.outbounds().forEach(outbound -> sinks.addAll(outbound.sinks()));
        this.sources = sources;
    }

    static ProblemException wrong(String detail) {
        return new ProblemException(400, "This is not understood", detail);
    }

    static ProblemException unknown(String what) {
        return new ProblemException(404, "There is no such thing", "there is no such " + what);
    }

    static ProblemException conflict(String detail) {
        return new ProblemException(409, "This cannot be done now", detail);
    }

    List<String> outbounds() {
        return outbounds;
    }

    /** @throws ProblemException 404 when it is not configured */
    String outbound(String name) {
        if (!outbounds.contains(name)) {
            throw unknown("outbound");
        }
        return name;
    }

    /** @throws ProblemException 404 when no outbound has it */
    String sink(String name) {
        if (!sinks.contains(name)) {
            throw unknown("sink");
        }
        return name;
    }

    /** @throws ProblemException 404 when there is none, or it was purged */
    Source source(String id) {
        return id != null && id.matches("[1-9][0-9]{0,17}")
                ? sources.find(Long.parseLong(id))
                        .filter(source -> source.state() != Source.State.PURGED)
                        .orElseThrow(() -> unknown("source"))
                : missing("source");
    }

    private static <T> T missing(String what) {
        throw unknown(what);
    }

    /** The size of a page. @param given null for the usual one */
    static int limit(String given) {
        long limit = number("limit", given, USUAL);
        if (limit < 1 || limit > MOST) {
            throw wrong("limit is a number from 1 to " + MOST);
        }
        return (int) limit;
    }

    /** @param given null or empty for {@code otherwise} */
    static long number(String name, String given, long otherwise) {
        if (isMissing(given)) {
            return otherwise;
        }
        if (!given.matches("[0-9]{1,18}")) {
            throw wrong(name + " is a number");
        }
        return Long.parseLong(given);
    }

    /** One of some words. @return null when none is given */
    static String word(String name, String given, Collection<String> words) {
        if (isMissing(given)) {
            return null;
        }
        if (!words.contains(given)) {
            throw wrong(name + " is one of " + String.join(", ", words));
        }
        return given;
    }

    /** Reads a time, or a date of UTC, of which it is the first instant. @param given null or empty for {@code otherwise} */
    static Instant time(String name, String given, Instant otherwise) {
        if (isMissing(given)) {
            return otherwise;
        }
        try {
            return given.length() == "2026-11-30".length() ? date(given) : Instant.parse(given);
        } catch (DateTimeException e) {
            throw wrong(name + " is a date such as 2026-11-30, or a time such as 2026-11-30T15:26:20Z");
        }
    }

    private static Instant date(String given) {
        return LocalDate.parse(given).atStartOfDay(ZoneOffset.UTC).toInstant();
    }

    private static boolean isMissing(String given) {
        return given == null || given.isEmpty();
    }
}
