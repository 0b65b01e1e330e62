package dev.pearlroutes.ledger;

import dev.pearlroutes.model.Event;
import dev.pearlroutes.model.RowState;
import dev.pearlroutes.model.Source;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.function.LongPredicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The sources in the ledger: claimed, sending, finished or failed. */
public final class Sources {
    private static final String COLUMNS =
            "id, outbound, operation, name, dropped_as, queue, state, sha256, row_count, started_at, finished_at, suppression";

    /** In one row: to group, SQLite would keep a copy of every row in memory. */
    private static final String COUNTS = Stream.of(RowState.values())
            .map(state -> "count(*) FILTER (WHERE state = '" + state.word() + "') AS " + state.word())
            .collect(Collectors.joining(", ", "SELECT ", " FROM lead WHERE source_id = ?"));

    private final Ledger ledger;

    /** The sources that this process works on or has handed to a route, by number. */
    private final Map<Long, Source> underWay = new ConcurrentHashMap<>();

    /** Those that nobody works on and that may be unfinished, by number, once {@code known} with those of the last process. */
    private final NavigableMap<Long, Source> left = new ConcurrentSkipListMap<>();

    private boolean known;

    public Sources(Ledger ledger) {
        this.ledger = ledger;
    }

    /** Enters a new source, which is under way until {@link #release}. @param name must be free */
    public Source claim(String outbound, Source.Operation operation, String name, String droppedAs, Instant at) {
        return claimUnless(List.of(), outbound, operation, name, droppedAs, at).orElseThrow();
    }

    /** The same unless one of some names is taken. @return empty then */
    public synchronized Optional<Source> claimUnless(
            List<String> taken,
            String outbound,
            Source.Operation operation,
            String name,
            String droppedAs,
            Instant at) {
        Optional<Source> claimed = ledger.onConnection(c -> {
            try (PreparedStatement insert =
                    c.prepareStatement("INSERT INTO source (outbound, operation, name, dropped_as, state, started_at)"
                            + " SELECT ?1, ?2, ?3, ?4, 'claimed', ?5 WHERE NOT EXISTS"
                            + " (SELECT 1 FROM source WHERE outbound = ?1 AND operation = ?2 AND name IN ("
                            + String.join(", ", Collections.nCopies(taken.size(), "?")) + "))"
                            + " RETURNING " + COLUMNS)) {
                insert.setString(1, outbound);
                insert.setString(2, operation.word());
                insert.setString(3, name);
                insert.setString(4, droppedAs);
                insert.setLong(5, at.toEpochMilli());
                for (int i = 0; i < taken.size(); i++) {
                    insert.setString(i + 6, taken.get(i));
                }
                return read(insert).stream().findFirst();
            }
        });
        claimed.ifPresent(source -> underWay.put(source.id(), source));
        return claimed;
    }

    /**
     * Takes up the unfinished sources of an outbound and operation that nobody works on and that wait for neither a person nor a
     * wave, oldest first; each is under way until {@link #release}.
     *
     * @param due whether a source is to be taken up now
     */
    public synchronized List<Long> takeUp(String outbound, Source.Operation operation, Instant at, LongPredicate due) {
        if (!known) {
            unfinished().stream()
                    .filter(source -> !underWay.containsKey(source.id()))
                    .forEach(source -> left.put(source.id(), source));
            known = true;
        }
        // Asked each second for each outbound and operation: most often nothing is left, and the ledger need not be
        // read.
        List<Source> asked = left.values().stream()
                .filter(source -> source.outbound().equals(outbound) && source.operation() == operation)
                .filter(source -> due.test(source.id()))
                .filter(source -> !waits(source.id(), at))
                .toList();
        List<Source> taken = asked.stream()
                .map(source -> find(source.id()).filter(Source::unfinished))
                .flatMap(Optional::stream)
                .toList();
        taken.forEach(source -> underWay.put(source.id(), source));
        asked.forEach(source -> left.remove(source.id()));
        return taken.stream().map(Source::id).toList();
    }

    /** Whether a source waits for a person or for a wave. */
    private boolean waits(long id, Instant at) {
        return ledger.onConnection(c -> {
            try (PreparedStatement select = c.prepareStatement("SELECT 1 FROM source WHERE id = ? AND cancelled IS NULL"
                    + " AND (approval = 'needed' OR rests_until > ?)")) {
                select.setLong(1, id);
                select.setLong(2, at.toEpochMilli());
                try (ResultSet row = select.executeQuery()) {
                    return row.next();
                }
            }
        });
    }

    /** The source is not worked on any more; unless it is finished, {@link #takeUp} finds it. */
    public void release(long id) {
        Source source = underWay.remove(id);
        if (source != null) {
            left.put(id, source);
        }
    }

    private static Optional<Source> named(Connection c, String outbound, Source.Operation operation, String name)
            throws SQLException {
        try (PreparedStatement select = c.prepareStatement(
                "SELECT " + COLUMNS + " FROM source WHERE outbound = ? AND operation = ? AND name = ?")) {
            select.setString(1, outbound);
            select.setString(2, operation.word());
            select.setString(3, name);
            return read(select).stream().findFirst();
        }
    }

    /** A source that is handed over to be worked on. The ledger isn't read for one that was only just claimed. */
    public Optional<Source> underWay(long id) {
        Source source = underWay.get(id);
        return source != null && source.state() == Source.State.CLAIMED ? Optional.of(source) : find(id);
    }

    public Optional<Source> find(long id) {
        return ledger.readOnConnection(c -> find(c, id));
    }

    /** Inside the caller's transaction. */
    static Optional<Source> find(Connection c, long id) throws SQLException {
        try (PreparedStatement select = c.prepareStatement("SELECT " + COLUMNS + " FROM source WHERE id = ?")) {
            select.setLong(1, id);
            return read(select).stream().findFirst();
        }
    }

    /**
     * Enters a message, or finds it as it was entered before: the broker redelivers one whose acknowledgement it did not get.
     *
     * @param name what the message is known by
     * @param messageId its JMSMessageID; empty when it has none
     */
    public Received receive(
            String outbound,
            Source.Operation operation,
            String name,
            String messageId,
            String queue,
            String sha256,
            long rows,
            Instant at) {
        return ledger.onConnection(c -> {
            try (PreparedStatement insert = c.prepareStatement(
                    "INSERT INTO source (outbound, operation, name, dropped_as, queue, state, sha256, row_count, started_at)"
                            + " VALUES (?, ?, ?, ?, ?, 'sending', ?, ?, ?) ON CONFLICT (outbound, operation, name) DO NOTHING")) {
                insert.setString(1, outbound);
                insert.setString(2, operation.word());
                insert.setString(3, name);
                insert.setString(4, messageId);
                insert.setString(5, queue);
                insert.setString(6, sha256);
                insert.setLong(7, rows);
                insert.setLong(8, at.toEpochMilli());
                boolean isNew = insert.executeUpdate() == 1;
                return new Received(named(c, outbound, operation, name).orElseThrow(), isNew);
            }
        });
    }

    /** Finds a message as it was entered before. @return empty when it was not, or was refused */
    public Optional<Received> received(String outbound, Source.Operation operation, String name) {
        return ledger.onConnection(
                c -> named(c, outbound, operation, name).map(message -> new Received(message, false)));
    }

    /** A message that came. @param isNew whether it came for the first time */
    public record Received(Source source, boolean isNew) {}

    /** Ends a message each of whose rows has an outcome. @return empty when a row has none, so that it must not be acknowledged */
    public Optional<Source> answered(Source message, Instant at) {
        return ledger.onConnection(c -> {
            try (PreparedStatement update = c.prepareStatement(
                    "UPDATE source SET state = 'finished', finished_at = ? WHERE id = ? AND state = 'sending'"
                            + " AND row_count = (SELECT count(*) FROM lead WHERE source_id = source.id AND lead.state <> 'sending')")) {
                update.setLong(1, at.toEpochMilli());
                update.setLong(2, message.id());
                update.executeUpdate();
            }
            return find(c, message.id()).filter(source -> source.state() == Source.State.FINISHED);
        });
    }

    /** The files that a crash or a stop left in the middle, oldest first; messages are the broker's to bring again. */
    public List<Source> unfinished() {
        return ledger.onConnection(c -> {
            try (PreparedStatement select = c.prepareStatement("SELECT " + COLUMNS
                    + " FROM source WHERE state IN ('claimed', 'sending') AND queue IS NULL ORDER BY id")) {
                return read(select);
            }
        });
    }

    /** Whether a source of the outbound for the operation is claimed or worked on. */
    public boolean anyUnfinished(String outbound, Source.Operation operation) {
        return unfinished().stream()
                .anyMatch(source -> source.outbound().equals(outbound) && source.operation() == operation);
    }

    public boolean none() {
        return ledger.onConnection(c -> {
            try (PreparedStatement select = c.prepareStatement("SELECT " + COLUMNS + " FROM source LIMIT 1")) {
                return read(select).isEmpty();
            }
        });
    }

    /** Forgets a message of which nothing is planned and that is not taken in. */
    public void refuse(long id) {
        update("DELETE FROM source WHERE id = ? AND NOT EXISTS (SELECT 1 FROM lead WHERE source_id = source.id)", id);
    }

    /** Forgets a claim whose file is still in the inbox, so that it can be claimed again. */
    public void withdraw(long id) {
        update("DELETE FROM source WHERE id = ? AND state = 'claimed'", id);
        release(id);
    }

    public Source scanned(long id, long rows, String sha256) {
        Source scanned = updated(
                id,
                "UPDATE source SET state = 'sending', row_count = ?, sha256 = ? WHERE id = ? AND state = 'claimed'",
                rows,
                sha256,
                id);
        underWay.replace(id, scanned);
        return scanned;
    }

    /**
     * Fixes the time of the finish before anything tells of it, so that a repeated finish tells the same. What changes from
     * here on may be missing in the receipt.
     *
     * @param suppression what the receipt says of the suppression lists, as JSON; null when there are none
     */
    public Source finishing(long id, Instant at, String suppression) {
        return updated(
                id,
                "UPDATE source SET finished_at = coalesce(finished_at, ?), suppression = coalesce(suppression, ?),"
                        + " changed_at = NULL WHERE id = ?",
                at.toEpochMilli(),
                suppression,
                id);
    }

    /** @param event that tells of it; null when nobody is to be told */
    public void finished(long id, Event event) {
        end(id, "finished", null, event);
    }

    /** @param event that tells of it; null when nobody is to be told */
    public void failed(long id, String reason, Event event) {
        end(id, "failed", reason, event);
    }

    /** Rows of the source by what became of them; every state is there, 0 when no row is in it. */
    public Map<RowState, Long> counts(long id) {
        return ledger.readOnConnection(c -> {
            Map<RowState, Long> counts = new EnumMap<>(RowState.class);
            try (PreparedStatement select = c.prepareStatement(COUNTS)) {
                select.setLong(1, id);
                try (ResultSet row = select.executeQuery()) {
                    row.next();
                    for (RowState state : RowState.values()) {
                        counts.put(state, row.getLong(state.word()));
                    }
                }
            }
            return counts;
        });
    }

    /** Whether a row of the source is unknown, or is being sent again after it was. */
    public boolean anyUnknown(Source source) {
        return ledger.onConnection(c -> {
            try (PreparedStatement select =
                    c.prepareStatement("SELECT EXISTS (SELECT 1 FROM lead INDEXED BY lead_unknown"
                            + " WHERE outbound = ?1 AND source_id = ?2 AND state = 'unknown')"
                            + " OR EXISTS (SELECT 1 FROM lead INDEXED BY lead_sending"
                            + " WHERE source_id = ?2 AND state = 'sending')")) {
                select.setString(1, source.outbound());
                select.setLong(2, source.id());
                try (ResultSet row = select.executeQuery()) {
                    return row.next() && row.getBoolean(1);
                }
            }
        });
    }

    /** A source whose receipt tells less than the ledger. @param at names the change that a new receipt covers */
    public record Changed(Source source, long at) {}

    /** Finished sources of which rows were settled since their receipt was written. */
    public List<Changed> changed() {
        return ledger.onConnection(c -> {
            List<Changed> changed = new ArrayList<>();
            try (PreparedStatement select = c.prepareStatement("SELECT id, changed_at FROM source"
                            + " WHERE state = 'finished' AND changed_at IS NOT NULL");
                    ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    changed.add(new Changed(find(c, row.getLong(1)).orElseThrow(), row.getLong(2)));
                }
            }
            return changed;
        });
    }

    /** The receipt covers this change. @param event that tells of it; null when nothing has to be told yet */
    public void covered(Changed changed, Event event) {
        ledger.onConnection(c -> {
            try (PreparedStatement update =
                    c.prepareStatement("UPDATE source SET changed_at = NULL WHERE id = ? AND changed_at = ?")) {
                update.setLong(1, changed.source().id());
                update.setLong(2, changed.at());
                if (update.executeUpdate() == 1 && event != null) {
                    Outbox.append(c, List.of(event));
                }
            }
            return null;
        });
    }

    /**
     * Inside the caller's transaction: marks receipt and outcomes file as out of date, of a file that has them or is getting
     * them now.
     */
    static void markChanged(Connection c, long id, Instant at) throws SQLException {
        try (PreparedStatement update = c.prepareStatement(
                "UPDATE source SET changed_at = max(?, coalesce(changed_at, 0) + 1) WHERE id = ? AND finished_at IS NOT NULL AND queue IS NULL")) {
            update.setLong(1, at.toEpochMilli());
            update.setLong(2, id);
            update.executeUpdate();
        }
        CallOutcomes.markChanged(c, id, at);
    }

    private void end(long id, String state, String reason, Event event) {
        ledger.onConnection(c -> {
            try (PreparedStatement update = c.prepareStatement(
                    "UPDATE source SET state = ?, reason = ? WHERE id = ? AND state IN ('claimed', 'sending')")) {
                update.setString(1, state);
                update.setString(2, reason);
                update.setLong(3, id);
                // A finish that is repeated after a crash must not tell of it twice.
                if (update.executeUpdate() == 1 && event != null) {
                    Outbox.append(c, List.of(event));
                }
            }
            return null;
        });
        // There is nothing left of it to be taken up.
        underWay.remove(id);
    }

    private void update(String sql, Object... values) {
        ledger.onConnection(c -> Sql.update(c, sql, values));
    }

    /** @return the source as it is then */
    private Source updated(long id, String sql, Object... values) {
        return ledger.onConnection(c -> {
            try (PreparedStatement update = c.prepareStatement(sql + " RETURNING " + COLUMNS)) {
                Sql.set(update, values);
                List<Source> updated = read(update);
                // None when this runs again after a commit that was made and failed to say so.
                return updated.isEmpty() ? find(c, id).orElseThrow() : updated.get(0);
            }
        });
    }

    private static List<Source> read(PreparedStatement statement) throws SQLException {
        List<Source> sources = new ArrayList<>();
        try (ResultSet row = statement.executeQuery()) {
            while (row.next()) {
                long rows = row.getLong("row_count");
                Long rowCount = row.wasNull() ? null : Long.valueOf(rows);
                long finished = row.getLong("finished_at");
                Instant finishedAt = row.wasNull() ? null : Instant.ofEpochMilli(finished);
                sources.add(new Source(
                        row.getLong("id"),
                        row.getString("outbound"),
                        Source.Operation.of(row.getString("operation")),
                        row.getString("name"),
                        row.getString("dropped_as"),
                        row.getString("queue"),
                        Source.State.valueOf(row.getString("state").toUpperCase(Locale.ROOT)),
                        row.getString("sha256"),
                        rowCount,
                        Instant.ofEpochMilli(row.getLong("started_at")),
                        finishedAt,
                        row.getString("suppression")));
            }
        }
        return sources;
    }
}
