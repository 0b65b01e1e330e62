package dev.pearlroutes.rows;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** An Excel workbook (.xlsx) that is open for reading: its sheets, the table of its texts and the formats of its cells. */
final class Workbook implements AutoCloseable {
    /** Sheets, styles and the like; a workbook of a person has some hundred. */
    private static final int MAX_PARTS = 100_000;

    private final WorkbookParts parts;
    private final SharedStrings texts;
    private final List<Sheet> sheets = new ArrayList<>();
    private final List<CellFormat> formats = new ArrayList<>();
    private boolean date1904;

    /**
     * A sheet of cells.
     *
     * @param name as the person gave it
     * @param part where its cells lie
     * @param hidden whether nobody sees it
     */
    record Sheet(String name, String part, boolean hidden) {}

    /** A part that another one names. @param type what it is @param target where it lies */
    private record Related(String type, String target) {}

    /**
     * @param scratch folder for the texts of a large one
     * @throws UnreadableSourceException when it is no workbook, is broken, or has a password
     */
    static Workbook open(Path file, Path scratch) throws IOException {
        return open(WorkbookParts.open(file), scratch);
    }

    /** Opens the body of a message; see {@link #open(Path, Path)}. */
    static Workbook open(byte[] body, Path scratch) throws IOException {
        return open(WorkbookParts.open(body, scratch), scratch);
    }

    private static Workbook open(WorkbookParts parts, Path scratch) throws IOException {
        Workbook workbook = new Workbook(parts, scratch);
        try {
            workbook.read();
            return workbook;
        } catch (IOException | RuntimeException e) {
            workbook.close();
            throw e;
        }
    }

    private Workbook(WorkbookParts parts, Path scratch) {
        this.parts = parts;
        this.texts = new SharedStrings(scratch);
    }

    List<Sheet> sheets() {
        return sheets;
    }

    /** Finds a sheet by its name, whose case makes no difference, as in Excel. */
    Optional<Sheet> sheet(String name) {
        return sheets.stream()
                .filter(sheet -> CellText.clean(sheet.name()).equalsIgnoreCase(CellText.clean(name)))
                .findFirst();
    }

    XmlPart open(Sheet sheet) throws IOException {
        return part(sheet.part(), "its sheet " + ColumnNames.shown(sheet.name()));
    }

    /** Returns a text of the table. @return null when it is too long @throws IndexOutOfBoundsException when there is none */
    String text(int number) throws IOException {
        if (number < 0 || number >= texts.size()) {
            throw new IndexOutOfBoundsException(number);
        }
        return texts.get(number);
    }

    /** Writes a number as a person sees it. @param style number of the cell's style */
    String number(double value, int style) {
        CellFormat format = style >= 0 && style < formats.size() ? formats.get(style) : CellFormat.GENERAL;
        return format.text(value, date1904);
    }

    /** Lists the names of all parts that hold text. */
    List<String> textParts() {
        return parts.names().stream().filter(Workbook::isText).toList();
    }

    private static boolean isText(String name) {
        return name.endsWith(".xml") || name.endsWith(".rels") || name.endsWith(".vml");
    }

    XmlPart openPart(String name) throws IOException {
        return part(name, "a part of it");
    }

    @Override
    public void close() throws IOException {
        try (parts) {
            texts.close();
        }
    }

    private void read() throws IOException {
        String main = related("_rels/.rels", "").values().stream()
                .filter(related -> related.type().endsWith("/officeDocument"))
                .map(Related::target)
                .filter(parts::has)
                .findFirst()
                .orElse("xl/workbook.xml");
        if (!parts.has(main)) {
            throw FileSignature.ARCHIVE.refusal();
        }
        String folder = main.substring(0, main.lastIndexOf('/') + 1);
        Map<String, Related> related = related(folder + "_rels/" + main.substring(folder.length()) + ".rels", folder);
        readSheets(main, related);
        for (Related each : related.values()) {
            if (each.type().endsWith("/styles") && parts.has(each.target())) {
                readFormats(each.target());
            } else if (each.type().endsWith("/sharedStrings") && parts.has(each.target())) {
                readTexts(each.target());
            }
        }
        texts.end();
        if (sheets.isEmpty()) {
            throw new UnreadableSourceException("has no sheet of cells: is it a workbook?");
        }
    }

    /** Reads what a part refers to, by the ids it uses. */
    private Map<String, Related> related(String part, String folder) throws IOException {
        Map<String, Related> related = new LinkedHashMap<>();
        if (parts.has(part)) {
            try (XmlPart xml = part(part, "its list of parts")) {
                while (xml.find("Relationship") && related.size() < MAX_PARTS) {
                    String id = xml.attribute("Id");
                    String type = xml.attribute("Type");
                    String target = xml.attribute("Target");
                    if (id != null && type != null && target != null) {
                        related.put(id, new Related(type, resolve(folder, target)));
                    }
                }
            }
        }
        return related;
    }

    private static String resolve(String folder, String target) {
        List<String> path = new ArrayList<>();
        for (String step : (target.startsWith("/") ? target : folder + target).split("/")) {
            if (step.equals("..") && !path.isEmpty()) {
                path.remove(path.size() - 1);
            } else if (!step.isEmpty() && !step.equals(".")) {
                path.add(step);
            }
        }
        return String.join("/", path);
    }

    private void readSheets(String main, Map<String, Related> related) throws IOException {
        try (XmlPart xml = part(main, "its list of sheets")) {
            while (xml.next()) {
                if (xml.starts("workbookPr")) {
                    date1904 = xml.flag("date1904");
                } else if (xml.starts("sheet") && sheets.size() < MAX_PARTS) {
                    Related cells = related.getOrDefault(xml.attribute("id"), new Related("", ""));
                    String name = xml.attribute("name");
                    // Of charts and dialogs there are no cells.
                    if (name != null && cells.type().endsWith("/worksheet")) {
                        if (!parts.has(cells.target())) {
                            throw xml.broken();
                        }
                        String state = xml.attribute("state");
                        sheets.add(new Sheet(name, cells.target(), state != null && !state.equals("visible")));
                    }
                }
            }
        }
    }

    private void readFormats(String part) throws IOException {
        Map<String, String> codes = new HashMap<>();
        Map<String, CellFormat> byId = new HashMap<>();
        boolean ofCells = false;
        try (XmlPart xml = part(part, "its table of formats")) {
            while (xml.next()) {
                if (xml.starts("numFmt") && codes.size() < MAX_PARTS && xml.attribute("formatCode") != null) {
                    codes.putIfAbsent(xml.attribute("numFmtId"), xml.attribute("formatCode"));
                } else if (xml.starts("cellXfs") || xml.ends("cellXfs")) {
                    ofCells = xml.starts("cellXfs");
                } else if (ofCells && xml.starts("xf") && formats.size() < MAX_PARTS) {
                    String id = xml.attribute("numFmtId") == null ? "0" : xml.attribute("numFmtId");
                    formats.add(byId.computeIfAbsent(id, key -> CellFormat.of(SheetCells.number(key), codes.get(key))));
                }
            }
        }
    }

    private void readTexts(String part) throws IOException {
        StringBuilder text = new StringBuilder();
        try (XmlPart xml = part(part, "its table of texts")) {
            while (xml.find("si")) {
                text.setLength(0);
                SheetCells.richText(xml, "si", text);
                texts.add(SheetCells.unescaped(text));
            }
        }
    }

    private XmlPart part(String part, String name) throws IOException {
        return new XmlPart(parts.open(part), name);
    }
}
