package dev.pearlroutes.http;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.pearlroutes.ledger.Ledger;
import dev.pearlroutes.ledger.tables.OutcomeStatistics.Calls;
import dev.pearlroutes.ledger.tables.OutcomeStatistics.Part;
import dev.pearlroutes.ledger.tables.OutcomeStatistics.Place;
import dev.pearlroutes.ledger.tables.OutcomeStatistics.Rows;
import dev.pearlroutes.model.ApiCode;
import dev.pearlroutes.model.LeadStatus;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BinaryOperator;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * The outcomes by day. They are counted in small parts, between which others get the ledger, and one count serves all who ask for a
 * while, the longer the more there is to count.
 */
public final class OutcomeCounts {
    /** Rows of a part: some milliseconds. */
    private static final int PART = 5_000;

    private static final int MOST_DAYS = 366;
    private static final int USUAL_DAYS = 30;
    private static final Duration LEAST_AGE = Duration.ofSeconds(5);
    /** How long counts are kept for each part, which takes about 10 ms: half a percent of a core. */
    private static final Duration AGE_OF_PART = Duration.ofSeconds(2);

    /** Hours up to now of which the calls are counted one by one. */
    private static final int HOURS = 48;

    private final Asked asked;
    private final Ledger ledger;
    private final Clock clock;
    private final ObjectMapper json = new ObjectMapper();
    private Counted counted;

    public OutcomeCounts(Asked asked, Ledger ledger, Clock clock) {
        this.asked = asked;
        this.ledger = ledger;
        this.clock = clock;
    }

    private record Counted(List<Rows> rows, List<Calls> calls, List<Calls> hours, Instant at, Instant until) {}

    /**
     * Counts rows by their outcomes and leads by the status after their newest call, as JSON.
     *
     * @param outbound null for all
     * @param from the first day; null for 30 days before the last
     * @param to the last day; null for today
     */
    public String of(String outbound, String from, String to) {
        String only = outbound == null || outbound.isEmpty() ? null : asked.outbound(outbound);
        LocalDate last = day(Asked.time("to", to, clock.instant()));
        LocalDate first = day(Asked.time(
                "from",
                from,
                last.minusDays(USUAL_DAYS - 1L).atStartOfDay(ZoneOffset.UTC).toInstant()));
        if (first.isAfter(last) || ChronoUnit.DAYS.between(first, last) >= MOST_DAYS) {
            throw Asked.wrong("from is not after to, and at most " + (MOST_DAYS - 1) + " days before it");
        }
        Counted now = counted();
        ObjectNode answer = json.createObjectNode();
        answer.put("from", first.toString());
        answer.put("to", last.toString());
        answer.put("countedAt", now.at().toString());
        ArrayNode rows = answer.putArray("rows");
        now.rows().stream()
                .filter(each -> isAsked(each.day(), each.outbound(), first, last, only))
                .forEach(each -> rows.addObject()
                        .put("day", each.day().toString())
                        .put("outbound", each.outbound())
                        .put("operation", each.operation())
                        .put("outcome", each.outcome())
                        .put("count", each.count()));
        ArrayNode calls = answer.putArray("calls");
        now.calls().stream()
                .filter(each -> isAsked(each.day(), each.outbound(), first, last, only))
                .forEach(each -> add(calls.addObject(), each));
        ArrayNode hours = answer.putArray("hours");
        now.hours().stream()
                .filter(each -> only == null || only.equals(each.outbound()))
                .forEach(each -> hours.addObject()
                        .put("hour", each.hour().toString())
                        .put("outbound", each.outbound())
                        .put("count", each.count()));
        return answer.toString();
    }

    private static void add(ObjectNode told, Calls calls) {
        told.put("day", calls.day().toString());
        told.put("outbound", calls.outbound());
        if (calls.status() != null) {
            ObjectNode status = told.putObject("status").put("code", calls.status());
            LeadStatus.ofCode(calls.status()).map(ApiCode::apiName).ifPresent(name -> status.put("name", name));
        }
        told.put("final", calls.isFinal());
        told.put("count", calls.count());
    }

    private static LocalDate day(Instant time) {
        return time.atZone(ZoneOffset.UTC).toLocalDate();
    }

    private static boolean isAsked(LocalDate day, String outbound, LocalDate first, LocalDate last, String only) {
        return !day.isBefore(first) && !day.isAfter(last) && (only == null || only.equals(outbound));
    }

    private synchronized Counted counted() {
        Instant begin = clock.instant();
        if (counted == null || !begin.isBefore(counted.until())) {
            Sums<Rows> rows = new Sums<>(
                    each -> List.of(each.day(), each.outbound(), each.operation(), each.outcome()),
                    (sum, more) -> new Rows(
                            sum.day(), sum.outbound(), sum.operation(), sum.outcome(), sum.count() + more.count()));
            Sums<Calls> calls = new Sums<>(
                    each -> List.of(each.day(), each.outbound(), String.valueOf(each.status()), each.isFinal()),
                    OutcomeCounts::sum);
            Sums<Calls> hours = new Sums<>(each -> List.of(each.hour(), each.outbound()), OutcomeCounts::sum);
            Instant recent = begin.minus(HOURS, ChronoUnit.HOURS);
            int parts = forEach(after -> ledger.read(tx -> tx.statistics().rows(after, PART)), rows::add);
            parts += forEach(after -> ledger.read(tx -> tx.statistics().calls(after, PART)), each -> {
                calls.add(each);
                if (each.hour().isAfter(recent)) {
                    hours.add(each);
                }
            });
            Instant end = clock.instant();
            Duration age = AGE_OF_PART.multipliedBy(parts);
            counted = new Counted(
                    rows.sorted(),
                    calls.sorted(),
                    hours.sorted(),
                    end,
                    end.plus(age.compareTo(LEAST_AGE) > 0 ? age : LEAST_AGE));
        }
        return counted;
    }

    private static Calls sum(Calls sum, Calls more) {
        return new Calls(sum.hour(), sum.outbound(), sum.status(), sum.isFinal(), sum.count() + more.count());
    }

    /** Sums of the counts that are of one kind. */
    private static final class Sums<T> {
        private final Map<List<?>, T> sums = new LinkedHashMap<>();
        private final Function<T, List<?>> kind;
        private final BinaryOperator<T> adder;

        Sums(Function<T, List<?>> kind, BinaryOperator<T> adder) {
            this.kind = kind;
            this.adder = adder;
        }

        void add(T count) {
            sums.merge(kind.apply(count), count, adder);
        }

        List<T> sorted() {
            List<T> sorted = new ArrayList<>(sums.values());
            sorted.sort(Comparator.comparing(count -> kind.apply(count).toString()));
            return sorted;
        }
    }

    /** Hands over the counts of all parts. @return how many there are */
    private static <T> int forEach(Function<Place, Part<T>> next, Consumer<T> use) {
        int parts = 0;
        Place after = Place.BEGINNING;
        while (after != null) {
            Part<T> part = next.apply(after);
            part.counts().forEach(use);
            after = part.last();
            parts++;
        }
        return parts;
    }
}
