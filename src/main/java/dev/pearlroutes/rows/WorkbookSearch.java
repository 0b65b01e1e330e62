package dev.pearlroutes.rows;

import java.io.IOException;
import java.nio.file.Path;
import java.util.function.Predicate;

/** The search of a workbook for a text, wherever in it that stands. */
public final class WorkbookSearch {
    private WorkbookSearch() {}

    /**
     * Tells whether a text that is wanted stands in a workbook: in a cell of any sheet as it is shown, or as text or attribute of any part,
     * such as comments and what filters remember.
     *
     * @param scratch folder for what a large workbook needs beside it
     * @throws UnreadableSourceException when that cannot be told
     */
    public static boolean any(Path file, Path scratch, Predicate<String> wanted) throws IOException {
        try (Workbook workbook = Workbook.open(file, scratch)) {
            for (Workbook.Sheet sheet : workbook.sheets()) {
                try (SheetCells cells = new SheetCells(workbook, sheet)) {
                    while (cells.next()) {
                        if (cells.cells().stream().anyMatch(wanted)) {
                            return true;
                        }
                    }
                }
            }
            for (String part : workbook.textParts()) {
                try (XmlPart xml = workbook.openPart(part)) {
                    if (any(xml, wanted)) {
                        return true;
                    }
                }
            }
            return false;
        }
    }

    private static boolean any(XmlPart xml, Predicate<String> wanted) throws IOException {
        StringBuilder text = new StringBuilder();
        while (xml.next()) {
            if (xml.isText()) {
                xml.append(text);
            } else {
                if (!text.isEmpty() && wanted.test(text.toString())
                        || xml.attributes().stream().anyMatch(wanted)) {
                    return true;
                }
                text.setLength(0);
            }
        }
        return false;
    }
}
