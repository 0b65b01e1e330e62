package dev.pearlroutes.intake;

import dev.pearlroutes.config.Settings;
import dev.pearlroutes.files.DataFolders;
import dev.pearlroutes.mapping.Mappers;
import dev.pearlroutes.model.Source;
import dev.pearlroutes.rows.ReadOptions;
import java.util.Map;

/** How the files and messages of each outbound are read. */
public final class SourceOptions {
    private final Map<String, ReadOptions> byOutbound;
    private final Mappers mappers;

    public SourceOptions(Map<String, ReadOptions> byOutbound, Mappers mappers) {
        this.byOutbound = byOutbound;
        this.mappers = mappers;
    }

    /** Makes the options of all outbounds, by their names. */
    public static Map<String, ReadOptions> byOutbound(Settings settings, DataFolders folders) {
        return settings.byOutbound(outbound -> {
            String key = "outbound." + outbound.name() + ".";
            return new ReadOptions(
                    outbound.charset(),
                    key + "charset",
                    outbound.sheet(),
                    key + "sheet",
                    reader -> {},
                    false,
                    folders.scratch());
        });
    }

    boolean knows(String outbound) {
        return byOutbound.containsKey(outbound);
    }

    /** Returns how a source is read for the first time: its columns are checked, by which the sheet of a workbook is chosen. */
    ReadOptions toScan(String outbound, Source.Operation operation) {
        return byOutbound.get(outbound).judging(reader -> mappers.checkColumns(outbound, operation, reader));
    }

    /** Returns how a source is read that was scanned before: the sheet is the one of the scan, whatever the configuration says now. */
    public ReadOptions of(Source source) {
        return byOutbound.get(source.outbound()).ofSheet(source.sheet());
    }
}
