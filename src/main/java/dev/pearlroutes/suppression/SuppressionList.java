package dev.pearlroutes.suppression;

import dev.pearlroutes.ledger.KeyedHash;
import java.time.Instant;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;

/**
 * What one file suppresses: numbers as hashes, 8 bytes each, and prefixes. That a number which may be called shares its hash
 * with one of a million that may not has a chance of 1 in 10^13, and then it is not called.
 */
final class SuppressionList {
    private final String name;
    private final String sha256;
    private final Instant modified;
    private final KeyedHash keyedHash;
    private final long[] numbers;
    private final Set<String> prefixes;

    private SuppressionList(
            String name, String sha256, Instant modified, KeyedHash keyedHash, long[] numbers, Set<String> prefixes) {
        this.name = name;
        this.sha256 = sha256;
        this.modified = modified;
        this.keyedHash = keyedHash;
        this.numbers = numbers;
        this.prefixes = prefixes;
    }

    /** A list in the making. */
    static final class Builder {
        private final KeyedHash keyedHash;
        private final Set<String> prefixes = new HashSet<>();
        private long[] numbers = new long[64];
        private int count;

        Builder(KeyedHash keyedHash) {
            this.keyedHash = keyedHash;
        }

        /** @param e164 with {@code +} */
        void number(String e164) {
            if (count == numbers.length) {
                numbers = Arrays.copyOf(numbers, 2 * count);
            }
            numbers[count++] = KeyedHash.head(keyedHash.of(e164));
        }

        /** @param digits with {@code +} before them */
        void prefix(String digits) {
            prefixes.add(digits);
        }

        /** @param name path below the folder of lists @param modified when its file was written last */
        SuppressionList build(String name, String sha256, Instant modified) {
            long[] sorted = Arrays.copyOf(numbers, count);
            Arrays.sort(sorted);
            return new SuppressionList(name, sha256, modified, keyedHash, sorted, Set.copyOf(prefixes));
        }
    }

    String name() {
        return name;
    }

    String sha256() {
        return sha256;
    }

    /** When its file was written last, as the file system says. */
    Instant modified() {
        return modified;
    }

    int numbers() {
        return numbers.length;
    }

    int prefixes() {
        return prefixes.size();
    }

    /** Tells whether a number is on the list, whole or by a prefix. @param e164 with {@code +} */
    boolean has(String e164) {
        if (numbers.length > 0 && hasNumber(keyedHash.of(e164))) {
            return true;
        }
        for (int length = 2; !prefixes.isEmpty() && length <= e164.length(); length++) {
            if (prefixes.contains(e164.substring(0, length))) {
                return true;
            }
        }
        return false;
    }

    /** Tells whether a whole number is on the list, by the ledger's hash of it. */
    boolean hasNumber(byte[] hash) {
        return Arrays.binarySearch(numbers, KeyedHash.head(hash)) >= 0;
    }
}
