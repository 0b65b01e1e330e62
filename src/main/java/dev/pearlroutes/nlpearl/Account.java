package dev.pearlroutes.nlpearl;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.pearlroutes.model.AccountStatus;
import java.math.BigDecimal;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.apache.camel.Body;
import org.apache.camel.Header;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The account as Get Account tells of it: its status and its credit. While it can call nobody, Add Lead is held. What the API does not
 * say, or says in a word that is unknown here, changes nothing.
 */
public final class Account {
    private static final Logger LOG = LoggerFactory.getLogger(Account.class);

    /** Waits between two readings while the account cannot call, or none is answered. */
    private static final Backoff INTERVALS = new Backoff(Duration.ofSeconds(1), Duration.ofSeconds(30));

    /** Answers in a row that the operation does not exist or is not allowed, from which on that is believed of an account that is stopped. */
    private static final int MOST_UNWATCHED = 3;

    private final CircuitBreakers breakers;
    private final AnswerClassifier answers;
    private final Duration interval;
    private final BigDecimal creditWarning;
    private final Clock clock;
    private final ObjectMapper json = new ObjectMapper();

    /** What was logged already, to be logged once. */
    private final Set<String> told = new HashSet<>();

    private Instant asked = Instant.MIN;
    private Instant next = Instant.MIN;
    private int inARow;
    private int unwatched;
    private Integer status;
    private BigDecimal credit;
    private String stopped;
    private String warning;

    /**
     * @param interval between two readings; zero: the account is never read
     * @param creditWarning balance from which on a warning is given; zero for none
     */
    public Account(
            CircuitBreakers breakers,
            AnswerClassifier answers,
            Duration interval,
            BigDecimal creditWarning,
            Clock clock) {
        this.breakers = breakers;
        this.answers = answers;
        this.interval = interval;
        this.creditWarning = creditWarning;
        this.clock = clock;
    }

    /** Whether the account is to be read now: at the start, after each interval, and after a 402. To be told so counts as the reading. */
    public synchronized boolean takeReading() {
        if (interval.isZero() || breakers.shutdown().requested()) {
            return false;
        }
        Instant now = clock.instant();
        if (breakers.takeUnpaid() && next.isAfter(now)) {
            Instant soon = asked.plus(INTERVALS.first());
            next = soon.isBefore(next) ? soon : next;
        }
        boolean due = !now.isBefore(next);
        if (due) {
            asked = now;
            next = now.plus(interval);
        }
        return due;
    }

    /** Takes in an answer of Get Account. */
    public synchronized void onAnswer(
            @Header("CamelHttpResponseCode") int status, @Header("Retry-After") String retryAfter, @Body String body) {
        breakers.onReadAnswer(status, answers.retryAfter(retryAfter));
        if (status == 403 || status == 404) {
            onUnwatched(status);
        } else if (status == 401) {
            if (told.add("refused")) {
                LOG.warn("The API refuses Get Account (401): check nlpearl.token, accountId:secretKey");
            }
            onFailure();
        } else if (status == 200) {
            read(body);
        } else {
            onFailure();
        }
    }

    /** Takes in that this operation is not answered. After some in a row that ends the stop, whose end nobody would notice. */
    private void onUnwatched(int answer) {
        if (told.add("unanswered")) {
            LOG.info(
                    "The API does not answer Get Account ({}): credit and status of the account are not watched",
                    answer);
        }
        if (stopped != null && ++unwatched < MOST_UNWATCHED) {
            inARow++;
            askSoon();
        } else if (stopped != null) {
            LOG.warn(
                    "Sending resumes, since the API does not answer Get Account any more ({}). Before, {} If that is so still, the"
                            + " answers to leads stop sending",
                    answer,
                    stopped);
            stopped = null;
            breakers.holds().holdAccount(false);
        }
    }

    /** Takes in that no usable answer came: it is asked for again soon, and nothing else changes. */
    public synchronized void onFailure() {
        inARow++;
        askSoon();
    }

    /** Answers why the account can call nobody; empty while it can, or nothing is known of it. */
    public synchronized List<String> problems() {
        return Optional.ofNullable(stopped).stream().toList();
    }

    /** Answers what a person should know before the credit ends; empty while there is enough. */
    public synchronized List<String> warnings() {
        return Optional.ofNullable(warning).stream().toList();
    }

    /** The status by its code; null while it is not known. */
    public synchronized Integer status() {
        return status;
    }

    /** The balance; null while it is not known. */
    public synchronized BigDecimal credit() {
        return credit;
    }

    private void read(String body) {
        JsonNode account = parsed(body);
        if (!account.isObject()) {
            onFailure();
            return;
        }
        told.remove("refused");
        unwatched = 0;
        BigDecimal code = number(account.path("status"));
        status = code == null ? null : code.intValue();
        credit = number(account.path("creditBalance"));
        if (status != null) {
            Optional<AccountStatus> known = AccountStatus.ofCode(status);
            known.ifPresent(this::onStatus);
            if (known.isEmpty() && told.add("status " + status)) {
                LOG.info("The account's status {} is not known to this version and changes nothing", status);
            }
        }
        onCredit();
        if (stopped == null) {
            inARow = 0;
        } else {
            inARow++;
            askSoon();
        }
    }

    private void onStatus(AccountStatus now) {
        String before = stopped;
        stopped = now.canCall() ? null : reason(now);
        if (stopped != null) {
            breakers.holds().holdAccount(true);
            if (!stopped.equals(before)) {
                LOG.error("STOPPED. {} Sending waits and resumes by itself once this is fixed.", stopped);
            }
        } else if (before != null) {
            LOG.info("Sending resumes. This is over: {}", before);
            breakers.holds().holdAccount(false);
        }
    }

    private static String reason(AccountStatus status) {
        String remedy = switch (status) {
            case NO_CREDITS -> "has no credit left: add credit on the platform.";
            case DEBT_REACHED -> "has reached the limit of its debt: settle it on the platform.";
            default -> "is suspended: ask NLPearl why.";
        };
        return "the account can call nobody (status " + status.code() + ", " + status.apiName() + "), since it "
                + remedy;
    }

    private void onCredit() {
        if (credit == null) {
            return;
        }
        boolean low = creditWarning.signum() > 0 && credit.compareTo(creditWarning) <= 0;
        String before = warning;
        warning = low
                ? "the account's credit is " + credit.toPlainString() + ", and nlpearl.credit-warning is "
                        + creditWarning.toPlainString() + ": add credit before it ends, or sending stops."
                : null;
        if (low && before == null) {
            LOG.warn(warning);
        } else if (!low && before != null) {
            LOG.info("The account's credit is {} again", credit.toPlainString());
        }
    }

    private void askSoon() {
        Duration wait = INTERVALS.after(Math.max(1, inARow));
        next = clock.instant().plus(wait.compareTo(interval) < 0 ? wait : interval);
    }

    private JsonNode parsed(String body) {
        try {
            return json.readTree(body == null ? "" : body);
        } catch (JsonProcessingException e) {
            return json.missingNode();
        }
    }

    /** Reads a number that may be written as a text; null when it is none. */
    private static BigDecimal number(JsonNode node) {
        try {
            return node.isNumber() || node.isTextual()
                    ? new BigDecimal(node.asText().strip())
                    : null;
        } catch (NumberFormatException e) {
            return null;
        }
    }
}
