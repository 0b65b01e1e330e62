package dev.pearlroutes.ledger;

import dev.pearlroutes.events.Events;
import dev.pearlroutes.files.DataFolders;
import dev.pearlroutes.files.QuietFiles;
import dev.pearlroutes.mapping.PhoneNumbers;
import dev.pearlroutes.model.LeadIdentity;
import dev.pearlroutes.model.LeadIntent;
import dev.pearlroutes.model.Outcome;
import dev.pearlroutes.model.Source;
import dev.pearlroutes.nlpearl.CircuitBreakers;
import dev.pearlroutes.nlpearl.Shutdown;
import dev.pearlroutes.nlpearl.rate.AdaptiveRate;
import dev.pearlroutes.recall.Cancellations;
import dev.pearlroutes.sending.CallableListeners;
import dev.pearlroutes.sending.IntentPlanner;
import dev.pearlroutes.sending.OutcomeRecorder;
import dev.pearlroutes.sending.PromisedKeys;
import dev.pearlroutes.suppression.ListReader;
import dev.pearlroutes.suppression.Suppression;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/** The planning and recording of leads as the program does it, for tests that need leads in a ledger. */
public final class Leads {
    public static final Duration SETTLE_TIME = Duration.ofSeconds(60);

    private final Ledger ledger;
    private final PromisedKeys promised = new PromisedKeys();
    private final IntentPlanner planner;
    private final OutcomeRecorder recorder;

    public Leads(Ledger ledger) {
        this(ledger, Map.of());
    }

    public Leads(Ledger ledger, Map<String, LeadIdentity> identities) {
        Events events = new Events(Clock.systemUTC());
        this.ledger = ledger;
        this.planner = new IntentPlanner(ledger, events, identities, promised);
        this.recorder = new OutcomeRecorder(ledger, events, listeners(ledger), SETTLE_TIME, journal(ledger));
    }

    /** No number is on a list, and no source is cancelled. */
    public static CallableListeners listeners(Ledger ledger) {
        Clock clock = Clock.systemUTC();
        CircuitBreakers breakers = new CircuitBreakers(clock, new AdaptiveRate(0, clock), new Shutdown(clock));
        return new CallableListeners(
                new Suppression(
                        new DataFolders(Path.of("none")),
                        List.of(),
                        new ListReader(new PhoneNumbers(), ledger.keyedHash(), Path.of("none")),
                        breakers,
                        new QuietFiles(Duration.ZERO),
                        clock),
                new Cancellations(null, null, null, null, null, breakers));
    }

    /** A journal that is kept in memory alone, as on a system without a name of its boot. */
    public static SendJournal journal(Ledger ledger) {
        return new SendJournal(Path.of("none"), ledger.keyedHash(), 32, null);
    }

    public IntentPlanner planner() {
        return planner;
    }

    /** The keys that updates under way give to leads. */
    public PromisedKeys promised() {
        return promised;
    }

    public OutcomeRecorder recorder() {
        return recorder;
    }

    public List<LeadIntent> plan(Source source, List<LeadIntent> batch, Instant at) {
        return planner.plan(source, batch, at).orElseThrow();
    }

    public void record(Source source, List<Outcome> outcomes, List<LeadIntent> unsent, Instant at) {
        recorder.record(source, outcomes, unsent, at);
    }

    public void settle(Source source, Outcome outcome, boolean found, Instant at) {
        recorder.settle(source, outcome, found, at);
    }

    public long planned(Source source) {
        return planner.planned(source);
    }

    public Map<Long, Outcome> outcomes(Source source, long from, long to) {
        return ledger.read(tx -> tx.leadRows().outcomes(source, from, to));
    }

    public boolean everAccepted(String outbound) {
        return ledger.read(tx -> tx.leadRows().everAccepted(outbound));
    }
}
