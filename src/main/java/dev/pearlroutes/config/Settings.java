package dev.pearlroutes.config;

import dev.pearlroutes.model.Event;
import dev.pearlroutes.model.FinalStatuses;
import java.math.BigDecimal;
import java.net.URI;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;

/**
 * The settings, checked as a whole.
 *
 * @param dataDir absolute folder for everything that is written, {@code sandbox} already appended in the sandbox
 * @param sandbox whether the in-process sandbox stands in for the API
 * @param baseUrl address of the API, without a trailing slash; of no meaning in the sandbox
 * @param token {@code accountId:secretKey}; null in the sandbox and never null outside it
 * @param connectTimeout longest wait for a connection
 * @param responseTimeout longest wait for an answer
 * @param maxInFlight concurrent requests of the account
 * @param maxPerSecond ceiling of requests per second; 0 for none
 * @param accountCheck time between two readings of the account; zero: it is never read
 * @param creditWarning balance of the account from which on a warning is given; zero for none
 * @param finalStatuses by which a call is over
 * @param unknownPolicy what happens to a lead that is proven absent
 * @param settleTime how long after giving up an absent lead can count as absent
 * @param filesAtOnce sources of an outbound that are sent at the same time
 * @param extraTimeZones Windows time zone names to accept besides the known ones
 * @param ledgerUrl {@code jdbc:sqlite:} and a file, or {@code jdbc:postgresql:} and a database
 * @param ledgerAccess how that database is reached
 * @param ledgerRetention how long a finished source is remembered; null for ever
 * @param jms the connection to a broker
 * @param http the HTTP server
 * @param filesMode permissions of the files written
 * @param quietTime how long a dropped file or a list is unchanged that nobody writes any more
 * @param keepEvents how long an event is kept that every sink has received; zero for not at all
 * @param ops to whom troubles are reported
 * @param outbounds at least one, in the order of the file, those of the environment after them by name
 * @param camel the {@code camel.*} keys of the file, untouched
 * @param warnings one line each for the log; they hold no values
 */
public record Settings(
        Path dataDir,
        boolean sandbox,
        URI baseUrl,
        Secret token,
        Duration connectTimeout,
        Duration responseTimeout,
        int maxInFlight,
        int maxPerSecond,
        Duration accountCheck,
        BigDecimal creditWarning,
        FinalStatuses finalStatuses,
        UnknownPolicy unknownPolicy,
        Duration settleTime,
        int filesAtOnce,
        Set<String> extraTimeZones,
        String ledgerUrl,
        LedgerAccess ledgerAccess,
        Duration ledgerRetention,
        Jms jms,
        Http http,
        Set<PosixFilePermission> filesMode,
        Duration quietTime,
        Duration keepEvents,
        Ops ops,
        List<Outbound> outbounds,
        Map<String, String> camel,
        List<String> warnings) {

    /** Collects a value of each outbound, by the outbound's name; those of which it is null are left out. */
    public <T> Map<String, T> byOutbound(Function<Outbound, T> value) {
        Map<String, T> values = new HashMap<>();
        for (Outbound outbound : outbounds) {
            T found = value.apply(outbound);
            if (found != null) {
                values.put(outbound.name(), found);
            }
        }
        return Map.copyOf(values);
    }

    /** Lists the sinks of each outbound that has any, the one of ops events among them. */
    public Map<String, List<String>> sinks() {
        return withOps(Outbound::sinks, ops.sinks().isEmpty() ? null : ops.sinks());
    }

    /** Lists where HTTP sinks post, as {@link #sinks} does. */
    public Map<String, HttpTarget> httpSinks() {
        return withOps(Outbound::httpSink, ops.httpSink());
    }

    /** Lists the queues of JMS sinks, as {@link #sinks} does. */
    public Map<String, String> jmsSinkQueues() {
        return withOps(Outbound::jmsSinkQueue, ops.jmsSinkQueue());
    }

    /** Lists what file sinks write, as {@link #sinks} does. */
    public Map<String, FileFormat> fileFormats() {
        return withOps(Outbound::fileFormat, FileFormat.JSONL);
    }

    /** @param ofOps null for none */
    private <T> Map<String, T> withOps(Function<Outbound, T> value, T ofOps) {
        Map<String, T> values = new HashMap<>(byOutbound(value));
        if (ofOps != null) {
            values.put(Event.OPS_OUTBOX, ofOps);
        }
        return Map.copyOf(values);
    }

    /** Whether other processes may share the ledger. */
    public boolean shared() {
        return ledgerUrl.startsWith(ValueParsers.POSTGRESQL);
    }

    /** Names no values but the harmless ones, since Camel's own keys may hold passwords. */
    @Override
    public String toString() {
        return "Settings[dataDir=" + dataDir + ", sandbox=" + sandbox + ", outbounds=" + outbounds + "]";
    }
}
