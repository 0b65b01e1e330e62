package dev.pearlroutes.files;

import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * What the ending of a dropped file's name says before anybody reads the file. An ending that nobody knows may be that of a copy under way,
 * such as {@code leads.csv.6eBc1F3a}, which is renamed when it is complete.
 */
public final class FileEndings {
    /** Names under which other programs write a file that they rename when it is complete. */
    private static final Pattern IN_THE_MAKING = Pattern.compile(
            "(^[.~].*|.*(~|\\.part|\\.partial|\\.tmp|\\.temp|\\.filepart|\\.crdownload|\\.swp))$", Pattern.DOTALL);

    /** Files that hold leads, and others that people save as what they are. */
    private static final Set<String> OF_DOCUMENTS = Set.of(
            "csv",
            "json",
            "jsonl",
            "ndjson",
            "gz",
            "xlsx",
            "xls",
            "xlsm",
            "xlsb",
            "ods",
            "fods",
            "numbers",
            "txt",
            "text",
            "tsv",
            "tab",
            "psv",
            "xml",
            "html",
            "htm",
            "yaml",
            "yml",
            "md",
            "log",
            "pdf",
            "doc",
            "docx",
            "odt",
            "rtf",
            "zip",
            "7z",
            "rar",
            "tar",
            "tgz",
            "bz2",
            "xz",
            "zst",
            "sql",
            "sqlite",
            "db",
            "mdb",
            "accdb",
            "parquet",
            "avro",
            "vcf",
            "eml",
            "msg",
            "png",
            "jpg",
            "jpeg",
            "properties");

    private FileEndings() {}

    /** Tells whether a name is one under which other programs write a file. */
    public static boolean isInTheMaking(String name) {
        return IN_THE_MAKING.matcher(name.toLowerCase(Locale.ROOT)).matches();
    }

    /** Tells whether a file has its last name: that of a document or of a control file. */
    public static boolean isKnown(String name) {
        return OF_DOCUMENTS.contains(ending(name).toLowerCase(Locale.ROOT))
                || ControlFile.ENDINGS.stream().anyMatch(name::endsWith);
    }

    private static String ending(String name) {
        int dot = name.lastIndexOf('.');
        return dot < 0 ? "" : name.substring(dot + 1);
    }
}
