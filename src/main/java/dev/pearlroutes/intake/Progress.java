package dev.pearlroutes.intake;

import java.time.Clock;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The progress of the sources that are being sent, as log lines: rows done of all, rate, time left. */
public final class Progress {
    private static final Logger LOG = LoggerFactory.getLogger(Progress.class);

    private final Clock clock;
    private final Map<SourceRun, Long> runs = new ConcurrentHashMap<>();

    public Progress(Clock clock) {
        this.clock = clock;
    }

    public void began(SourceRun run) {
        runs.put(run, 0L);
    }

    /** Logs that the rest of a source waits for the next wave. */
    public void waitsForWave(SourceRun run) {
        SourceLog.info(LOG, run.source())
                .log(
                        "{} of {}: {} of {} rows, the next wave is released at {}",
                        run.source().name(),
                        run.source().outbound(),
                        run.done(),
                        run.source().rows(),
                        run.nextWave());
    }

    /** Logs that the rest of a source waits until it is resumed. */
    public void isPaused(SourceRun run) {
        SourceLog.info(LOG, run.source())
                .log(
                        "{} of {}: {} of {} rows, the rest is paused",
                        run.source().name(),
                        run.source().outbound(),
                        run.done(),
                        run.source().rows());
    }

    public void ended(SourceRun run) {
        runs.remove(run);
    }

    /** How far a source is that is being sent. @param left the time that it still takes, at the pace of its run so far */
    public record Pace(long done, double perSecond, Duration left) {}

    /** Answers with how far a source is; empty when it is not being sent. */
    public Optional<Pace> of(long sourceId) {
        return runs.keySet().stream()
                .filter(run -> run.source().id() == sourceId)
                .map(run -> pace(run, run.done()))
                .findFirst();
    }

    private Pace pace(SourceRun run, long done) {
        double seconds =
                Math.max(0.001, Duration.between(run.began(), clock.instant()).toMillis() / 1000.0);
        double perSecond = Math.max(run.doneNow(), 1) / seconds;
        long left = (long) (1000 * (run.source().rows() - done) / perSecond);
        return new Pace(done, perSecond, Duration.ofMillis(left));
    }

    /** Logs a line for each source that has moved since the last report. */
    public void report() {
        runs.forEach((run, reported) -> {
            long done = run.done();
            if (done > reported) {
                runs.replace(run, reported, done);
                SourceLog.info(LOG, run.source()).log(line(run, done));
            }
        });
    }

    private String line(SourceRun run, long done) {
        Pace pace = pace(run, done);
        return String.format(
                Locale.ROOT,
                "%s of %s: %,d of %,d rows, %,.1f rows/s, %s left",
                run.source().name(),
                run.source().outbound(),
                done,
                run.source().rows(),
                pace.perSecond(),
                inWords(pace.left()));
    }

    private static String inWords(Duration left) {
        if (left.toHours() > 0) {
            return left.toHours() + " h " + left.toMinutesPart() + " min";
        }
        return left.toMinutes() > 0
                ? left.toMinutes() + " min " + left.toSecondsPart() + " s"
                : left.toSeconds() + " s";
    }
}
