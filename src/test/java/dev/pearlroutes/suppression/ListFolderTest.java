package dev.pearlroutes.suppression;

import static dev.pearlroutes.rows.WorkbookFile.row;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.pearlroutes.files.QuietFiles;
import dev.pearlroutes.ledger.Ledger;
import dev.pearlroutes.mapping.PhoneNumbers;
import dev.pearlroutes.rows.WorkbookFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Suppression lists as people write them: every line is understood, or none of the list is in force. */
class ListFolderTest {
    @TempDir
    private Path folder;

    @TempDir
    private Path data;

    private Ledger ledger;
    private int changes;
    private long nanos;

    @BeforeEach
    void open() {
        ledger = Ledger.open(
                "jdbc:sqlite:" + data.resolve("ledger.sqlite"),
                data.resolve("tmp"),
                PosixFilePermissions.fromString("rw-------"));
    }

    @AfterEach
    void close() {
        ledger.close();
    }

    private ListFolder lists(String region) {
        return lists(region, new QuietFiles(Duration.ZERO));
    }

    private ListFolder lists(String region, QuietFiles quietFiles) {
        ListReader reader = new ListReader(new PhoneNumbers(), ledger.keyedHash(), folder.resolveSibling("tmp"));
        return new ListFolder(folder, "suppress/", region, Set.of("acme"), reader, quietFiles);
    }

    private Path write(String name, byte[] content) throws IOException {
        return Files.write(folder.resolve(name), content);
    }

    private Path write(String name, String content) throws IOException {
        return write(name, content.getBytes(StandardCharsets.UTF_8));
    }

    private boolean has(ListFolder lists, String number) throws UnreadableListException {
        return lists.read(() -> changes++).stream().anyMatch(list -> list.has(number));
    }

    @Test
    void numbersAndPrefixesOfLinesAreFoundHoweverTheyAreWritten() throws Exception {
        write("dnc.txt", """
                \uFEFF# who asked not to be called
                +1 (212) 555-0101   # by letter
                0044 20 7946 0018

                212.555.0102
                +49 900*
                +999123456789
                """);
        ListFolder lists = lists("US");

        for (String number :
                List.of("+12125550101", "+442079460018", "+12125550102", "+499001234567", "+999123456789")) {
            assertThat(has(lists, number)).as(number).isTrue();
        }
        for (String number : List.of("+12125550103", "+4990", "+4915112345678", "+442079460019")) {
            assertThat(has(lists, number)).as(number).isFalse();
        }
    }

    @Test
    void aDecimalTailOfAWholeNumberIsNoPartOfIt() throws Exception {
        write(
                "dnc.csv",
                "phoneNumber,externalId\n493012345678.0,FD-1\n3012345679.0,FD-2\n4915112345678.0,FD-3\nNULL,FD-4\n");
        ListFolder lists = lists("DE");

        for (String number : List.of("+493012345678", "+493012345679", "+4915112345678", "+494915112345678")) {
            assertThat(has(lists, number)).as(number).isTrue();
        }
        assertThat(has(lists, "+4930123456780")).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "089 123456 / 089 123457",
                "030 901820 / 21",
                "06221 54123 / 54124",
                "089 123456 089 123457",
                "089 123456 oder 089 123457"
            })
    void twoNumbersInALineMakeTheListUnreadable(String line) throws IOException {
        write("dnc.txt", "# first\n" + line + "\n");
        assertThatThrownBy(() -> has(lists("DE"), "+4989123456"))
                .isInstanceOf(UnreadableListException.class)
                .hasMessage(
                        "suppress/dnc.txt, line 2: holds two numbers: keep one, and give the other a row of its own."
                                + " Fix the line or take it out");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Name;Phone Number\nAda;+12125550101\nBob;\n",
                "phone_number,note\n+12125550101,x\n",
                "whatever\n+12125550101\n",
                "+12125550101\n",
                "+12125550100\n+12125550101\n",
                "phoneNumber,b\n+12125550101\n",
                "sep=;\r\nname;phoneNumber\r\nAnn, Bob;=\"+12125550101\"\r\n;\r\n\u001A",
                "name|phoneNumber\nAnn|+12125550101\n",
                "=\"+12125550101\"\n"
            })
    void theColumnOfACsvIsFoundAndAHeaderThatIsANumberCounts(String csv) throws Exception {
        write("dnc.csv", csv);
        assertThat(has(lists(null), "+12125550101")).isTrue();
    }

    @Test
    void aWorkbookOfOneSheetIsAList() throws Exception {
        WorkbookFile workbook = WorkbookFile.of(
                "List", row("Note", "Phone Number"), row("x", "+12125550101"), row(null, 442079460018d));
        write("dnc.xlsx", workbook.bytes());
        ListFolder lists = lists("GB");

        assertThat(has(lists, "+12125550101")).isTrue();
        assertThat(has(lists, "+442079460018")).isTrue();
        assertThat(has(lists, "+12125550102")).isFalse();
    }

    @Test
    void numbersOfAnotherSheetAreNotLetThrough() throws Exception {
        WorkbookFile workbook = WorkbookFile.of("List", row("phoneNumber"), row("+12125550101"));
        write(
                "dnc.xlsx",
                workbook.sheet("Blank").sheet("More", row("+12125550102")).bytes());

        assertThatThrownBy(() -> has(lists(null), "+12125550101"))
                .isInstanceOf(UnreadableListException.class)
                .hasMessage("suppress/dnc.xlsx has more than one sheet that is not blank, 'List' and 'More':"
                        + " save each as a list of its own, or take the others out");
    }

    @ParameterizedTest
    @ValueSource(strings = {"dnc.txt", "dnc.csv"})
    void aWorkbookThatIsCalledTextIsNamed(String name) throws Exception {
        write(
                name,
                WorkbookFile.of("List", row("phoneNumber"), row("+12125550101")).bytes());

        assertThatThrownBy(() -> has(lists(null), "+12125550101"))
                .isInstanceOf(UnreadableListException.class)
                .hasMessage("suppress/" + name + " is an Excel workbook: rename it to .xlsx, or save it as CSV");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "dnc.txt | +12125550101\\n2125550102\\n | suppress/dnc.txt, line 2: has no country code: write the number with +",
                "dnc.txt | 900*\\n | suppress/dnc.txt, line 1: a prefix is + and the first digits",
                "dnc.txt | +*\\n | suppress/dnc.txt, line 1: a prefix is + and the first digits",
                "dnc.txt | +1212*5\\n | suppress/dnc.txt, line 1: a prefix is + and the first digits",
                "dnc.txt | Ada\\n | suppress/dnc.txt, line 1: has letters in it",
                "dnc.txt | +4990 / 4991*\\n | suppress/dnc.txt, line 1: a prefix is + and the first digits",
                "dnc.txt | +12125550101 / +12125550102\\n | suppress/dnc.txt, line 1: holds two numbers",
                "dnc.txt | +498912345 / 089 12346\\n | suppress/dnc.txt, line 1: holds two numbers",
                "dnc.txt | +12125550101 0102\\n | suppress/dnc.txt, line 1: is too long for a number of US",
                "dnc.txt | +999123 / 456789\\n | suppress/dnc.txt, line 1: starts with a country code that does not exist",
                "dnc.txt | +12125550101.5\\n | suppress/dnc.txt, line 1: has a decimal part",
                "dnc.txt | 2024-01-02\\n | suppress/dnc.txt, line 1: is a date or a time",
                "dnc.csv | a,b\\n1,2\\n | suppress/dnc.csv, line 1 names no column phoneNumber",
                "dnc.csv | phoneNumber,b\\n+12125550101,x,y\\n | suppress/dnc.csv, line 2: ",
                "dnc.pdf | x | suppress/dnc.pdf is neither .txt, .csv nor .xlsx",
                "dnc.xlsx | x | suppress/dnc.xlsx is no Excel workbook",
            })
    void aLineThatCannotBeReadMakesTheListUnreadable(String name, String content, String reason) throws IOException {
        write(name, content.replace("\\n", "\n"));
        assertThatThrownBy(() -> has(lists(null), "+12125550101"))
                .isInstanceOf(UnreadableListException.class)
                .hasMessageStartingWith(reason.strip())
                .hasMessageNotContaining("212555");
    }

    @Test
    void anEncodingThatIsNotUtf8MakesTheListUnreadable() throws IOException {
        write("dnc.txt", "+12125550101 # Zoë\n".getBytes(StandardCharsets.ISO_8859_1));
        assertThatThrownBy(() -> has(lists(null), "+12125550101"))
                .isInstanceOf(UnreadableListException.class)
                .hasMessage("suppress/dnc.txt is not UTF-8 at byte 18: save it as UTF-8");
    }

    @Test
    void linesAreDecodedAsRowsAre() throws Exception {
        write("dnc.txt", "+12125550100\r\n+12125550101\r\n\u001A");
        assertThat(has(lists(null), "+12125550101")).isTrue();
        write("dnc.txt", "\uFEFF+12125550102\n".getBytes(StandardCharsets.UTF_16LE));
        assertThat(has(lists(null), "+12125550102")).isTrue();
        write("dnc.txt", "");
        assertThat(has(lists(null), "+12125550102")).isFalse();
        write("dnc.txt", "+12125550102\n".getBytes(StandardCharsets.UTF_16LE));
        assertThatThrownBy(() -> has(lists(null), "+12125550101"))
                .hasMessage("suppress/dnc.txt is UTF-16 without a byte order mark: save it as UTF-8");
    }

    private void pass(long seconds) {
        nanos += Duration.ofSeconds(seconds).toNanos();
    }

    private void assertWaitsFor(ListFolder lists) {
        assertThatThrownBy(() -> has(lists, "+12125550101"))
                .isInstanceOfSatisfying(
                        UnreadableListException.class,
                        e -> assertThat(e.passing()).isTrue())
                .hasMessage("suppress/dnc.txt is being written, or new to this process: it is read when it is unchanged"
                        + " for 2 s");
    }

    @Test
    void aListIsNotReliedOnBeforeItWasSeenUnchangedWhateverItsTimeStampSays() throws Exception {
        ListFolder lists = lists(null, new QuietFiles(Duration.ofSeconds(2), () -> nanos));
        for (long off : List.of(-3600, 0, 3600)) {
            FileTime time = FileTime.from(Instant.now().plusSeconds(off));
            Files.setLastModifiedTime(write("dnc.txt", "+12125550101\n"), time);
            assertWaitsFor(lists);
            pass(1);
            Files.setLastModifiedTime(write("dnc.txt", "+12125550101\n+12125550102\n"), time);
            assertWaitsFor(lists);
            pass(1);
            assertWaitsFor(lists);
            pass(1);
            assertThat(has(lists, "+12125550102")).isTrue();
        }
    }

    @Test
    void aListThatIsRewrittenInPlaceAtTheSameSizeAndTimeIsReadAgain() throws Exception {
        ListFolder lists = lists(null, new QuietFiles(Duration.ofSeconds(2), () -> nanos));
        FileTime time = FileTime.from(Instant.now().minusSeconds(3600));
        Files.setLastModifiedTime(write("dnc.txt", "+12125550101\n"), time);
        assertWaitsFor(lists);
        pass(2);
        assertThat(has(lists, "+12125550101")).isTrue();

        Files.setLastModifiedTime(write("dnc.txt", "+12125550102\n"), time);
        assertWaitsFor(lists);
        pass(2);
        assertThat(has(lists, "+12125550102")).isTrue();
    }

    @Test
    void aListThatEndsWithinALineIsWaitedForLongerAndOneInTheMakingIsNone() throws Exception {
        ListFolder lists = lists(null, new QuietFiles(Duration.ofSeconds(2), () -> nanos));
        Path cutOff = write("dnc.txt", "+12125550101\n+1212");
        assertWaitsFor(lists);
        pass(9);
        assertWaitsFor(lists);
        Files.move(cutOff, folder.resolve("dnc.txt.part"));
        assertThat(has(lists, "+12125550101")).isFalse();
    }

    @Test
    void aPipeIsNoListAndHoldsNothingUp() throws Exception {
        assumeThat(new ProcessBuilder("mkfifo", folder.resolve("dnc.txt").toString())
                        .start()
                        .waitFor())
                .isZero();
        assertThatThrownBy(() -> has(lists(null), "+12125550101"))
                .hasMessage("suppress/dnc.txt is no file: take it away");
    }

    @Test
    void aFolderThatIsGoneOrMisspelledIsNoEmptyList() throws Exception {
        Files.createDirectories(folder.resolve("acme"));
        Files.createDirectories(folder.resolve("acne"));
        assertThat(has(lists(null), "+12125550101")).isFalse();
        Files.writeString(folder.resolve("acne").resolve("dnc.txt"), "+12125550101\n");
        assertThatThrownBy(() -> has(lists(null), "+12125550101"))
                .hasMessage("suppress/acne/ is named like no outbound: rename it, or take its lists away");

        ListFolder gone = new ListFolder(
                folder.resolve("gone"),
                "suppress/",
                null,
                Set.of(),
                new ListReader(new PhoneNumbers(), null, folder),
                new QuietFiles(Duration.ZERO));
        assertThatThrownBy(() -> gone.read(() -> {})).hasMessageContaining("cannot be read (NoSuchFileException)");
    }

    @Test
    void onlyWhatHasChangedIsReadAgain() throws Exception {
        write("a.txt", "+12125550101\n");
        write("b.txt", "+12125550102\n");
        ListFolder lists = lists(null);
        assertThat(has(lists, "+12125550101")).isTrue();
        assertThat(changes).isEqualTo(2);
        assertThat(has(lists, "+12125550102")).isTrue();
        assertThat(changes).isEqualTo(2);

        write("b.txt", "+12125550103\n");
        assertThat(has(lists, "+12125550103")).isTrue();
        assertThat(changes).isEqualTo(3);
        Files.delete(folder.resolve("a.txt"));
        assertThat(has(lists, "+12125550101")).isFalse();
        assertThat(changes).isEqualTo(3);
    }
}
