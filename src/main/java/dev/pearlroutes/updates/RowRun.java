package dev.pearlroutes.updates;

import dev.pearlroutes.leads.LeadReader;
import dev.pearlroutes.leads.Run;
import dev.pearlroutes.ledger.Updates;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** A source of updates or look-ups being worked on, batch by batch. One thread at a time. */
public final class RowRun {
    private final Run run;
    private final LeadReader reader;
    private final List<RowRequest> unsettled = new ArrayList<>();
    private final List<Updates.Done> done = new ArrayList<>();
    private long rows;
    private int failedRounds;

    RowRun(Run run, LeadReader reader) {
        this.run = run;
        this.reader = reader;
    }

    public Run getRun() {
        return run;
    }

    LeadReader reader() {
        return reader;
    }

    String outbound() {
        return run.source().outbound();
    }

    /** @param read rows of the source that the batch stands for, those that nothing is asked for included */
    void begin(long read, List<RowRequest> requests) {
        rows = read;
        unsettled.clear();
        unsettled.addAll(requests);
        done.clear();
        failedRounds = 0;
    }

    boolean settled() {
        return unsettled.isEmpty();
    }

    /**
     * The requests of the next round: of each lead the first row that is open, since the rows about one lead are to take
     * effect in their order. Those that got no answer before come last, so that they are not ever the ones to be tried first.
     */
    public List<RowRequest> getRound() {
        Set<String> leads = new HashSet<>();
        return unsettled.stream()
                .filter(request -> leads.add(request.lead()))
                .sorted(Comparator.comparingInt(RowRequest::lost))
                .toList();
    }

    void settle(RowRequest request, Updates.Done outcome) {
        unsettled.remove(request);
        done.add(outcome);
    }

    List<Updates.Done> done() {
        return done;
    }

    /** To be called when the outcomes are on record. */
    void recorded() {
        run.advance(rows - unsettled.size());
    }

    /** @param failed whether requests have to be made again for which nobody else says when */
    void rounded(boolean failed) {
        failedRounds = failed ? failedRounds + 1 : 0;
    }

    /** How many rounds in a row have failed. */
    int failedRounds() {
        return failedRounds;
    }
}
