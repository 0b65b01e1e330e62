package dev.pearlroutes.rows;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/** A workbook of the tests, made part by part as Excel writes it: texts in a shared table, numbers with styles. */
public final class WorkbookFile {
    private static final String MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
    private static final String RELATED = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";

    private final List<Sheet> sheets = new ArrayList<>();
    private final List<String> texts = new ArrayList<>();
    private final List<String> formats = new ArrayList<>();
    private final Map<String, String> others = new LinkedHashMap<>();
    private boolean date1904;

    private record Sheet(String name, boolean hidden, StringBuilder rows, StringBuilder behind) {}

    /** A number with a format code. */
    private record Styled(String value, String code) {}

    /** A cell as it stands in the file, without its reference. @param attributes such as {@code t="b"} */
    private record Raw(String attributes, String content) {}

    /** One sheet of rows whose cells are texts, numbers, booleans, or of {@link #styled} or {@link #raw}; null for none. */
    public static WorkbookFile of(String sheet, Object[]... rows) {
        return new WorkbookFile().sheet(sheet, rows);
    }

    public static Object[] row(Object... cells) {
        return cells;
    }

    public static Object styled(String value, String code) {
        return new Styled(value, code);
    }

    public static Object raw(String attributes, String content) {
        return new Raw(attributes, content);
    }

    public WorkbookFile sheet(String name, Object[]... rows) {
        return add(new Sheet(name, false, new StringBuilder(), new StringBuilder()), rows);
    }

    WorkbookFile hiddenSheet(String name, Object[]... rows) {
        return add(new Sheet(name, true, new StringBuilder(), new StringBuilder()), rows);
    }

    private WorkbookFile add(Sheet sheet, Object[]... rows) {
        sheets.add(sheet);
        for (int i = 0; i < rows.length; i++) {
            row(sheet, i + 1, "", rows[i]);
        }
        return this;
    }

    /** Adds a row to the last sheet. @param attributes of its element, such as {@code hidden="1"} */
    WorkbookFile rowAt(int number, String attributes, Object... cells) {
        row(sheets.get(sheets.size() - 1), number, attributes, cells);
        return this;
    }

    /** Merges cells of the last sheet. */
    WorkbookFile merge(String range) {
        sheets.get(sheets.size() - 1)
                .behind()
                .append("<mergeCells count=\"1\"><mergeCell ref=\"" + range + "\"/></mergeCells>");
        return this;
    }

    WorkbookFile date1904() {
        date1904 = true;
        return this;
    }

    /** Adds another part, or replaces one. */
    public WorkbookFile part(String name, String content) {
        others.put(name, content);
        return this;
    }

    private void row(Sheet sheet, int number, String attributes, Object... cells) {
        StringBuilder xml = sheet.rows();
        xml.append("<row r=\"").append(number).append("\" ").append(attributes).append('>');
        for (int i = 0; i < cells.length; i++) {
            String reference = "r=\"" + SheetCells.columnName(i + 1) + number + "\"";
            Object cell = cells[i];
            if (cell instanceof Raw raw) {
                xml.append("<c " + reference + " " + raw.attributes() + ">" + raw.content() + "</c>");
            } else if (cell instanceof Styled styled) {
                formats.add(styled.code());
                xml.append("<c " + reference + " s=\"" + formats.size() + "\"><v>" + styled.value() + "</v></c>");
            } else if (cell instanceof Boolean flag) {
                xml.append("<c " + reference + " t=\"b\"><v>" + (flag ? 1 : 0) + "</v></c>");
            } else if (cell instanceof Number value) {
                xml.append("<c " + reference + "><v>" + value + "</v></c>");
            } else if (cell != null) {
                texts.add(cell.toString());
                xml.append("<c " + reference + " t=\"s\"><v>" + (texts.size() - 1) + "</v></c>");
            }
        }
        xml.append("</row>");
    }

    public byte[] bytes() {
        Map<String, String> parts = new LinkedHashMap<>();
        StringBuilder types =
                new StringBuilder("<Types xmlns=\"http://schemas.openxmlformats.org/package/2006/content-types\">"
                        + "<Default Extension=\"xml\" ContentType=\"application/xml\"/></Types>");
        parts.put("[Content_Types].xml", types.toString());
        parts.put("_rels/.rels", relations("rId1", "officeDocument", "xl/workbook.xml"));
        StringBuilder workbook = new StringBuilder("<workbook xmlns=\"" + MAIN + "\" xmlns:r=\"" + RELATED + "\">"
                + "<workbookPr date1904=\"" + date1904 + "\"/><sheets>");
        List<String> related =
                new ArrayList<>(List.of("rId0", "styles", "styles.xml", "rIdT", "sharedStrings", "sharedStrings.xml"));
        for (int i = 1; i <= sheets.size(); i++) {
            Sheet sheet = sheets.get(i - 1);
            workbook.append("<sheet name=\"" + escaped(sheet.name()) + "\" sheetId=\"" + i + "\""
                    + (sheet.hidden() ? " state=\"hidden\"" : "") + " r:id=\"rId" + i + "\"/>");
            related.addAll(List.of("rId" + i, "worksheet", "worksheets/sheet" + i + ".xml"));
        }
        parts.put("xl/workbook.xml", workbook + "</sheets></workbook>");
        parts.put("xl/_rels/workbook.xml.rels", relations(related.toArray(String[]::new)));
        for (int i = 1; i <= sheets.size(); i++) {
            Sheet sheet = sheets.get(i - 1);
            parts.put(
                    "xl/worksheets/sheet" + i + ".xml",
                    "<worksheet xmlns=\"" + MAIN + "\"><sheetData>" + sheet.rows() + "</sheetData>" + sheet.behind()
                            + "</worksheet>");
        }
        parts.put("xl/styles.xml", styles());
        StringBuilder table = new StringBuilder("<sst xmlns=\"" + MAIN + "\">");
        texts.forEach(text -> table.append("<si><t xml:space=\"preserve\">" + escaped(text) + "</t></si>"));
        parts.put("xl/sharedStrings.xml", table + "</sst>");
        parts.putAll(others);
        return zip(parts);
    }

    private String styles() {
        StringBuilder codes = new StringBuilder("<styleSheet xmlns=\"" + MAIN + "\"><numFmts>");
        StringBuilder cells = new StringBuilder("<cellXfs><xf numFmtId=\"0\"/>");
        for (int i = 0; i < formats.size(); i++) {
            String code = formats.get(i);
            boolean builtIn = code.matches("#[0-9]+");
            int id = builtIn ? Integer.parseInt(code.substring(1)) : 164 + i;
            if (!builtIn) {
                codes.append("<numFmt numFmtId=\"" + id + "\" formatCode=\"" + escaped(code) + "\"/>");
            }
            cells.append("<xf numFmtId=\"" + id + "\" applyNumberFormat=\"1\"/>");
        }
        return codes + "</numFmts><cellStyleXfs><xf numFmtId=\"14\"/></cellStyleXfs>" + cells
                + "</cellXfs></styleSheet>";
    }

    private static String relations(String... idTypeTarget) {
        StringBuilder xml = new StringBuilder(
                "<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\">");
        for (int i = 0; i < idTypeTarget.length; i += 3) {
            xml.append("<Relationship Id=\"" + idTypeTarget[i] + "\" Type=\"" + RELATED + "/" + idTypeTarget[i + 1]
                    + "\" Target=\"" + idTypeTarget[i + 2] + "\"/>");
        }
        return xml + "</Relationships>";
    }

    static byte[] zip(Map<String, String> parts) {
        ByteArrayOutputStream packed = new ByteArrayOutputStream();
        try (ZipOutputStream zip = new ZipOutputStream(packed)) {
            for (Map.Entry<String, String> part : parts.entrySet()) {
                zip.putNextEntry(new ZipEntry(part.getKey()));
                zip.write(part.getValue().getBytes(StandardCharsets.UTF_8));
                zip.closeEntry();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return packed.toByteArray();
    }

    private static String escaped(String text) {
        return text.replace("&", "&amp;").replace("<", "&lt;").replace("\"", "&quot;");
    }
}
