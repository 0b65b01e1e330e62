package dev.pearlroutes.ledger.tables;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** Tables {@code cursor}, {@code silence} and {@code clock_jump}: how far calls were read and leads were watched. */
public final class CursorTable {
    private final Sql sql;

    public CursorTable(Sql sql) {
        this.sql = sql;
    }

    /** A moment at which the clock went ahead of the time that had passed. */
    public record ClockJump(Instant at, Duration ahead) {}

    /** Answers with the end of the last window of which every call was recorded; empty before the first. */
    public Optional<Instant> position(String outbound) {
        return sql.first("SELECT position FROM cursor WHERE outbound = ?", row -> row.time("position"), outbound);
    }

    /** Moves the cursor of an outbound's calls. */
    public void move(String outbound, Instant position) {
        sql.update(
                "INSERT INTO cursor (outbound, position) VALUES (?, ?)"
                        + " ON CONFLICT (outbound) DO UPDATE SET position = excluded.position",
                outbound,
                position);
    }

    /** Answers until when an outbound's accepted leads were watched for silence; empty before the first. */
    public Optional<Instant> watchedUntil(String outbound) {
        return sql.first("SELECT position FROM silence WHERE outbound = ?", row -> row.time("position"), outbound);
    }

    /** Notes until when an outbound's accepted leads were watched for silence. */
    public void watchedUntil(String outbound, Instant position) {
        sql.update(
                "INSERT INTO silence (outbound, position) VALUES (?, ?)"
                        + " ON CONFLICT (outbound) DO UPDATE SET position = excluded.position",
                outbound,
                position);
    }

    /** Lists the jumps of the clock, the newest first. */
    public List<ClockJump> jumps() {
        return sql.list(
                "SELECT at, millis FROM clock_jump ORDER BY at DESC",
                row -> new ClockJump(row.time("at"), Duration.ofMillis(row.number("millis"))));
    }

    /** Notes a jump of the clock. */
    public void addJump(ClockJump jump) {
        sql.update(
                "INSERT INTO clock_jump (at, millis) VALUES (?, ?)",
                jump.at(),
                jump.ahead().toMillis());
    }

    /** Deletes the jumps after some time. @return how far the clock went ahead by them */
    public Duration deleteJumpsAfter(Instant time) {
        return sql.list("DELETE FROM clock_jump WHERE at > ? RETURNING millis", row -> row.number(1), time).stream()
                .map(Duration::ofMillis)
                .reduce(Duration.ZERO, Duration::plus);
    }

    /** Deletes the jumps before some time. */
    public void deleteJumpsBefore(Instant time) {
        sql.update("DELETE FROM clock_jump WHERE at < ?", time);
    }
}
