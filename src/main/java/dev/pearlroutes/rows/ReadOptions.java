package dev.pearlroutes.rows;

import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.function.Consumer;

/**
 * How a source is read.
 *
 * @param charset of text, unless it starts with a byte order mark
 * @param charsetKey setting of the charset, for the message when the text is of another; null when there is none
 * @param sheet name of the sheet of a workbook; null for the first one that is not hidden and whose columns can be used
 * @param sheetKey setting that names the sheet, for messages; null when there is none
 * @param columns throws an {@link UnreadableSourceException} when it is given a reader of columns that cannot be used
 * @param judge whether nothing of the source was sent yet: then text in UTF-8 is refused that is read under a charset of one byte, to which
 *     any bytes are text
 * @param scratch folder for what a workbook needs beside it while it is read; made when it is needed
 */
public record ReadOptions(
        Charset charset,
        String charsetKey,
        String sheet,
        String sheetKey,
        Consumer<RowReader> columns,
        boolean judge,
        Path scratch) {

    /** Text in UTF-8, or the first sheet of a workbook, whatever the columns. */
    public static ReadOptions utf8(Path scratch) {
        return new ReadOptions(StandardCharsets.UTF_8, null, null, null, reader -> {}, false, scratch);
    }

    /** The same for a source of which nothing was sent, and whose columns are checked. */
    public ReadOptions judging(Consumer<RowReader> check) {
        return new ReadOptions(charset, charsetKey, sheet, sheetKey, check, true, scratch);
    }

    /** The same for a sheet that was chosen before. @param name null when the source is no workbook */
    public ReadOptions ofSheet(String name) {
        return new ReadOptions(charset, charsetKey, name, null, columns, judge, scratch);
    }
}
