package dev.pearlroutes.app;

import dev.pearlroutes.config.Settings;
import dev.pearlroutes.events.Events;
import dev.pearlroutes.files.AtomicFiles;
import dev.pearlroutes.files.DataFolders;
import dev.pearlroutes.ledger.Ledger;
import dev.pearlroutes.mapping.LeadMapper;
import dev.pearlroutes.mapping.Mappers;
import java.time.Clock;

/** What every module is built on: settings, ledger, clock, the data folder, and the makers of events and of leads. */
record Foundation(
        Settings settings,
        Ledger ledger,
        Clock clock,
        DataFolders folders,
        AtomicFiles atomicFiles,
        Events events,
        Mappers mappers) {
    static Foundation of(Settings settings, Ledger ledger) {
        Clock clock = Clock.systemUTC();
        return new Foundation(
                settings,
                ledger,
                clock,
                new DataFolders(settings.dataDir()),
                new AtomicFiles(settings.filesMode()),
                new Events(clock),
                new Mappers(LeadMapper.byOutbound(settings)));
    }
}
