package dev.pearlroutes.rows;

import static dev.pearlroutes.rows.WorkbookFile.raw;
import static dev.pearlroutes.rows.WorkbookFile.row;
import static dev.pearlroutes.rows.WorkbookFile.styled;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.Date;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.dhatim.fastexcel.Workbook;
import org.dhatim.fastexcel.Worksheet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class WorkbookRowsTest {
    private static final Object[] HEADER = row("phoneNumber", "name");

    @TempDir
    Path folder;

    @Test
    void readsCellsAsTheyAreShown() {
        WorkbookFile workbook = WorkbookFile.of(
                "Leads",
                row("phoneNumber", "externalId", "zip", "due", "vip", "balance", "note"),
                row(493012345670d, 1001, styled("1067", "00000"), styled("46356", "#14"), true, 12.5, "  Zoë & <Co>"));

        List<Row> rows = rows(workbook);

        assertThat(rows).hasSize(1);
        assertThat(rows.get(0).problem()).isNull();
        assertThat(rows.get(0).line()).isEqualTo(2);
        assertThat(rows.get(0).cells())
                .containsExactly("493012345670", "1001", "01067", "2026-11-30", "true", "12.5", "  Zoë & <Co>");
        assertThat(rows.get(0).values())
                .containsEntry("phoneNumber", "493012345670")
                .containsEntry("zip", "01067");
    }

    @Test
    void readsWhatAnotherProgramWrites() throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (Workbook workbook = new Workbook(bytes, "Test", "1.0")) {
            Worksheet sheet = workbook.newWorksheet("Leads");
            String[] header = {"phoneNumber", "externalId", "due", "formula", "inline"};
            for (int i = 0; i < header.length; i++) {
                sheet.value(0, i, header[i]);
            }
            sheet.value(1, 0, 493012345670L);
            sheet.value(1, 1, "crm-1");
            sheet.value(
                    1,
                    2,
                    Date.from(LocalDate.of(2026, 11, 30)
                            .atStartOfDay(ZoneOffset.systemDefault())
                            .toInstant()));
            sheet.style(1, 2).format("dd/mm/yyyy").set();
            sheet.formula(1, 3, "1+1");
            sheet.inlineString(1, 4, "Zoë");
        }

        Row row = rows(bytes.toByteArray()).get(0);

        assertThat(row.cells()).containsExactly("493012345670", "crm-1", "2026-11-30", "", "Zoë");
        assertThat(row.problem())
                .isEqualTo("has a formula without a result in cell D2: open the workbook in Excel and save it again");
    }

    @Test
    void readsResultsOfFormulasAndRichTextWithoutItsPronunciation() {
        WorkbookFile workbook = WorkbookFile.of(
                "Leads",
                row("phoneNumber", "a", "b", "c", "d", "e", "f", "g"),
                row(
                        raw("t=\"str\"", "<f>\"+49\"&amp;A9</f><v>+493012345670</v>"),
                        raw("", "<f>A1</f><v>17</v>"),
                        raw("t=\"str\"", "<f>A2</f><v></v>"),
                        raw("t=\"b\"", "<f>A3</f><v>0</v>"),
                        raw(
                                "t=\"inlineStr\"",
                                "<is><r><t>Ma</t></r><r><rPr><b/></rPr><t xml:space=\"preserve\">ry </t></r></is>"),
                        raw("t=\"inlineStr\"", "<is><t>東京</t><rPh sb=\"0\" eb=\"2\"><t>トウキョウ</t></rPh></is>"),
                        raw("t=\"str\"", "<v>a_x000A_b _x005F_x000A_ _xD83D_</v>"),
                        raw("t=\"d\"", "<v>2026-11-30</v>")));

        assertThat(rows(workbook).get(0).cells())
                .containsExactly(
                        "+493012345670", "17", "", "false", "Mary ", "東京", "a\nb _x000A_ _xD83D_", "2026-11-30");
    }

    @Test
    void anErrorIsTheRowsProblemUnlessItSaysThatThereIsNoValue() {
        List<Row> rows = rows(WorkbookFile.of(
                "Leads",
                HEADER,
                row("+14155550100", raw("t=\"e\"", "<f>B9</f><v>#N/A</v>")),
                row("+14155550101", raw("t=\"e\"", "<v>#REF!</v>")),
                row(raw("", "<v>12x</v>"), "Ann")));

        assertThat(rows.get(0).problem()).isNull();
        assertThat(rows.get(0).cells()).containsExactly("+14155550100", "");
        assertThat(rows.get(1).problem())
                .isEqualTo("shows an error instead of a value in cell B3: correct its formula");
        assertThat(rows.get(1).cells()).containsExactly("+14155550101", "#REF!");
        assertThat(rows.get(2).problem()).isEqualTo("has no number that can be read in cell A4");
    }

    @Test
    void countsDaysFrom1904WhereTheWorkbookDoes() {
        assertThat(rows(WorkbookFile.of("Leads", HEADER, row("1", styled("44894", "dd.mm.yyyy")))
                                .date1904())
                        .get(0)
                        .cells())
                .containsExactly("1", "2026-11-30");
    }

    @Test
    void readsHiddenRowsAndPassesOverBlankOnes() {
        WorkbookFile workbook = new WorkbookFile().sheet("Leads");
        workbook.rowAt(3, "", HEADER);
        workbook.rowAt(4, "", "1", "Ann");
        workbook.rowAt(5, "hidden=\"1\"", "2", "Ben");
        workbook.rowAt(6, "", "", " ");
        workbook.rowAt(7, "s=\"1\"", raw("s=\"1\"", ""), raw("t=\"str\"", "<f>A1</f><v></v>"));
        workbook.rowAt(100, "", "3");

        List<Row> rows = rows(workbook);

        assertThat(rows).extracting(Row::number).containsExactly(1L, 2L, 3L);
        assertThat(rows).extracting(Row::line).containsExactly(4L, 5L, 100L);
        assertThat(rows.get(2).cells()).containsExactly("3", "");
    }

    @Test
    void aCellBesideTheNamedColumnsIsTheRowsProblem() {
        Row row = rows(WorkbookFile.of("Leads", HEADER, row("1", "Ann", null, "call her at 5")))
                .get(0);

        assertThat(row.problem())
                .isEqualTo("has a value in cell D2, whose column has no name: name it in the header, or empty it");
        assertThat(row.cells()).containsExactly("1", "Ann", "", "call her at 5");
        assertThat(row.values()).isEmpty();
    }

    @Test
    void cellsAndRowsHaveTheBoundsOfCsv() {
        String large = "y".repeat(RowReader.MAX_CELL);
        Object[] wide = new Object[RowReader.MAX_COLUMNS + 1];
        wide[0] = "1";
        wide[RowReader.MAX_COLUMNS] = "far";
        Object[] heavy = new Object[20];
        Arrays.fill(heavy, large);
        List<Row> rows = rows(WorkbookFile.of(
                "Leads",
                HEADER,
                row("1", large + "y"),
                row("2", raw("t=\"inlineStr\"", "<is><t>" + large + "y</t></is>")),
                wide,
                heavy,
                row("3", large)));

        assertThat(rows.get(0).problem()).isEqualTo("has a cell of more than 65536 characters");
        assertThat(rows.get(1).problem()).isEqualTo("has a cell of more than 65536 characters");
        assertThat(rows.get(2).problem()).isEqualTo("has more than 1000 cells");
        assertThat(rows.get(3).problem()).startsWith("has more than 1048576 characters");
        assertThat(rows.get(4).problem()).isNull();
    }

    @Test
    void takesTheFirstSheetThatIsSeenAndHasTheColumns() throws IOException {
        WorkbookFile workbook = new WorkbookFile()
                .hiddenSheet("Old", HEADER, row("0", "Old"))
                .sheet("Blank")
                .sheet("Notes", row("Please call"))
                .sheet("Kunden", HEADER, row("1", "Ann"))
                .sheet("More", HEADER, row("2", "Ben"));

        try (RowReader reader = open(workbook, null)) {
            assertThat(reader.sheet()).isEqualTo("Kunden");
            assertThat(reader.otherSheets()).containsExactly("Old", "Notes", "More");
            assertThat(reader.tabular()).isTrue();
            assertThat(reader.delimiter()).isEqualTo(',');
            assertThat(reader.next().cells()).containsExactly("1", "Ann");
        }
        try (RowReader reader = open(workbook, " more ")) {
            assertThat(reader.next().cells()).containsExactly("2", "Ben");
        }
        try (RowReader reader = open(workbook, "Old")) {
            assertThat(reader.next().cells()).containsExactly("0", "Old");
        }
    }

    @Test
    void saysWhichSheetsThereAreAndWhatIsWrongWithThem() {
        WorkbookFile workbook = new WorkbookFile()
                .sheet("Eins", row("Mobil"), row("1"))
                .sheet("Zwei", row("Name"))
                .sheet("Blank");

        assertUnreadable(() -> open(workbook, "Leads"))
                .hasMessage(
                        "has no sheet 'Leads', which outbound.demo.sheet names; its sheets are 'Eins', 'Zwei', 'Blank'");
        assertUnreadable(() -> open(workbook, "blank")).hasMessage("its sheet 'Blank' is blank");
        assertUnreadable(() -> open(workbook, null)).hasMessage("has no phoneNumber (in its sheet 'Eins')");
        assertUnreadable(() -> open(WorkbookFile.of("Eins", row("Mobil")), null))
                .hasMessage("has no phoneNumber");
        assertUnreadable(() -> open(WorkbookFile.of("Eins"), null))
                .hasMessage("has no header: each sheet that is not hidden is blank");
        assertUnreadable(() -> open(WorkbookFile.of("Eins", row("phoneNumber", "a", "a")), null))
                .hasMessageContaining("has two columns named 'a'");
    }

    @Test
    void refusesMergedCellsInTheHeader() {
        String reason =
                "has merged cells in its header (A1:B1): unmerge them, and name each column in the first row that is not blank";

        assertUnreadable(() -> rows(WorkbookFile.of("Leads", row("phoneNumber", null, "name"), row("1", null, "Ann"))
                        .merge("A1:B1")))
                .hasMessage(reason);
        // A title above the columns is taken for them.
        assertUnreadable(() ->
                        open(WorkbookFile.of("Leads", row("Our leads"), HEADER).merge("A1:B1"), null))
                .hasMessageStartingWith("has merged cells in its header (A1:B1)");
        assertThat(rows(WorkbookFile.of("Leads", HEADER, row("1", "Ann"), row("2"))
                        .merge("B2:B3")))
                .hasSize(2);
    }

    @Test
    void findsThePartsWhereverTheyLie() {
        Map<String, String> parts = new LinkedHashMap<>();
        String strict = "http://purl.oclc.org/ooxml/officeDocument/relationships";
        parts.put(
                "_rels/.rels",
                "<Relationships><Relationship Id='a' Type='" + strict
                        + "/officeDocument' Target='/Book/Main.xml'/></Relationships>");
        parts.put(
                "book\\main.xml",
                "<x:workbook xmlns:x='urn:x' xmlns:r='" + strict
                        + "'><x:sheets><x:sheet name='Leads' r:id='s'/></x:sheets></x:workbook>");
        parts.put(
                "book\\_rels\\main.xml.rels",
                "<Relationships><Relationship Id='s' Type='" + strict
                        + "/worksheet' Target='../xl/./Sheet.xml'/></Relationships>");
        parts.put(
                "xl/sheet.xml",
                "<worksheet><sheetData><row><c t='inlineStr'><is><t>phoneNumber</t></is></c><c t='str'><v>name</v></c></row>"
                        + "<row><c><v>1</v></c><c t='str'><v>Ann</v></c></row></sheetData></worksheet>");

        assertThat(rows(WorkbookFile.zip(parts)).get(0).cells()).containsExactly("1", "Ann");
    }

    static Stream<String> brokenSheets() {
        String start = "<worksheet><sheetData><row r='1'><c r='A1' t='str'><v>phoneNumber</v></c></row>";
        return Stream.of(
                start,
                start + "<row r='1'><c r='A1'><v>1</v></c></row></sheetData></worksheet>",
                start + "<row r='2'><c r='B2'><v>1</v></c><c r='A2'><v>1</v></c></row></sheetData></worksheet>",
                start + "<row r='2'><c r='ZZZZ2'><v>1</v></c></row></sheetData></worksheet>",
                start + "<row r='2'><c r='A2' t='s'><v>4000000</v></c></row></sheetData></worksheet>",
                start + "<row r='2'><c r='A2' t='s'><v>-1</v></c></row></sheetData></worksheet>",
                start + "<row r='9999999'><c><v>1</v></c></row></sheetData></worksheet>",
                start + "<row r='2'>" + "<a>".repeat(200) + "</a>".repeat(200) + "</row></sheetData></worksheet>",
                "<!DOCTYPE worksheet [<!ENTITY x SYSTEM 'file:///etc/hostname'>]>" + start
                        + "<row r='2'><c r='A2' t='str'><v>&x;</v></c></row></sheetData></worksheet>",
                "<!DOCTYPE worksheet [<!ENTITY a 'aaaaaaaaaa'><!ENTITY b '&a;&a;&a;&a;'>]>" + start
                        + "<row r='2'><c r='A2' t='str'><v>&b;</v></c></row></sheetData></worksheet>",
                start + "<row r='2'><c r='A2' t='str'><v>&x;</v></c></row></sheetData></worksheet>");
    }

    @ParameterizedTest
    @MethodSource("brokenSheets")
    void refusesASheetThatIsBroken(String xml) {
        assertUnreadable(() -> rows(WorkbookFile.of("Leads").part("xl/worksheets/sheet1.xml", xml)))
                .hasMessage(
                        "is a broken workbook: its sheet 'Leads' cannot be read. Open it in Excel, save it and send it again");
    }

    @Test
    void refusesATokenThatHoldsUpTheMemory() {
        String attribute = "<worksheet><sheetData x='" + "a".repeat(5 << 20) + "'></sheetData></worksheet>";

        assertUnreadable(() -> rows(WorkbookFile.of("Leads").part("xl/worksheets/sheet1.xml", attribute)))
                .hasMessageStartingWith("is a broken workbook");
    }

    @Test
    void refusesABomb() {
        String blank =
                "<worksheet><sheetData>" + "<row><!--  padding --></row>".repeat(900_000) + "</sheetData></worksheet>";

        assertUnreadable(() -> rows(WorkbookFile.of("Leads").part("xl/worksheets/sheet1.xml", blank)))
                .hasMessageStartingWith("expands too far (more than");
    }

    @Test
    void aListOfManyEscapesIsNoBomb() {
        StringBuilder notes = new StringBuilder();
        Random random = new Random(1);
        for (int i = 0; i < 70_000; i++) {
            notes.append(random.nextBoolean() ? "&" : "<").append((char) ('a' + random.nextInt(26)));
        }
        Object[][] rows = new Object[40][];
        rows[0] = HEADER;
        for (int i = 1; i < rows.length; i++) {
            rows[i] = row(i, notes.substring(i, i + RowReader.MAX_CELL));
        }

        assertThat(rows(WorkbookFile.of("Leads", rows))).hasSize(39).allMatch(row -> row.problem() == null);
    }

    @Test
    void refusesAFileThatIsCutOffOrDamaged() {
        byte[] whole =
                WorkbookFile.of("Leads", HEADER, row("+14155550100", "Ann")).bytes();

        for (int length : new int[] {whole.length - 1, whole.length / 2, 100}) {
            assertUnreadable(() -> rows(Arrays.copyOf(whole, length)))
                    .hasMessage("is a broken workbook, or cut off: send it again");
        }
        for (int at = 40; at < whole.length; at += 7) {
            byte[] damaged = whole.clone();
            damaged[at] ^= 0x11;
            try {
                // What is not noticed has changed nothing that is read.
                assertThat(rows(damaged)).extracting(Row::cells).containsExactly(List.of("+14155550100", "Ann"));
            } catch (UnreadableSourceException e) {
                assertThat(e).hasMessageMatching("(is|has|holds) .*");
            }
        }
    }

    @Test
    void saysWhatElseAFileIs() throws IOException {
        byte[] ole2 = {(byte) 0xD0, (byte) 0xCF, 0x11, (byte) 0xE0, (byte) 0xA1, (byte) 0xB1, 0x1A, (byte) 0xE1};
        byte[] old = Arrays.copyOf(ole2, 100_000);
        byte[] locked = Arrays.copyOf(ole2, 100_000);
        byte[] mark = "EncryptedPackage".getBytes(StandardCharsets.UTF_16LE);
        System.arraycopy(mark, 0, locked, 90_000, mark.length);
        // Its first entry is not compressed.
        byte[] ods =
                "PK\3\4....mimetypeapplication/vnd.oasis.opendocument.spreadsheet".getBytes(StandardCharsets.US_ASCII);
        byte[] numbers = WorkbookFile.zip(Map.of("Index/Document.iwa", ""));
        byte[] zip = WorkbookFile.zip(Map.of("a.csv", "phoneNumber\n1\n"));

        assertUnreadable(() -> rows(locked)).hasMessage("is protected by a password: save it without one");
        assertUnreadable(() -> rows(old))
                .hasMessageStartingWith("is a workbook of an old Excel (.xls), or has a password");
        assertUnreadable(() -> rows(ods)).hasMessageStartingWith("is an OpenDocument spreadsheet");
        assertUnreadable(() -> rows(numbers)).hasMessage("is a document of Numbers: export it as .xlsx or CSV");
        assertUnreadable(() -> rows(zip)).hasMessageStartingWith("is a ZIP archive: unpack it");
        assertUnreadable(() -> rows("phoneNumber\n1\n".getBytes(StandardCharsets.UTF_8)))
                .hasMessage("is no Excel workbook: save it as one, or give it the ending of what it is");
        assertUnreadable(() -> rows(new byte[0])).hasMessage("is empty (0 bytes)");
        assertUnreadable(() -> rows(new byte[] {'P'})).hasMessageStartingWith("is no Excel workbook");
    }

    @ParameterizedTest
    @ValueSource(strings = {"a.csv", "a.json", "a.jsonl", "a.csv.gz"})
    void namesAWorkbookOrArchiveThatIsCalledText(String name) {
        byte[] workbook = WorkbookFile.of("Leads", HEADER).bytes();
        byte[] zip = WorkbookFile.zip(Map.of("a.csv", "phoneNumber\n1\n"));
        byte[] old = {(byte) 0xD0, (byte) 0xCF, 0x11, (byte) 0xE0, 0};

        assertUnreadable(() -> Texts.rows(name, packed(name, workbook)))
                .hasMessage("is an Excel workbook: rename it to .xlsx, or save it as CSV");
        assertUnreadable(() -> Texts.rows(name, packed(name, zip))).hasMessageStartingWith("is a ZIP archive");
        assertUnreadable(() -> Texts.rows(name, packed(name, old)))
                .hasMessageStartingWith("is a workbook of an old Excel");
    }

    private static byte[] packed(String name, byte[] content) {
        return name.endsWith(".gz") ? Texts.gzip(content) : content;
    }

    @ParameterizedTest
    @ValueSource(strings = {"a.xls", "a.xlsm", "a.xlsb", "a.ODS", "a.numbers", "a.zip", "a.xlsx.gz"})
    void saysWhatToSaveOtherFilesAs(String name) {
        assertUnreadable(() -> Texts.rows(name, WorkbookFile.of("Leads", HEADER).bytes()))
                .hasMessageMatching(".*(save it as \\.xlsx or CSV|unpack it and send the files in it|without gzip)");
    }

    @Test
    void readsAMessageAndLeavesNothingOnDisk() throws IOException {
        byte[] body =
                WorkbookFile.of("Leads", HEADER, row("+14155550100", "Ann")).bytes();

        try (RowReader reader = RowReader.open(body, ReadOptions.utf8(folder))) {
            assertThat(folder).isEmptyDirectory();
            assertThat(reader.next().cells()).containsExactly("+14155550100", "Ann");
        }
        assertUnreadable(() -> RowReader.open(Arrays.copyOf(body, body.length - 9), ReadOptions.utf8(folder)))
                .hasMessageStartingWith("is a broken workbook");
        assertThat(folder).isEmptyDirectory();
    }

    @Test
    void textsOfALargeTableAreReadFromAFileThatHasNoName() throws IOException {
        int most = 40_000;
        Object[][] rows = new Object[most][];
        rows[0] = HEADER;
        for (int i = 1; i < most; i++) {
            rows[i] = row(i, "name " + i + " ".repeat(40) + i);
        }
        Path file = Files.write(
                folder.resolve("a.xlsx"), WorkbookFile.of("Leads", rows).bytes());
        Path scratch = folder.resolve("scratch");

        try (RowReader reader = RowReader.open(file, "a.xlsx", ReadOptions.utf8(scratch))) {
            assertThat(scratch).isEmptyDirectory();
            for (int i = 1; i < most; i++) {
                assertThat(reader.next().cells().get(1)).isEqualTo("name " + i + " ".repeat(40) + i);
            }
            assertThat(reader.hasNext()).isFalse();
        }
    }

    @Test
    void textsAreFoundInAnyOrder() throws IOException {
        try (SharedStrings texts = new SharedStrings(folder)) {
            String tail = "x".repeat(100);
            for (int i = 0; i < 30_000; i++) {
                texts.add(i + tail);
            }
            texts.add("");
            texts.add("y".repeat(RowReader.MAX_CELL + 1));
            texts.end();

            for (int number : new Random(1).ints(5_000, 0, 30_000).toArray()) {
                assertThat(texts.get(number)).isEqualTo(number + tail);
            }
            assertThat(texts.get(30_000)).isEmpty();
            assertThat(texts.get(30_001)).isNull();
            assertThat(texts.size()).isEqualTo(30_002);
        }
    }

    @Test
    void whatIsWrittenIsReadAsItWasAndARowThatCannotBeUsedStaysOne() throws IOException {
        List<String> odd = List.of("a&<>\"b", "  x_x000A_y\r\nz\u0001 ", "", "Zoë");
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        WorkbookWriter writer = new WorkbookWriter(bytes, "A & B");
        writer.row(1, List.of("a", "b", "c", "d"), true);
        writer.row(3, odd, true);
        writer.row(9, odd, false);
        writer.finish();

        List<Row> rows = rows(bytes.toByteArray());

        assertThat(rows).extracting(Row::line).containsExactly(3L, 9L);
        assertThat(rows.get(0).cells()).isEqualTo(odd);
        assertThat(rows.get(0).problem()).isNull();
        assertThat(rows.get(1).cells()).isEqualTo(odd);
        assertThat(rows.get(1).problem()).contains("has a formula without a result");
    }

    @Test
    void aSearchFindsWhatAnyPartHolds() throws IOException {
        Path file = Files.write(
                folder.resolve("a.xlsx"),
                WorkbookFile.of("Leads", HEADER, row(493012345670d, "Ann"))
                        .hiddenSheet("Old", row("crm-7"))
                        .part("xl/comments1.xml", "<comments><text><t>call crm-8</t></text></comments>")
                        .bytes());

        for (String text : List.of("493012345670", "Ann", "crm-7", "call crm-8")) {
            assertThat(WorkbookSearch.any(file, folder, text::equals)).as(text).isTrue();
        }
        assertThat(WorkbookSearch.any(file, folder, "crm-9"::equals)).isFalse();
    }

    private RowReader open(WorkbookFile workbook, String sheet) throws IOException {
        Path file = Files.write(folder.resolve("a.xlsx"), workbook.bytes());
        return RowReader.open(
                file,
                "a.xlsx",
                new ReadOptions(
                        StandardCharsets.UTF_8,
                        null,
                        sheet,
                        "outbound.demo.sheet",
                        reader -> {
                            if (!reader.columns().contains("phoneNumber")) {
                                throw new UnreadableSourceException("has no phoneNumber");
                            }
                        },
                        false,
                        folder));
    }

    private static List<Row> rows(WorkbookFile workbook) {
        return rows(workbook.bytes());
    }

    private static List<Row> rows(byte[] content) {
        return Texts.rows("a.xlsx", content);
    }

    private static org.assertj.core.api.AbstractThrowableAssert<?, ? extends Throwable> assertUnreadable(
            ThrowingCallable reading) {
        return assertThatThrownBy(reading).isInstanceOf(UnreadableSourceException.class);
    }
}
