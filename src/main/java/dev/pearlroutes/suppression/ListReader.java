package dev.pearlroutes.suppression;

import dev.pearlroutes.files.Digests;
import dev.pearlroutes.ledger.KeyedHash;
import dev.pearlroutes.mapping.PhoneNumbers;
import dev.pearlroutes.rows.CellText;
import dev.pearlroutes.rows.ColumnNames;
import dev.pearlroutes.rows.ReadOptions;
import dev.pearlroutes.rows.Row;
import dev.pearlroutes.rows.RowReader;
import dev.pearlroutes.rows.UnreadableSourceException;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/** Reads lists as a whole: one line that cannot be read may be a number that must not be called. */
public final class ListReader {
    /** Between the digits of a prefix; a slash may part two prefixes. */
    private static final Pattern SEPARATORS = Pattern.compile("[\\s().\\-\\u00A0]");

    private static final Pattern PREFIX = Pattern.compile("\\+[1-9][0-9]{0,14}\\*");

    private final PhoneNumbers phoneNumbers;
    private final KeyedHash keyedHash;
    private final Path scratch;

    /** @param scratch folder for what a workbook needs beside it while it is read */
    public ListReader(PhoneNumbers phoneNumbers, KeyedHash keyedHash, Path scratch) {
        this.phoneNumbers = phoneNumbers;
        this.keyedHash = keyedHash;
        this.scratch = scratch;
    }

    /**
     * @param name path below the folder of lists
     * @param region of numbers without a country code; null when there may be none
     * @throws UnreadableListException when any line of it cannot be used
     * @throws IOException when the disk, or who may read the file, is to blame
     */
    SuppressionList read(Path file, String name, String region) throws UnreadableListException, IOException {
        SuppressionList.Builder list = new SuppressionList.Builder(keyedHash);
        String ending = name.toLowerCase(Locale.ROOT);
        try {
            if (ending.endsWith(".txt")) {
                readLines(file, name, region, list);
            } else if (ending.endsWith(".csv") || ending.endsWith(".xlsx")) {
                readTable(file, name, region, list);
            } else {
                throw new UnreadableListException(
                        name + " is neither .txt, .csv nor .xlsx: save it as one, or take it away");
            }
            return list.build(
                    name, Digests.sha256(file), Files.getLastModifiedTime(file).toInstant());
        } catch (UnreadableSourceException e) {
            throw new UnreadableListException(name + " " + e.getMessage());
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }

    /** One entry a line; {@code #} begins a comment. */
    private void readLines(Path file, String name, String region, SuppressionList.Builder list)
            throws UnreadableListException, IOException {
        if (isEmpty(file)) {
            return;
        }
        try (BufferedReader lines = RowReader.openText(file)) {
            long number = 0;
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                number++;
                int comment = line.indexOf('#');
                enter(list, comment < 0 ? line : line.substring(0, comment), region, name, number);
            }
        }
    }

    /** The column phoneNumber, or the only one, which may be without a name. */
    private void readTable(Path file, String name, String region, SuppressionList.Builder list)
            throws UnreadableListException {
        if (isEmpty(file)) {
            return;
        }
        try (RowReader reader = RowReader.open(file, name, ReadOptions.utf8(scratch))) {
            List<String> otherSheets = reader.otherSheets();
            if (!otherSheets.isEmpty()) {
                throw new UnreadableListException(name + " has more than one sheet that is not blank, "
                        + ColumnNames.shown(reader.sheet()) + " and " + ColumnNames.shown(otherSheets)
                        + ": save each as a list of its own, or take the others out");
            }
            List<String> columns = reader.columns();
            int column = columns.size() == 1
                    ? 0
                    : columns.stream().map(ColumnNames::key).toList().indexOf("phonenumber");
            if (column < 0) {
                throw new UnreadableListException(name + ", line 1 names no column phoneNumber: name it so");
            }
            if (columns.size() == 1 && columns.get(0).chars().anyMatch(Character::isDigit)) {
                enter(list, columns.get(0), region, name, 1);
            }
            while (reader.hasNext()) {
                Row row = reader.next();
                if (row.problem() != null) {
                    throw new UnreadableListException(name + ", line " + row.line() + ": " + row.problem());
                }
                enter(list, CellText.unwrapped(row.cells().get(column)), region, name, row.line());
            }
        }
    }

    private void enter(SuppressionList.Builder list, String text, String region, String name, long line)
            throws UnreadableListException {
        String entry = CellText.clean(text);
        if (CellText.isNothing(entry)) {
            return;
        }
        if (entry.indexOf('*') >= 0) {
            String prefix = SEPARATORS.matcher(entry).replaceAll("");
            if (!PREFIX.matcher(prefix).matches()) {
                throw refusal(
                        name, line, "a prefix is + and the first digits, country code and all, with * behind them");
            }
            list.prefix(prefix.substring(0, prefix.length() - 1));
            return;
        }
        PhoneNumbers.Suppressed suppressed = phoneNumbers.toSuppress(entry, region);
        if (suppressed.lacksCountryCode()) {
            throw refusal(
                    name,
                    line,
                    "has no country code: write the number with +, or put it in the folder of an outbound"
                            + " that has a default-region");
        }
        if (suppressed.reason() != null) {
            throw refusal(name, line, suppressed.reason());
        }
        suppressed.numbers().forEach(list::number);
    }

    private static UnreadableListException refusal(String name, long line, String reason) {
        return new UnreadableListException(name + ", line " + line + ": " + reason + ". Fix the line or take it out");
    }

    private static boolean isEmpty(Path file) {
        try {
            return Files.size(file) == 0;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
