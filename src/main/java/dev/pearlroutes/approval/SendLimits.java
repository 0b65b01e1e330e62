package dev.pearlroutes.approval;

import dev.pearlroutes.approval.ApprovalStore.Standing;
import dev.pearlroutes.config.Outbound;
import dev.pearlroutes.intake.SourceLog;
import dev.pearlroutes.intake.SourceRun;
import dev.pearlroutes.model.Source;
import dev.pearlroutes.model.Trouble;
import dev.pearlroutes.recall.Cancellations;
import dev.pearlroutes.rows.UnreadableSourceException;
import java.io.IOException;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The limits of an outbound: a lead file that is above one waits, whole, until a person approves or cancels it. */
public final class SendLimits {
    private static final Logger LOG = LoggerFactory.getLogger(SendLimits.class);

    private final Map<String, Outbound.Limits> limits;
    private final ApprovalStore store;
    private final Preflight preflight;
    private final ApprovalNotices notices;
    private final Cancellations cancellations;
    private final Clock clock;
    private final Set<Long> waiting = ConcurrentHashMap.newKeySet();

    /** @param limits by outbound */
    public SendLimits(
            Map<String, Outbound.Limits> limits,
            ApprovalStore store,
            Preflight preflight,
            ApprovalNotices notices,
            Cancellations cancellations,
            Clock clock) {
        this.limits = Map.copyOf(limits);
        this.store = store;
        this.preflight = preflight;
        this.notices = notices;
        this.cancellations = cancellations;
        this.clock = clock;
    }

    /** Recovers at start, and logs the files that have waited since the last run. */
    public void recoverAtStart() {
        store.recoverAtStart();
        for (Source source : store.waiting()) {
            waiting.add(source.id());
            SourceLog.warn(LOG, source)
                    .log(
                            "{} of {} still waits for approval: see {}",
                            source.name(),
                            source.outbound(),
                            notices.fileOf(source));
        }
    }

    /** Counts the files that wait for a person, without the ledger. */
    public int waiting() {
        return waiting.size();
    }

    /** Lists the files that wait for a person, each as a trouble. */
    public List<Trouble> troubles() {
        return waiting.isEmpty()
                ? List.of()
                : store.waiting().stream().map(this::trouble).toList();
    }

    private Trouble trouble(Source source) {
        return new Trouble(
                "approval",
                source.outbound(),
                source.name(),
                "%s of %s waits for approval: see %s; to send it, put an empty %1$s.approve beside that, and %1$s.cancel not to."
                        .formatted(source.name(), source.outbound(), notices.fileOf(source)));
    }

    /**
     * Decides whether a scanned lead file may be sent. One that is above a limit waits from here on, in the ledger and with a notice in
     * the inbox: the receipt of its preflight, and why.
     *
     * @return false also when the process stops before that is known
     */
    public boolean admit(SourceRun run) throws IOException {
        Source source = run.source();
        if (source.operation() != Source.Operation.ADD) {
            return true;
        }
        Standing standing = run.isNew() ? Standing.NEW : store.standing(source.id());
        if (standing == Standing.ADMITTED || cancellations.isCancelled(source.id())) {
            waiting.remove(source.id());
            notices.remove(source);
            return true;
        }
        return standing == Standing.NEW && judge(run);
    }

    /** Lets a message in. @throws UnreadableSourceException when it is above a limit: at a queue nobody can be asked */
    public void admitMessage(Source message) {
        Outbound.Limits limit = limits.get(message.outbound());
        if (message.unfinished()
                && message.operation() == Source.Operation.ADD
                && (limit.maxLeadsPerFile() > 0 || limit.maxLeadsPerDay() > 0)
                && store.standing(message.id()) == Standing.NEW) {
            String why = above(message, message.rows(), limit);
            if (why != null) {
                throw new UnreadableSourceException(why + ": send it as a file, which waits for an approval");
            }
        }
    }

    private boolean judge(SourceRun run) throws IOException {
        Source source = run.source();
        Outbound.Limits limit = limits.get(source.outbound());
        if (limit.maxLeadsPerFile() == 0 && limit.maxLeadsPerDay() == 0) {
            return true;
        }
        if (limit.maxLeadsPerDay() == 0 && source.rows() <= limit.maxLeadsPerFile()) {
            return above(source, source.rows(), limit) == null;
        }
        PreflightReport report = preflight.of(run);
        if (report == null) {
            return false;
        }
        String why = above(source, report.leads(), limit);
        if (why != null) {
            notices.write(source, report.counts(), receipt -> {
                preflight.addTo(receipt, report, source);
                receipt.put("needsApproval", source.name() + " " + why);
            });
            store.hold(source.id(), today(report.leads(), limit));
            waiting.add(source.id());
            SourceLog.warn(LOG, source)
                    .log(
                            "{} of {} waits for approval, since it {}. See {}; to send it, put an empty {}.approve beside that, and"
                                    + " {}.cancel not to",
                            source.name(),
                            source.outbound(),
                            why,
                            notices.fileOf(source),
                            source.name(),
                            source.name());
        }
        return why == null;
    }

    /** Lets a source in, unless it is above a limit. @return which one; null when it is let in */
    private String above(Source source, long leads, Outbound.Limits limit) {
        String key = "outbound." + source.outbound();
        if (limit.maxLeadsPerFile() > 0 && leads > limit.maxLeadsPerFile()) {
            return "has %d to be sent, more than the %d of %s.max-leads-per-file"
                    .formatted(leads, limit.maxLeadsPerFile(), key);
        }
        long today = today(leads, limit);
        OptionalLong left = store.admit(source, today, limit.maxLeadsPerDay(), clock.instant());
        return left.isEmpty()
                ? null
                : "has %d to be sent today, and %d are left of the %d of %s.max-leads-per-day"
                        .formatted(today, left.getAsLong(), limit.maxLeadsPerDay(), key);
    }

    /** Leads of a file that its waves leave for this day. */
    private static long today(long leads, Outbound.Limits limit) {
        return limit.release() == null ? leads : Math.min(leads, limit.release().mostADay());
    }
}
