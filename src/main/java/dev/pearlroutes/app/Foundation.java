package dev.pearlroutes.app;

import dev.pearlroutes.config.Settings;
import dev.pearlroutes.events.Events;
import dev.pearlroutes.files.AtomicFiles;
import dev.pearlroutes.files.DataFolders;
import dev.pearlroutes.ledger.Ledger;
import dev.pearlroutes.ledger.SendJournal;
import dev.pearlroutes.mapping.LeadMapper;
import dev.pearlroutes.mapping.Mappers;
import java.time.Clock;

/** What every module is built on: settings, ledger and send journal, clock, the data folder, and the makers of events and of leads. */
record Foundation(
        Settings settings,
        Ledger ledger,
        SendJournal journal,
        Clock clock,
        DataFolders folders,
        AtomicFiles atomicFiles,
        Events events,
        Mappers mappers) {
    static Foundation of(Settings settings, Ledger ledger, DataFolders folders) {
        Clock clock = ledger.clock();
        return new Foundation(
                settings,
                ledger,
                new SendJournal(folders.sends(), ledger.keyedHash(), settings.maxInFlight()),
                clock,
                folders,
                new AtomicFiles(settings.filesMode()),
                new Events(clock),
                new Mappers(LeadMapper.byOutbound(settings)));
    }
}
