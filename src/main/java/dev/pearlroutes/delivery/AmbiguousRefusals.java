package dev.pearlroutes.delivery;

import dev.pearlroutes.model.Event;
import java.util.List;
import java.util.Optional;

/**
 * The refusals of one sink that may be an event's fault or the sink's own, such as 401. While that is open, the position stays and
 * nothing is set aside: the next events are tried, and one that is taken shows that the refusals were the events' own. After
 * {@link #TO_STOP} different ones in a row only the oldest is tried, so that a sink that refuses everything gets all of them in
 * order once it takes events again. All of it is in memory: after a crash the oldest event is simply tried again.
 */
final class AmbiguousRefusals {
    /** Events refused in a row by which a sink passes for one that refuses every event: fewer may be the events' own. */
    static final int TO_STOP = 3;

    /** Rounds of the oldest event alone after which the newest is tried too: the sink may refuse only what is old. */
    static final int ROUNDS_TO_NEWEST = 20;

    private static final long NONE = 0;

    private long last = NONE;
    private int inRound;
    private int inARow;
    private boolean oldestOnly;
    private int rounds;
    private long takenAhead = NONE;
    private EventRefusedException refusal;

    /** Tells whether events were refused that stay where they are: then the next one comes out of turn. */
    boolean open() {
        return last != NONE;
    }

    /** Tells whether the next event to try is the newest there is. */
    boolean wantsNewest() {
        return open() && oldestOnly;
    }

    /** Answers with the event to be tried now, the oldest that the round has not tried yet; empty when the round is over. */
    Optional<Event> next(List<Event> waiting) {
        return waiting.stream().filter(event -> event.seq() > last).findFirst();
    }

    /** Tells whether this event was taken before those in front of it, so that it is not handed over again. */
    boolean wasTaken(Event event) {
        return event.seq() == takenAhead;
    }

    /** Tells whether the refusal of this event is its own: a later one was taken. */
    boolean isOwn(Event event) {
        return event.seq() < takenAhead;
    }

    /** Notes a refusal. @return whether the round goes on with another event; false when it is over and the sink is to wait */
    boolean refused(Event event, EventRefusedException why) {
        refusal = why;
        inARow++;
        inRound++;
        last = event.seq();
        if (oldestOnly) {
            return inRound == 1 && rounds % ROUNDS_TO_NEWEST == 0;
        }
        oldestOnly = inRound == TO_STOP;
        return !oldestOnly;
    }

    /** Answers with the last refusal; null before the first. */
    EventRefusedException refusal() {
        return refusal;
    }

    /** Tells whether so many refusals came in a row that the sink passes for one that refuses every event. */
    boolean ofEveryEvent() {
        return inARow >= TO_STOP;
    }

    /** Ends a round without an event that was taken: the next one begins with the oldest event. */
    void endRound() {
        last = NONE;
        inRound = 0;
        rounds++;
    }

    /** Notes that the sink has decided on an event by itself, and not refused it as it may refuse every event. */
    void decided(Event event) {
        boolean ahead = open();
        endRound();
        inARow = 0;
        oldestOnly = false;
        rounds = 0;
        if (ahead) {
            takenAhead = event.seq();
        }
    }
}
