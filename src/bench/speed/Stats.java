package speed;

import com.fasterxml.jackson.databind.JsonNode;

/** What the server counted in a run, as it answers at {@code /__stats}. */
record Stats(JsonNode json) {
    private static final int MARK_EVERY = 1_000;

    long accepted() {
        return json.path("accepted").asLong();
    }

    long distinct() {
        return json.path("distinct").asLong();
    }

    long limited() {
        return json.path("limited").asLong();
    }

    /** In seconds since 1970. */
    double firstPut() {
        return json.path("firstPut").asDouble();
    }

    double perSecond() {
        return accepted() / (json.path("lastPut").asDouble() - firstPut());
    }

    /** Of the second half: in the first one Java is still compiling. */
    double perSecondWarm() {
        return perSecond(marks() / 2, marks());
    }

    /** From one thousand to another, as in the times of every 1,000th lead. */
    double perSecond(int from, int to) {
        return (to - from) * (double) MARK_EVERY / (mark(to) - mark(from));
    }

    int marks() {
        return json.path("marks").size();
    }

    private double mark(int thousands) {
        return thousands == 0 ? firstPut() : json.path("marks").get(thousands - 1).asDouble();
    }

    /** @throws IllegalStateException when a lead is missing or came twice */
    void requireOnceEach(long leads) {
        if (accepted() != leads || distinct() != leads) {
            throw new IllegalStateException(
                    leads + " leads were to be sent, " + accepted() + " came, " + distinct() + " different ones");
        }
    }
}
