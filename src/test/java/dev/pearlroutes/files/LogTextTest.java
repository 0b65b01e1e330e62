package dev.pearlroutes.files;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import org.junit.jupiter.api.Test;

class LogTextTest {
    @Test
    void aFailureIsDescribedByItsMessageWhereThatIsHarmless() {
        assertThat(LogText.describe(new IOException("disk\nfull"))).isEqualTo("IOException: disk_full");
        assertThat(LogText.describe(new UncheckedIOException("gone", new IOException())))
                .isEqualTo("UncheckedIOException: gone");
        assertThat(LogText.describe(new IllegalStateException("no rows"), IllegalStateException.class))
                .isEqualTo("IllegalStateException: no rows");
    }

    @Test
    void aForeignMessageStaysOut() {
        assertThat(LogText.describe(new IllegalArgumentException("+14155550123")))
                .isEqualTo("IllegalArgumentException");
        assertThat(LogText.describe(new IllegalStateException("+14155550123"))).isEqualTo("IllegalStateException");
    }

    @Test
    void aFailureWithoutAMessageIsItsKind() {
        assertThat(LogText.describe(new IOException())).isEqualTo("IOException");
        assertThat(LogText.firstLine(new IOException())).isEmpty();
        assertThat(LogText.firstLine(new IOException("one\ntwo"))).isEqualTo("one");
    }

    @Test
    void aCountHasTheNounInItsNumber() {
        assertThat(LogText.count(0, "lead")).isEqualTo("0 leads");
        assertThat(LogText.count(1, "lead")).isEqualTo("1 lead");
        assertThat(LogText.count(2, "lead")).isEqualTo("2 leads");
    }
}
