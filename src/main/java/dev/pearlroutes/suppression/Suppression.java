package dev.pearlroutes.suppression;

import dev.pearlroutes.config.Outbound;
import dev.pearlroutes.files.DataFolders;
import dev.pearlroutes.files.Digests;
import dev.pearlroutes.files.LogText;
import dev.pearlroutes.files.QuietFiles;
import dev.pearlroutes.nlpearl.AddLeadRequest;
import dev.pearlroutes.nlpearl.Answer;
import dev.pearlroutes.nlpearl.CircuitBreakers;
import dev.pearlroutes.nlpearl.WithheldException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Clock;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The numbers that must not be called. While a list cannot be relied on (it cannot be read, is being written, or is too old) nothing is
 * sent where it is in force, since sending without it would let its numbers through.
 */
public final class Suppression {
    private static final Logger LOG = LoggerFactory.getLogger(Suppression.class);

    private final ListFolder common;
    private final Map<String, ListFolder> own = new TreeMap<>();
    private final CircuitBreakers breakers;
    private final Clock clock;
    private final ListAges ages;
    private final Map<String, InForce> inForce = new ConcurrentHashMap<>();
    private final Map<String, String> problems = new HashMap<>();
    /** Folders whose lists were all read at least once by this process. */
    private final Set<String> read = new HashSet<>();

    /** Outbounds with a list that is too old, or with none where one is required. */
    private final Set<String> stale = new HashSet<>();

    private final Set<String> toCheck = ConcurrentHashMap.newKeySet();

    public Suppression(
            DataFolders folders,
            Collection<Outbound> outbounds,
            ListReader reader,
            CircuitBreakers breakers,
            QuietFiles quietFiles,
            Clock clock) {
        this.breakers = breakers;
        this.clock = clock;
        this.ages = new ListAges(
                outbounds.stream()
                        .filter(outbound -> outbound.suppressionMaxAge() != null)
                        .collect(Collectors.toMap(Outbound::name, Outbound::suppressionMaxAge)),
                clock);
        Set<String> names = outbounds.stream().map(Outbound::name).collect(Collectors.toSet());
        this.common = new ListFolder(folders.suppress(), "suppress/", null, names, reader, quietFiles);
        for (Outbound outbound : outbounds) {
            String name = outbound.name();
            String prefix = "suppress/" + name + "/";
            own.put(
                    name,
                    new ListFolder(
                            folders.suppress(name), prefix, outbound.defaultRegion(), Set.of(), reader, quietFiles));
        }
    }

    /**
     * The lists that an outbound is under.
     *
     * @param readAt since when they are as they are
     * @param sha256 of what {@code sha256sum} prints of them, in the order of their paths; see {@link #sha256}
     */
    public record InForce(List<SuppressionList> lists, Instant readAt, String sha256) {
        public long numbers() {
            return lists.stream().mapToLong(SuppressionList::numbers).sum();
        }

        public long prefixes() {
            return lists.stream().mapToLong(SuppressionList::prefixes).sum();
        }

        /** Their paths below the data folder, in order. */
        public List<String> names() {
            return lists.stream().map(SuppressionList::name).toList();
        }

        /** Tells whether a whole number is on a list, by the ledger's hash of it. */
        public boolean hasNumber(byte[] hash) {
            return lists.stream().anyMatch(list -> list.hasNumber(hash));
        }
    }

    /** Reads what has changed: before anything is sent, and from time to time from then on. */
    public synchronized void look() {
        Optional<List<SuppressionList>> everyones = lists(null, common);
        own.forEach((outbound, folder) -> {
            Optional<List<SuppressionList>> its = lists(outbound, folder);
            if (everyones.isPresent() && its.isPresent()) {
                List<SuppressionList> all = Stream.concat(everyones.get().stream(), its.get().stream())
                        .toList();
                putInForce(outbound, all);
                resumeUnlessStale(outbound, all);
            } else if (its.isPresent() && !stale.contains(outbound)) {
                resume(outbound);
            }
        });
        everyones.ifPresent(any -> resume(null));
    }

    /**
     * Checks a number last of all before a request that would have it called.
     *
     * @param e164 with {@code +}; null for none
     * @throws WithheldException when it must not be called
     */
    public void check(String outbound, String e164) {
        InForce now = inForce.get(outbound);
        if (now != null && e164 != null) {
            for (SuppressionList list : now.lists()) {
                if (list.has(e164)) {
                    throw new WithheldException(Answer.Kind.SUPPRESSED, "on the suppression list " + list.name());
                }
            }
        }
    }

    /** Checks the number of an Add Lead. */
    public void checkLead(AddLeadRequest request) {
        check(request.outbound(), request.intent().phoneNumber());
    }

    /**
     * Notes that a lead can be called from now on: its request was under way while a list changed, or an update let it be called
     * again.
     *
     * @param phone the ledger's hash of the number
     */
    public void onAccepted(String outbound, byte[] phone) {
        InForce now = inForce.get(outbound);
        if (now != null && now.hasNumber(phone)) {
            toCheck.add(outbound);
        }
    }

    /** Describes the lists of an outbound for its receipts, as JSON; null when there is none. */
    public String describe(String outbound) {
        InForce now = inForce.get(outbound);
        return now == null
                ? null
                : "{\"readAt\":\"%s\",\"sha256\":\"%s\",\"numbers\":%d,\"prefixes\":%d}"
                        .formatted(now.readAt(), now.sha256(), now.numbers(), now.prefixes());
    }

    /** The lists of an outbound; null before they could be read first, or when there is none. */
    public InForce inForce(String outbound) {
        return inForce.get(outbound);
    }

    /** Tells whether all lists of an outbound are read as they are now, as far as is known. */
    public synchronized boolean isReliable(String outbound) {
        return !problems.containsKey(outbound) && !problems.containsKey(String.valueOf((Object) null));
    }

    /** Tells whether a whole number is on a list, or may be since the lists cannot be relied on. @param phone null for none */
    public boolean mayHave(String outbound, byte[] phone) {
        InForce now = inForce.get(outbound);
        return !isReliable(outbound) || now != null && phone != null && now.hasNumber(phone);
    }

    /** Outbounds whose accepted leads may be on a list and have not been stopped. */
    Set<String> toCheck() {
        return toCheck;
    }

    /** @param outbound null for the lists of all @return empty when they cannot be relied on; then the line is on hold */
    private Optional<List<SuppressionList>> lists(String outbound, ListFolder folder) {
        try {
            return Optional.of(folder.read(() -> breakers.forceOpen(outbound, "A suppression list is being read.")));
        } catch (UnreadableListException e) {
            String reason = e.getMessage() + ".";
            breakers.forceOpen(outbound, reason);
            if (!reason.equals(problems.put(String.valueOf(outbound), reason))) {
                String stopped = "STOPPED" + (outbound == null ? "" : " for " + outbound) + ".";
                if (e.passing() && !read.contains(String.valueOf(outbound))) {
                    LOG.info("Sending waits. {}", reason);
                } else if (e.passing()) {
                    LOG.warn("{} {}", stopped, reason);
                } else {
                    LOG.error("{} {} Sending waits, and resumes by itself when this is fixed.", stopped, reason);
                }
            }
            return Optional.empty();
        }
    }

    private void resumeUnlessStale(String outbound, List<SuppressionList> lists) {
        ListAges.Stale its = ages.judge(outbound, lists);
        if (its == null) {
            stale.remove(outbound);
            resume(outbound);
            return;
        }
        stale.add(outbound);
        breakers.forceOpen(outbound, its.reason());
        if (!its.what().equals(problems.put(outbound, its.what()))) {
            LOG.error(
                    "STOPPED for {}. {} Sending waits, and resumes by itself when this is fixed.",
                    outbound,
                    its.reason());
        }
    }

    private void resume(String outbound) {
        breakers.clearForced(outbound);
        read.add(String.valueOf(outbound));
        if (problems.remove(String.valueOf(outbound)) != null) {
            LOG.info("Sending{} resumes: the suppression lists are read", outbound == null ? "" : " of " + outbound);
        }
    }

    private void putInForce(String outbound, List<SuppressionList> lists) {
        String sha256 = sha256(lists);
        InForce before = inForce.get(outbound);
        if (lists.isEmpty()
                ? before != null
                : before == null || !before.sha256().equals(sha256)) {
            InForce now = new InForce(lists, clock.instant(), sha256);
            if (lists.isEmpty()) {
                inForce.remove(outbound);
            } else {
                inForce.put(outbound, now);
            }
            if (now.numbers() > 0) {
                toCheck.add(outbound);
            }
            LOG.info(
                    "Suppression of {}: {} with {} and {}",
                    outbound,
                    LogText.count(lists.size(), "list"),
                    LogText.count(now.numbers(), "number"),
                    now.prefixes() == 1 ? "1 prefix" : now.prefixes() + " prefixes");
        }
    }

    /** The hash of {@code <sha256>  <path below the data folder>} of each list, one a line. */
    private static String sha256(List<SuppressionList> lists) {
        MessageDigest digest = Digests.sha256();
        for (SuppressionList list : lists) {
            digest.update((list.sha256() + "  " + list.name() + "\n").getBytes(StandardCharsets.UTF_8));
        }
        return Digests.hex(digest.digest());
    }
}
