package dev.pearlroutes.ops;

import dev.pearlroutes.files.LogText;
import dev.pearlroutes.model.Trouble;
import dev.pearlroutes.nlpearl.Backoff;
import dev.pearlroutes.ops.OpsState.Entry;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The mails about the troubles of the program: one for an outage, with all that began within a minute; no more than one in ten minutes
 * while it lasts; and one when all of it is over. A mail that cannot be sent is tried again, ever more seldom.
 */
public final class OpsMail {
    private static final Logger LOG = LoggerFactory.getLogger(OpsMail.class);

    /** Longest line of the subject. */
    private static final int SUBJECT = 120;

    private static final Backoff WAITS = new Backoff(Duration.ofSeconds(5), Duration.ofMinutes(5));

    private final OpsWatch watch;
    private final String host;
    private final String page;
    private final Pace pace;
    private final Clock clock;
    private Instant next = Instant.MIN;
    private int failures;
    private volatile String problem;

    /**
     * How long mails wait for more to tell of.
     *
     * @param delay from the first trouble, or the last end, to the mail
     * @param pause between two mails of one outage
     */
    public record Pace(Duration delay, Duration pause) {}

    /**
     * A mail. Its subject is one line without control characters.
     *
     * @param tells what it reports
     */
    public record Mail(String subject, String text, List<Entry> tells) {}

    /** @param host name of this machine, or of the node @param page address of the operator's page */
    public OpsMail(OpsWatch watch, String host, String page, Pace pace, Clock clock) {
        this.watch = watch;
        this.host = host;
        this.page = page;
        this.pace = pace;
        this.clock = clock;
    }

    /** Answers with the mail to send now; null when there is none. */
    public Mail due() {
        Instant now = clock.instant();
        OpsState state = watch.toMail();
        List<Entry> news = state.entries().stream()
                .filter(entry -> !entry.mailed() && (entry.open() || entry.once()))
                .toList();
        if (now.isBefore(next)) {
            return null;
        }
        return news.isEmpty() ? allWell(state, now) : trouble(state, news, now);
    }

    private Mail trouble(OpsState state, List<Entry> news, Instant now) {
        Instant first = news.stream().map(Entry::since).min(Instant::compareTo).orElseThrow();
        boolean lasts = state.entries().stream().anyMatch(Entry::mailed);
        boolean due = !now.isBefore(first.plus(pace.delay()))
                && (!lasts || !now.isBefore(state.mailedAt().plus(pace.pause())));
        if (!due) {
            return null;
        }
        List<Entry> over = over(state).toList();
        StringBuilder text = new StringBuilder();
        part(text, "What needs you", news, Entry::open);
        part(text, "What has happened", news, Entry::once);
        part(text, "Still so", state.entries(), entry -> entry.open() && entry.mailed());
        part(text, "What is over", over, entry -> true);
        String subject = LogText.count(news.size(), "trouble") + " on " + host + ": "
                + news.stream().map(entry -> title(entry.trouble())).distinct().collect(Collectors.joining(", "));
        return mail(subject, text, Stream.concat(news.stream(), over.stream()).toList());
    }

    private Mail allWell(OpsState state, Instant now) {
        List<Entry> over = over(state).toList();
        if (over.isEmpty()
                || state.open().findAny().isPresent()
                || over.stream().anyMatch(entry -> now.isBefore(entry.until().plus(pace.delay())))) {
            return null;
        }
        StringBuilder text = new StringBuilder("All is well again.\n\n");
        part(text, "What is over", over, entry -> true);
        return mail("All well again on " + host, text, over);
    }

    private static Stream<Entry> over(OpsState state) {
        return state.entries().stream().filter(entry -> entry.mailed() && !entry.open());
    }

    private Mail mail(String subject, StringBuilder text, List<Entry> tells) {
        String line = LogText.printable("pearl-routes: " + subject);
        return new Mail(
                line.length() > SUBJECT ? line.substring(0, SUBJECT - 1) + "…" : line,
                text.append("Page: ").append(page).append("/\n").toString(),
                tells);
    }

    private static void part(StringBuilder text, String title, List<Entry> entries, Predicate<Entry> which) {
        List<Entry> some = entries.stream().filter(which).toList();
        if (!some.isEmpty()) {
            text.append(title).append(":\n");
            some.forEach(entry -> text.append("- ")
                    .append(title(entry.trouble()))
                    .append(entry.once() ? ", at " : ", since ")
                    .append(entry.since().truncatedTo(ChronoUnit.SECONDS))
                    .append(
                            entry.open() || entry.once()
                                    ? ""
                                    : " until " + entry.until().truncatedTo(ChronoUnit.SECONDS))
                    .append("\n  ")
                    .append(LogText.printable(entry.trouble().text()))
                    .append('\n'));
            text.append('\n');
        }
    }

    private static String title(Trouble trouble) {
        return LogText.printable(trouble.kind().replace('-', ' ')
                + (trouble.subject() == null ? "" : " " + trouble.subject())
                + (trouble.outbound() == null ? "" : " of " + trouble.outbound()));
    }

    /** Notes that a mail was sent. */
    public void sent(Mail mail) {
        if (problem != null) {
            LOG.info("Mails are sent again");
        }
        problem = null;
        failures = 0;
        watch.mailed(mail.tells(), clock.instant());
        LOG.info("Mail sent: {}", mail.subject());
    }

    /** Notes that a mail could not be sent. */
    public void failed(Exception failure) {
        failures++;
        next = clock.instant().plus(WAITS.after(failures));
        if (problem == null) {
            LOG.error(
                    "Mails about troubles cannot be sent ({}): check ops.mail.host, its port, tls, username and password. They are"
                            + " tried again by themselves",
                    cause(failure));
        }
        problem = "Mails about troubles cannot be sent (" + cause(failure) + "): check ops.mail.*.";
    }

    /** The kind of the innermost failure: the words of a mail server may repeat an address or a password. */
    private static String cause(Throwable failure) {
        Throwable cause = failure;
        while (cause.getCause() != null) {
            cause = cause.getCause();
        }
        return cause.getClass().getSimpleName();
    }

    /** Says for health why mails cannot be sent; empty while they can. */
    public List<String> problems() {
        return Optional.ofNullable(problem).stream().toList();
    }
}
