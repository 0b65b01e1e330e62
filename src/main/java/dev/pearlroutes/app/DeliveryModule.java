package dev.pearlroutes.app;

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
import dev.pearlroutes.model.Event;
import java.time.Clock;
import org.apache.camel.main.Main;

/** The beans by which events reach the sinks. */
final class DeliveryModule {
    private final Settings settings;
    private final Ledger ledger;
    private final Outbox outbox;
    private final DeadLetterFiles deadLetters;
    private final EventDispatcher dispatcher;
    private final Replays replays;
    private final FileSink fileSink;
    private final HttpSink httpSink;
    private final SinkMetrics metrics;

    DeliveryModule(Foundation foundation, ApiModule api) {
        this.settings = foundation.settings();
        this.ledger = foundation.ledger();
        DataFolders folders = foundation.folders();
        AtomicFiles atomicFiles = foundation.atomicFiles();
        Clock clock = foundation.clock();
        this.outbox = new Outbox(ledger, settings.keepEvents());
        this.deadLetters = new DeadLetterFiles(folders, atomicFiles, outbox, settings.sinks(), clock);
        this.dispatcher = new EventDispatcher(outbox, deadLetters, clock);
        this.replays = new Replays(outbox, atomicFiles, settings.sinks(), settings.keepEvents(), clock);
        this.fileSink = new FileSink(folders, atomicFiles, new SinkFiles(ledger), settings.fileFormats(), clock);
        this.httpSink = new HttpSink(settings.httpSinks(), api.answers(), clock);
        this.metrics = new SinkMetrics(dispatcher, deadLetters, ledger, clock);
    }

    /** Has events wait for every sink that is configured. */
    void register() {
        settings.sinks().forEach(outbox::register);
        if (settings.ops().sinks().isEmpty()) {
            outbox.unregister(Event.OPS_OUTBOX);
        }
    }

    /** Has the sinks asked for only when an event may wait for them. */
    void guard(Polls polls) {
        settings.sinks()
                .forEach((outbound, sinks) -> sinks.forEach(sink -> polls.guard(
                        "deliver-events-" + outbound + "-" + sink, () -> dispatcher.mayHaveNext(outbound, sink))));
    }

    void bind(Main camel) {
        camel.bind("deadLetterFiles", deadLetters);
        camel.bind("eventDispatcher", dispatcher);
        camel.bind("fileSink", fileSink);
        camel.bind("httpSink", httpSink);
        camel.bind("httpSinkClient", new HttpSinkClient());
        camel.bind("jmsSink", new JmsSink());
        camel.bind("outbox", outbox);
        camel.bind("replays", replays);
        camel.bind("sink-health-check", new SinkHealthCheck(dispatcher, ledger));
    }

    DeadLetterFiles deadLetters() {
        return deadLetters;
    }

    EventDispatcher dispatcher() {
        return dispatcher;
    }

    SinkMetrics metrics() {
        return metrics;
    }
}
