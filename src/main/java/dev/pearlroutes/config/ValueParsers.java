package dev.pearlroutes.config;

import com.google.i18n.phonenumbers.PhoneNumberUtil;
import dev.pearlroutes.model.LeadIdentity;
import java.math.BigDecimal;
import java.nio.charset.Charset;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.text.ParseException;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.Collections;
import java.util.Date;
import java.util.EnumSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.quartz.CronExpression;

/**
 * Parsers from texts of the configuration to values. Each throws IllegalArgumentException whose message says how to write the value;
 * none repeats the text it was given, since a secret may have been pasted to the wrong key.
 */
final class ValueParsers {
    private static final Pattern DURATION = Pattern.compile("([0-9]{1,9})(ms|s|m|h|d)");
    private static final String SQLITE = "jdbc:sqlite:";

    /** The beginning of the address of a database that processes share. */
    static final String POSTGRESQL = "jdbc:postgresql:";

    private static final Pattern SERVER = Pattern.compile("jdbc:postgresql://[^/?#\\s]+/[^/?#\\s]+(\\?[^\\s]*)?");
    private static final Pattern CREDENTIALS = Pattern.compile("[?&](user|password)=", Pattern.CASE_INSENSITIVE);

    private ValueParsers() {}

    static boolean flag(String text) {
        if (text.equalsIgnoreCase("true") || text.equalsIgnoreCase("false")) {
            return Boolean.parseBoolean(text);
        }
        throw new IllegalArgumentException("write true or false");
    }

    static Function<String, Integer> number(int min, int max) {
        return text -> {
            try {
                int number = Integer.parseInt(text);
                if (number >= min && number <= max) {
                    return number;
                }
            } catch (NumberFormatException e) {
                // The same answer as for a number out of bounds.
            }
            throw new IllegalArgumentException("write a whole number from " + min + " to " + max);
        };
    }

    /** Parses an amount of at least 0, with a point before its fraction. */
    static BigDecimal amount(String text) {
        if (!text.matches("[0-9]{1,12}(\\.[0-9]{1,6})?")) {
            throw new IllegalArgumentException("write an amount such as 50 or 12.5, or 0");
        }
        return new BigDecimal(text);
    }

    /** Parses a duration of at most {@code max}; 0 with any unit is none. */
    static Function<String, Duration> durationOrNone(String max) {
        return text -> {
            Duration duration = text.equals("0") ? Duration.ZERO : duration(text, null);
            if (duration == null || duration.compareTo(duration(max, null)) > 0) {
                throw new IllegalArgumentException(
                        "write a number and its unit, such as 24h or 30d, at most " + max + ", or 0");
            }
            return duration;
        };
    }

    /** Parses a duration longer than 0 and at most {@code max}, which is written like any duration. */
    static Function<String, Duration> duration(String max) {
        return text -> {
            Duration duration = duration(text, null);
            if (duration == null || duration.isZero() || duration.compareTo(duration(max, null)) > 0) {
                throw new IllegalArgumentException(
                        "write a number and its unit, such as 500ms, 5s, 5m, 24h or 7d, longer" + " than 0 and at most "
                                + max);
            }
            return duration;
        };
    }

    private static Duration duration(String text, Duration otherwise) {
        Matcher matcher = DURATION.matcher(text);
        if (!matcher.matches()) {
            return otherwise;
        }
        long amount = Long.parseLong(matcher.group(1));
        return switch (matcher.group(2)) {
            case "ms" -> Duration.ofMillis(amount);
            case "s" -> Duration.ofSeconds(amount);
            case "m" -> Duration.ofMinutes(amount);
            case "h" -> Duration.ofHours(amount);
            default -> Duration.ofDays(amount);
        };
    }

    static Instant instant(String text) {
        try {
            return text.length() == 10
                    ? LocalDate.parse(text).atStartOfDay(ZoneOffset.UTC).toInstant()
                    : Instant.parse(text);
        } catch (DateTimeException e) {
            throw new IllegalArgumentException(
                    "write a date such as 2026-11-30 (begins at 00:00 UTC) or a time such as 2026-11-30T08:00:00Z", e);
        }
    }

    static String cron(String text) {
        String example = "; every 5 minutes is 0 0/5 * * * ?";
        int fields = text.split("\\s+").length;
        if (fields < 6 || fields > 7) {
            throw new IllegalArgumentException("write a Quartz cron of 6 or 7 fields, seconds first" + example);
        }
        try {
            if (new CronExpression(text).getNextValidTimeAfter(new Date()) == null) {
                throw new IllegalArgumentException("this cron has no run in the future" + example);
            }
            return text;
        } catch (ParseException e) {
            // Text of six fields is no pasted token, so Quartz may quote from it.
            throw new IllegalArgumentException("not a Quartz cron (" + e.getMessage() + ")" + example, e);
        }
    }

    /** Splits at commas: parts that are not empty, each once, in order. */
    static List<String> list(String text) {
        return Arrays.stream(text.split(","))
                .map(String::trim)
                .filter(part -> !part.isEmpty())
                .distinct()
                .toList();
    }

    static Set<String> set(String text) {
        return Collections.unmodifiableSet(new LinkedHashSet<>(list(text)));
    }

    static UnknownPolicy unknownPolicy(String text) {
        return switch (text.toLowerCase(Locale.ROOT)) {
            case "resend-if-absent" -> UnknownPolicy.RESEND_IF_ABSENT;
            case "hold" -> UnknownPolicy.HOLD;
            default -> throw new IllegalArgumentException("write resend-if-absent or hold");
        };
    }

    static Path path(String text) {
        // The path becomes part of JDBC and Camel addresses, where a question mark ends it.
        if (!text.contains("?")) {
            try {
                return Path.of(text);
            } catch (InvalidPathException e) {
                // The same answer as for a question mark.
            }
        }
        throw new IllegalArgumentException("write a path that this system allows, without a question mark");
    }

    static String ledgerUrl(String text) {
        if (text.startsWith(POSTGRESQL)) {
            return serverUrl(text);
        }
        if (!text.startsWith(SQLITE)) {
            throw new IllegalArgumentException("write jdbc:sqlite: and a file, or jdbc:postgresql://host/database,"
                    + " or delete the key for ledger.sqlite in the data folder");
        }
        // Parameters could turn off what makes the ledger durable.
        String file = text.substring(SQLITE.length());
        if (file.isBlank() || file.contains("?") || file.contains(":memory:")) {
            throw new IllegalArgumentException(
                    "write jdbc:sqlite: and a file, without parameters and not in memory: the ledger must outlive a crash");
        }
        return text;
    }

    private static String serverUrl(String text) {
        if (!SERVER.matcher(text).matches()) {
            throw new IllegalArgumentException(
                    "write jdbc:postgresql://host:port/database, and parameters behind a question mark");
        }
        if (CREDENTIALS.matcher(text).find()) {
            throw new IllegalArgumentException(
                    "write the user into ledger.username and the password into ledger.password (LEDGER_PASSWORD)");
        }
        return text;
    }

    /** Becomes the name of a folder. */
    static String nodeName(String text) {
        if (!text.matches("[A-Za-z0-9][A-Za-z0-9._-]{0,62}")) {
            throw new IllegalArgumentException("write letters, digits, dots, dashes and underscores, at most 63");
        }
        return text;
    }

    static Set<PosixFilePermission> mode(String text) {
        PosixFilePermission[] ofBits = PosixFilePermission.values();
        Set<PosixFilePermission> mode = EnumSet.noneOf(PosixFilePermission.class);
        int bits = text.matches("0?[0-7]{3}") ? Integer.parseInt(text, 8) : 0;
        for (int i = 0; i < ofBits.length; i++) {
            // The enum's order is that of the bits, from the highest: owner read, write, execute, then group, then
            // others.
            if ((bits & (0400 >> i)) != 0) {
                mode.add(ofBits[i]);
            }
        }
        if (!mode.containsAll(Set.of(PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_WRITE))) {
            throw new IllegalArgumentException(
                    "write an octal mode such as 0600 or 0640 by which the owner can read and write");
        }
        return Collections.unmodifiableSet(mode);
    }

    static String region(String text) {
        String region = text.toUpperCase(Locale.ROOT);
        if (PhoneNumberUtil.getInstance().getSupportedRegions().contains(region)) {
            return region;
        }
        throw new IllegalArgumentException("write a region of two letters such as US, GB or DE");
    }

    static LeadIdentity.Key identity(String text) {
        return switch (text.toLowerCase(Locale.ROOT)) {
            case "external-id" -> LeadIdentity.Key.EXTERNAL_ID;
            case "phone" -> LeadIdentity.Key.PHONE;
            case "external-id+phone" -> LeadIdentity.Key.EXTERNAL_ID_OR_PHONE;
            default -> throw new IllegalArgumentException("write external-id, phone or external-id+phone");
        };
    }

    static Charset charset(String text) {
        try {
            Charset charset = Charset.forName(text);
            if (charset.canEncode()) {
                return charset;
            }
        } catch (IllegalArgumentException e) {
            // The same answer as for an encoding in which result files could not be written.
        }
        throw new IllegalArgumentException(
                "write an encoding this Java knows, such as UTF-8, windows-1252 or ISO-8859-1");
    }
}
