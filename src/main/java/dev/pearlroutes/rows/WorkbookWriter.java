package dev.pearlroutes.rows;

import java.io.BufferedOutputStream;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/**
 * A workbook of one sheet that is being written: every cell is text, so that it is read as it stands here, and a row that could not be used
 * can't be used again.
 */
public final class WorkbookWriter {
    private static final String TYPES = "application/vnd.openxmlformats-officedocument.spreadsheetml.";
    private static final String RELATED = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
    private static final String PACKAGE = "http://schemas.openxmlformats.org/package/2006/";
    private static final String MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";

    private final ZipOutputStream zip;
    private final Writer out;

    /** @param bytes left open */
    public WorkbookWriter(OutputStream bytes, String sheet) throws IOException {
        zip = new ZipOutputStream(new BufferedOutputStream(bytes));
        out = new BufferedWriter(new OutputStreamWriter(zip, StandardCharsets.UTF_8));
        part("[Content_Types].xml");
        out.write("<Types xmlns=\"" + PACKAGE + "content-types\"><Default Extension=\"rels\" ContentType=\""
                + "application/vnd.openxmlformats-package.relationships+xml\"/><Override PartName=\"/xl/workbook.xml\""
                + " ContentType=\"" + TYPES + "sheet.main+xml\"/><Override PartName=\"/xl/worksheets/sheet1.xml\""
                + " ContentType=\"" + TYPES + "worksheet+xml\"/></Types>");
        part("_rels/.rels");
        related("officeDocument", "xl/workbook.xml");
        part("xl/workbook.xml");
        out.write("<workbook xmlns=\"" + MAIN + "\" xmlns:r=\"" + RELATED + "\"><sheets><sheet name=\"");
        escaped(sheet);
        out.write("\" sheetId=\"1\" r:id=\"r1\"/></sheets></workbook>");
        part("xl/_rels/workbook.xml.rels");
        related("worksheet", "worksheets/sheet1.xml");
        part("xl/worksheets/sheet1.xml");
        out.write("<worksheet xmlns=\"" + MAIN + "\"><sheetData>");
    }

    /**
     * Writes the next row.
     *
     * @param number in the sheet, from 1, higher than that of the row before
     * @param cells from column A on
     * @param usable whether the row may be read as one that can be used
     */
    public void row(long number, List<String> cells, boolean usable) throws IOException {
        out.write("<row r=\"" + number + "\">");
        for (int i = 0; i < cells.size(); i++) {
            if (!cells.get(i).isEmpty()) {
                cell(i + 1, number, " t=\"inlineStr\"><is><t xml:space=\"preserve\">");
                escaped(cells.get(i));
                out.write("</t></is></c>");
            }
        }
        if (!usable) {
            // Without a result the formula is a problem and no cell more; with one it is an error.
            cell(cells.size() + 1, number, "><f>1/0</f></c>");
        }
        out.write("</row>");
    }

    /** Ends the workbook. */
    public void finish() throws IOException {
        out.write("</sheetData></worksheet>");
        out.flush();
        zip.closeEntry();
        zip.finish();
        zip.flush();
    }

    private void cell(int column, long row, String content) throws IOException {
        out.write("<c r=\"" + SheetCells.columnName(column) + row + "\"" + content);
    }

    private void part(String name) throws IOException {
        out.flush();
        zip.putNextEntry(new ZipEntry(name));
        out.write("<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n");
    }

    private void related(String type, String target) throws IOException {
        out.write("<Relationships xmlns=\"" + PACKAGE + "relationships\"><Relationship Id=\"r1\" Type=\"" + RELATED
                + "/" + type + "\" Target=\"" + target + "\"/></Relationships>");
    }

    private void escaped(String text) throws IOException {
        String plain = SheetCells.escaped(text);
        for (int i = 0; i < plain.length(); i++) {
            char c = plain.charAt(i);
            switch (c) {
                case '&' -> out.write("&amp;");
                case '<' -> out.write("&lt;");
                case '>' -> out.write("&gt;");
                case '"' -> out.write("&quot;");
                default -> out.write(c);
            }
        }
    }
}
