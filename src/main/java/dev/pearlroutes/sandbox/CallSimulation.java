package dev.pearlroutes.sandbox;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Supplier;

/**
 * The plan of a lead's calls, made when it is added: days of a real campaign in a minute. The plan depends on the lead's number and
 * external id alone and its calls are computed from the clock when somebody asks, so no thread runs and a test clock decides
 * everything. Shares are invented so that each documented code shows among some hundred leads.
 */
final class CallSimulation {
    static final int IN_PROGRESS = 3;
    private static final int COMPLETED = 4;
    private static final int BUSY = 5;
    private static final int FAILED = 6;
    private static final int NO_ANSWER = 7;
    /** In no documentation: readers must take an unknown code as not final. */
    private static final int UNDOCUMENTED = 165;

    /** How a call ends. */
    private record End(int status, int conversationStatus) {}

    /** The calls of a lead, up to the one that ends its campaign. */
    private record Script(int weight, List<End> ends) {}

    private static final End SUCCESS = new End(COMPLETED, 100);
    private static final End NOT_SUCCESSFUL = new End(COMPLETED, 110);
    private static final End DONE = new End(COMPLETED, 130);
    private static final End RETRY_BUSY = new End(BUSY, 10);
    private static final End RETRY_NO_ANSWER = new End(NO_ANSWER, 10);
    private static final End VOICE_MAIL = new End(COMPLETED, 70);
    private static final End UNREACHABLE = new End(NO_ANSWER, 150);

    private static final Script WRONG_NUMBER = new Script(4, List.of(new End(FAILED, 30)));
    private static final List<Script> SCRIPTS = List.of(
            new Script(28, List.of(SUCCESS)),
            new Script(12, List.of(NOT_SUCCESSFUL)),
            new Script(8, List.of(DONE)),
            new Script(10, List.of(RETRY_NO_ANSWER, SUCCESS)),
            new Script(6, List.of(RETRY_BUSY, RETRY_NO_ANSWER, UNREACHABLE)),
            new Script(8, List.of(VOICE_MAIL, DONE)),
            new Script(5, List.of(RETRY_BUSY, VOICE_MAIL, NOT_SUCCESSFUL)),
            new Script(5, List.of(UNREACHABLE)),
            WRONG_NUMBER,
            new Script(3, List.of(new End(FAILED, 220))),
            new Script(4, List.of(new End(COMPLETED, 300), SUCCESS)),
            new Script(4, List.of(new End(FAILED, 500), SUCCESS)),
            new Script(3, List.of(new End(COMPLETED, UNDOCUMENTED))));

    private final double speed;

    CallSimulation(double speed) {
        this.speed = speed;
    }

    List<SimulatedCall> plan(StoredLead lead, Supplier<String> ids) {
        String number = lead.phoneNumber(lead.created);
        SplittableRandom random = new SplittableRandom((number + "|" + lead.externalId()).hashCode());
        // A wrong country code is not refused by Add Lead but shows in the status of the call.
        Script script = number.matches("\\+[1-9][0-9]{6,14}") ? pick(random) : WRONG_NUMBER;
        List<SimulatedCall> calls = new ArrayList<>();
        Instant next = lead.created.plus(scaled(random.nextInt(2_000, 6_000)));
        for (int attempt = 0; attempt < script.ends.size(); attempt++) {
            SimulatedCall call = call(lead, ids.get(), next, script.ends.get(attempt), attempt, random);
            calls.add(call);
            next = call.ended().plus(scaled(random.nextInt(6_000, 12_000)));
        }
        return calls;
    }

    private static Script pick(SplittableRandom random) {
        int at = random.nextInt(SCRIPTS.stream().mapToInt(Script::weight).sum());
        for (Script script : SCRIPTS) {
            at -= script.weight;
            if (at < 0) {
                return script;
            }
        }
        throw new AssertionError();
    }

    private SimulatedCall call(
            StoredLead lead, String id, Instant start, End end, int attempt, SplittableRandom random) {
        Instant ended = start.plus(scaled(random.nextInt(2_000, 4_000)));
        boolean talked = end.status == COMPLETED;
        int seconds = talked ? random.nextInt(20, 240) : end.status == NO_ANSWER ? random.nextInt(0, 30) : 0;
        // 2 and 8 were seen in production on calls that were in progress.
        int odd = random.nextInt(10);
        int interim = odd == 0 ? 2 : odd == 1 ? 8 : IN_PROGRESS;
        Instant tagged = random.nextInt(4) == 0 ? ended.plus(scaled(random.nextInt(3_000, 8_000))) : null;
        boolean corrects = end.conversationStatus == UNDOCUMENTED
                || (end.conversationStatus == 100 || end.conversationStatus == 110) && random.nextInt(8) == 0;
        Instant corrected = corrects ? ended.plus(scaled(random.nextInt(5_000, 12_000))) : null;
        int correction = end.conversationStatus == 100 ? 110 : 100;
        return new SimulatedCall(
                id,
                lead,
                start,
                ended,
                tagged,
                corrected,
                interim,
                end.status,
                end.conversationStatus,
                correction,
                seconds,
                attempt);
    }

    private Duration scaled(int millis) {
        return Duration.ofNanos((long) (millis * 1e6 / speed));
    }
}
