package dev.pearlroutes.rows;

import java.util.Locale;
import java.util.Map;

/** The format of a file, by the ending of its name. */
enum SourceFormat {
    CSV,
    JSON,
    JSON_LINES,
    WORKBOOK;

    private static final String GZIP = ".gz";
    private static final String SUPPORTED = ".csv, .json, .jsonl and .ndjson, each also with .gz, and .xlsx";
    private static final String OTHER_WORKBOOK =
            "is a spreadsheet of a format that is not read: save it as .xlsx or CSV";

    private static final Map<String, SourceFormat> FORMATS =
            Map.of(".csv", CSV, ".json", JSON, ".jsonl", JSON_LINES, ".ndjson", JSON_LINES, ".xlsx", WORKBOOK);

    private static final Map<String, String> OTHERS = Map.of(
            ".xls", OTHER_WORKBOOK,
            ".xlsm", OTHER_WORKBOOK,
            ".xlsb", OTHER_WORKBOOK,
            ".ods", OTHER_WORKBOOK,
            ".numbers", OTHER_WORKBOOK,
            ".zip", FileSignature.ARCHIVE.refusal().getMessage());

    /** @throws UnreadableSourceException when files of this ending are not read; it says what to do instead */
    static SourceFormat of(String fileName) {
        String plain = plain(fileName);
        String ending = plain.substring(Math.max(0, plain.lastIndexOf('.')));
        SourceFormat format = FORMATS.get(ending);
        if (format == WORKBOOK && isGzip(fileName)) {
            throw new UnreadableSourceException("is compressed twice: send the .xlsx without gzip");
        }
        if (format == null) {
            throw new UnreadableSourceException(
                    OTHERS.getOrDefault(ending, "the ending of its name is not supported: use " + SUPPORTED));
        }
        return format;
    }

    static boolean isGzip(String fileName) {
        return fileName.toLowerCase(Locale.ROOT).endsWith(GZIP);
    }

    private static String plain(String fileName) {
        String name = fileName.toLowerCase(Locale.ROOT);
        return isGzip(name) ? name.substring(0, name.length() - GZIP.length()) : name;
    }
}
