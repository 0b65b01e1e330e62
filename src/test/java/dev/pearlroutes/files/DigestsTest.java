package dev.pearlroutes.files;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DigestsTest {
    /** From FIPS 180-2, appendix B.1. */
    private static final String OF_ABC = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";

    @Test
    void bytesAndAFileOfThemHaveOneChecksum(@TempDir Path folder) throws IOException {
        assertThat(Digests.sha256("abc".getBytes(StandardCharsets.UTF_8))).isEqualTo(OF_ABC);
        assertThat(Digests.sha256(Files.writeString(folder.resolve("f"), "abc")))
                .isEqualTo(OF_ABC);
    }
}
