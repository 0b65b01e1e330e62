package dev.pearlroutes.intake;

import dev.pearlroutes.model.Source;
import org.slf4j.Logger;
import org.slf4j.spi.LoggingEventBuilder;

/**
 * The log lines about a source. All of them carry its outbound and its number, by which the ledger, the folder in {@code work/} and the
 * HTTP API know it too, and those about one of its rows carry the line: so whatever the words are, one search finds them all.
 */
public final class SourceLog {
    private SourceLog() {}

    public static LoggingEventBuilder info(Logger log, Source source) {
        return info(log, source.outbound(), source.id());
    }

    public static LoggingEventBuilder info(Logger log, String outbound, long sourceId) {
        return of(log.atInfo(), outbound, sourceId);
    }

    public static LoggingEventBuilder warn(Logger log, Source source) {
        return of(log.atWarn(), source.outbound(), source.id());
    }

    public static LoggingEventBuilder error(Logger log, Source source) {
        return of(log.atError(), source.outbound(), source.id());
    }

    /** @param line of the source on which the row starts */
    public static LoggingEventBuilder info(Logger log, Source source, long line) {
        return info(log, source).addKeyValue("line", line);
    }

    private static LoggingEventBuilder of(LoggingEventBuilder line, String outbound, long sourceId) {
        return line.addKeyValue("outbound", outbound).addKeyValue("source", sourceId);
    }
}
