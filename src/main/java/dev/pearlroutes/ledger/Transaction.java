package dev.pearlroutes.ledger;

import dev.pearlroutes.ledger.tables.CallOutcomeTable;
import dev.pearlroutes.ledger.tables.CallTable;
import dev.pearlroutes.ledger.tables.CursorTable;
import dev.pearlroutes.ledger.tables.EventTable;
import dev.pearlroutes.ledger.tables.FailedStopTable;
import dev.pearlroutes.ledger.tables.LeadHistory;
import dev.pearlroutes.ledger.tables.LeadKeys;
import dev.pearlroutes.ledger.tables.LeadRows;
import dev.pearlroutes.ledger.tables.LeadTable;
import dev.pearlroutes.ledger.tables.MetaTable;
import dev.pearlroutes.ledger.tables.OutcomeStatistics;
import dev.pearlroutes.ledger.tables.RequestTable;
import dev.pearlroutes.ledger.tables.SinkTable;
import dev.pearlroutes.ledger.tables.SourceDecisions;
import dev.pearlroutes.ledger.tables.SourceList;
import dev.pearlroutes.ledger.tables.SourceTable;
import dev.pearlroutes.ledger.tables.Sql;
import dev.pearlroutes.ledger.tables.WaveTable;
import dev.pearlroutes.model.Event;
import java.util.ArrayList;
import java.util.List;

/**
 * One transaction of the ledger, which speaks in tables: each table is written by one class. What is done in it is durable
 * together or not at all. It is valid inside the work that it is given to, for its thread.
 */
public final class Transaction {
    private final Sql sql;
    private final List<Event> newEvents = new ArrayList<>();

    Transaction(Sql sql) {
        this.sql = sql;
    }

    /** Answers with the sources: files and messages that were taken. */
    public SourceTable sources() {
        return new SourceTable(sql);
    }

    /** Answers with the same sources, to be read for what people and limits have decided about them. */
    public SourceDecisions sourceDecisions() {
        return new SourceDecisions(sql);
    }

    /** Answers with the same sources, to be read page by page. */
    public SourceList sourceList() {
        return new SourceList(sql);
    }

    /** Answers with the bodies of requests by HTTP that are unfinished. */
    public RequestTable requests() {
        return new RequestTable(sql);
    }

    /** Answers with the rows of sources and their leads. */
    public LeadTable leads() {
        return new LeadTable(sql);
    }

    /** Answers with the same rows, to be read by their sources and states. */
    public LeadRows leadRows() {
        return new LeadRows(sql);
    }

    /** Answers with the same rows, to be read by the keys of their leads. */
    public LeadKeys leadKeys() {
        return new LeadKeys(sql);
    }

    /** Answers with the same rows, to be read for all that is known of single leads. */
    public LeadHistory leadHistory() {
        return new LeadHistory(sql);
    }

    /** Answers with the leads that must not be called any more and could not be stopped. */
    public FailedStopTable failedStops() {
        return new FailedStopTable(sql);
    }

    /** Answers with the outbox: events that wait for sinks or are kept to be replayed. */
    public EventTable events() {
        return new EventTable(sql, newEvents);
    }

    /** Answers with the sinks: their positions in the events and the lengths of their files. */
    public SinkTable sinks() {
        return new SinkTable(sql);
    }

    /** Answers with the calls as last seen. */
    public CallTable calls() {
        return new CallTable(sql);
    }

    /** Answers with the outcomes of the calls to each row. */
    public CallOutcomeTable callOutcomes() {
        return new CallOutcomeTable(sql);
    }

    /** Answers with what is counted of rows and calls by day. */
    public OutcomeStatistics statistics() {
        return new OutcomeStatistics(sql);
    }

    /** Answers with the positions up to which calls were read and leads were watched. */
    public CursorTable cursors() {
        return new CursorTable(sql);
    }

    /** Answers with the waves in which leads are released. */
    public WaveTable waves() {
        return new WaveTable(sql);
    }

    /** Answers with what the ledger keeps about itself. */
    public MetaTable meta() {
        return new MetaTable(sql);
    }

    /** Answers with the events that were appended, in their order. */
    List<Event> newEvents() {
        return newEvents;
    }

    Sql sql() {
        return sql;
    }
}
