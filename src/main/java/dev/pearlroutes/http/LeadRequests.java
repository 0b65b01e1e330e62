package dev.pearlroutes.http;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.pearlroutes.approval.Preflight;
import dev.pearlroutes.approval.SendLimits;
import dev.pearlroutes.intake.RequestIntake;
import dev.pearlroutes.intake.SourceRun;
import dev.pearlroutes.model.Source;
import dev.pearlroutes.receipts.Replies;
import dev.pearlroutes.rows.UnreadableSourceException;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.camel.Exchange;
import org.apache.camel.Message;

/**
 * Requests with leads, updates, look-ups or checks. One that is answered with 202 or 200 is in the ledger, and worked on also when the
 * program ends meanwhile; one that is refused leaves nothing behind.
 */
public final class LeadRequests {
    /** By the last part of the path. */
    private static final Map<String, Source.Operation> OPERATIONS = Map.of(
            "leads", Source.Operation.ADD,
            "updates", Source.Operation.UPDATE,
            "lookups", Source.Operation.LOOKUP,
            "checks", Source.Operation.CHECK);

    private static final Pattern KEY = Pattern.compile("[\\x21-\\x7e]{1,255}");
    private static final Pattern WAIT = Pattern.compile("(?i)(?:.*[,;]\\s*)?wait\\s*=\\s*([0-9]{1,6})(?![0-9]).*");
    private static final Duration LONGEST_WAIT = Duration.ofSeconds(30);

    /** Requests that wait for a receipt at the same time; fewer than there are threads that answer requests. */
    private static final int MOST_WAITING = 48;

    /** Bytes of a body that is small: larger ones, and compressed ones, are read few at a time. */
    private static final int SMALL = 1 << 20;

    private static final int LARGE_AT_ONCE = 4;
    private static final int SECONDS_FOR_A_PLACE = 10;

    private final Asked asked;
    private final RequestIntake intake;
    private final SendLimits limits;
    private final Preflight preflight;
    private final Replies replies;
    private final Semaphore waiting = new Semaphore(MOST_WAITING);
    private final Semaphore large = new Semaphore(LARGE_AT_ONCE);
    private final RowBudget rows = new RowBudget(Runtime.getRuntime().maxMemory());

    public LeadRequests(Asked asked, RequestIntake intake, SendLimits limits, Preflight preflight, Replies replies) {
        this.asked = asked;
        this.intake = intake;
        this.limits = limits;
        this.preflight = preflight;
        this.replies = replies;
    }

    /** Work on a body. */
    @FunctionalInterface
    private interface Use<T> {
        T of(byte[] body) throws IOException, InterruptedException;
    }

    /**
     * Enters a request in the ledger, or finds it there when the client sends it again with its key.
     *
     * @throws ProblemException when it is refused
     * @throws UnreadableSourceException when it can't be used, or is above a limit
     */
    public Source enter(Exchange exchange) throws IOException, InterruptedException {
        Message request = exchange.getMessage();
        String outbound = asked.outbound(request.getHeader("name", String.class));
        Source.Operation operation = operation(request);
        String key = key(request);
        intake.refusal(outbound, operation).ifPresent(why -> {
            throw new ProblemException(HttpDoor.UNAVAILABLE, "Not now", why);
        });
        return withBody(exchange, body -> {
            RequestIntake.Entered entered = intake.enter(outbound, operation, key, body)
                    .orElseThrow(() -> new ProblemException(
                            409,
                            "The key was used before",
                            "another body was sent with this Idempotency-Key: send each with a key of its own"));
            if (entered.isNew()) {
                begin(entered.source());
            }
            return entered.source();
        });
    }

    private void begin(Source source) {
        try {
            rows.check(source.rows());
            limits.admitMessage(source);
        } catch (RuntimeException e) {
            intake.forget(source.id());
            throw e;
        }
        intake.begin(source);
    }

    /** Answers with the receipt of a request: at once, or when it is finished, if the client prefers to wait. */
    public void answer(Exchange exchange, Source request) throws IOException, InterruptedException {
        String prefer = exchange.getMessage().getHeader("Prefer", String.class);
        Matcher wait = WAIT.matcher(prefer == null ? "" : prefer);
        boolean waited = wait.matches() && waiting.tryAcquire();
        Duration most = waited ? Duration.ofSeconds(Long.parseLong(wait.group(1))) : Duration.ZERO;
        if (waited) {
            try {
                intake.await(request, most.compareTo(LONGEST_WAIT) > 0 ? LONGEST_WAIT : most);
            } finally {
                waiting.release();
            }
        }
        Source source = intake.find(request.id())
                .orElseThrow(() -> new ProblemException(410, "Gone", "the request was forgotten meanwhile"));
        ObjectNode reply = source.unfinished()
                ? replies.ofRequest(source)
                : rows.within(source.rows(), SECONDS_FOR_A_PLACE, () -> replies.ofRequest(source));
        Message answer = JsonAnswers.put(exchange, source.unfinished() ? 202 : 200, reply);
        answer.setHeader("Location", "/api/sources/" + source.id());
        if (waited) {
            answer.setHeader("Preference-Applied", "wait=" + most.toSeconds());
        }
    }

    /** Answers with what sending the leads of a request would do. */
    public void check(Exchange exchange) throws IOException, InterruptedException {
        Message request = exchange.getMessage();
        String outbound = asked.outbound(request.getHeader("name", String.class));
        ObjectNode reply = withBody(exchange, body -> {
            SourceRun run = intake.unrecorded(outbound, Source.Operation.CHECK, body);
            long read = run.source().rows();
            rows.check(read);
            return rows.within(read, SECONDS_FOR_A_PLACE, () -> preflight.reply(run, replies));
        });
        if (reply == null) {
            throw new ProblemException(HttpDoor.UNAVAILABLE, "Not now", "the program stops: send it again");
        }
        JsonAnswers.put(exchange, 200, reply);
    }

    /** Hands over the body, in UTF-8 where it is text. */
    private <T> T withBody(Exchange exchange, Use<T> use) throws IOException, InterruptedException {
        Message request = exchange.getMessage();
        byte[] body = request.getBody(byte[].class);
        String encoding = request.getHeader(Exchange.CONTENT_ENCODING, String.class);
        boolean isLarge = body != null && body.length > SMALL || encoding != null;
        if (isLarge && !large.tryAcquire(SECONDS_FOR_A_PLACE, TimeUnit.SECONDS)) {
            throw new ProblemException(HttpDoor.UNAVAILABLE, "Too many requests at once", "send it again in a moment");
        }
        try {
            return use.of(RequestBody.read(
                    body == null ? new byte[0] : body,
                    request.getHeader(Exchange.CONTENT_TYPE, String.class),
                    encoding));
        } finally {
            if (isLarge) {
                large.release();
            }
        }
    }

    private static Source.Operation operation(Message request) {
        String path = request.getHeader(Exchange.HTTP_PATH, String.class);
        return OPERATIONS.get(path.substring(path.lastIndexOf('/') + 1));
    }

    private static String key(Message request) {
        String key = request.getHeader("Idempotency-Key", "", String.class);
        if (!key.isEmpty() && !KEY.matcher(key).matches()) {
            throw new ProblemException(
                    400,
                    "Idempotency-Key is not usable",
                    "write 1 to 255 letters, digits and signs of ASCII, without blanks");
        }
        return key;
    }
}
