package dev.pearlroutes.updates;

import dev.pearlroutes.intake.SourceRun;
import dev.pearlroutes.model.UpdateResult;
import dev.pearlroutes.rows.RowReader;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** A source of updates or look-ups being worked on, batch by batch. One thread at a time. */
public final class UpdateRun {
    private final SourceRun run;
    private final RowReader reader;
    private final List<LeadQuery> unsettled = new ArrayList<>();
    private final List<UpdateResult> done = new ArrayList<>();
    private long rows;
    private int failedRounds;

    UpdateRun(SourceRun run, RowReader reader) {
        this.run = run;
        this.reader = reader;
    }

    public SourceRun getRun() {
        return run;
    }

    RowReader reader() {
        return reader;
    }

    String outbound() {
        return run.source().outbound();
    }

    /** @param read rows of the source that the batch stands for, those that nothing is asked for included */
    void begin(long read, List<LeadQuery> requests) {
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
     * effect in their order. Those that got no answer before come last, so that they are not always tried first.
     */
    public List<LeadQuery> getRound() {
        Set<String> leads = new HashSet<>();
        return unsettled.stream()
                .filter(request -> leads.add(request.lead()))
                .sorted(Comparator.comparingInt(LeadQuery::lost))
                .toList();
    }

    void settle(LeadQuery request, UpdateResult outcome) {
        unsettled.remove(request);
        done.add(outcome);
    }

    List<UpdateResult> done() {
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

    /** Counts the rounds that have failed in a row. */
    int failedRounds() {
        return failedRounds;
    }
}
