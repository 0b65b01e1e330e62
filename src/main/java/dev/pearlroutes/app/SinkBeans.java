package dev.pearlroutes.app;

import dev.pearlroutes.config.Outbound;
import dev.pearlroutes.config.Settings;
import dev.pearlroutes.delivery.DeadLetterFiles;
import dev.pearlroutes.delivery.EventDispatcher;
import dev.pearlroutes.delivery.FileSink;
import dev.pearlroutes.delivery.HttpSink;
import dev.pearlroutes.delivery.HttpSinkClient;
import dev.pearlroutes.delivery.JmsSink;
import dev.pearlroutes.delivery.Outbox;
import dev.pearlroutes.delivery.Replays;
import dev.pearlroutes.delivery.SinkFiles;
import dev.pearlroutes.files.AtomicFiles;
import dev.pearlroutes.files.DataFolders;
import dev.pearlroutes.ledger.Ledger;
import dev.pearlroutes.nlpearl.AnswerClassifier;
import java.time.Clock;
import org.apache.camel.main.Main;

/** The beans by which events reach the sinks. */
final class SinkBeans {
    private final Settings settings;
    private final Ledger ledger;
    private final Outbox outbox;
    private final DeadLetterFiles undelivered;
    private final EventDispatcher deliveries;
    private final Replays replays;
    private final FileSink fileSink;
    private final HttpSink httpSink;
    private final SinkMetrics metrics;

    SinkBeans(
            Settings settings,
            Ledger ledger,
            DataFolders folders,
            AtomicFiles wholeFiles,
            AnswerClassifier answers,
            Clock clock) {
        this.settings = settings;
        this.ledger = ledger;
        this.outbox = new Outbox(ledger, settings.keepEvents());
        this.undelivered =
                new DeadLetterFiles(folders, wholeFiles, outbox, settings.byOutbound(Outbound::sinks), clock);
        this.deliveries = new EventDispatcher(outbox, undelivered, clock);
        this.replays =
                new Replays(outbox, wholeFiles, settings.byOutbound(Outbound::sinks), settings.keepEvents(), clock);
        this.fileSink = new FileSink(
                folders, wholeFiles, new SinkFiles(ledger), settings.byOutbound(Outbound::fileFormat), clock);
        this.httpSink = new HttpSink(settings.byOutbound(Outbound::httpSink), answers::retryAfter, clock);
        this.metrics = new SinkMetrics(deliveries, undelivered, ledger, clock);
    }

    /** Has events wait for every sink that is configured. */
    void register() {
        settings.outbounds().forEach(outbound -> outbox.register(outbound.name(), outbound.sinks()));
    }

    void bind(Main camel) {
        camel.bind("eventDispatcher", deliveries);
        camel.bind("fileSink", fileSink);
        camel.bind("httpSink", httpSink);
        camel.bind("httpSinkClient", new HttpSinkClient());
        camel.bind("jmsSink", new JmsSink());
        camel.bind("outbox", outbox);
        camel.bind("replays", replays);
        camel.bind("sink-health-check", new SinkHealthCheck(deliveries, ledger));
        camel.bind("deadLetterFiles", undelivered);
    }

    SinkMetrics metrics() {
        return metrics;
    }
}
