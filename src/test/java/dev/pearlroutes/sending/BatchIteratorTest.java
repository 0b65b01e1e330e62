package dev.pearlroutes.sending;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pearlroutes.intake.SourceRun;
import dev.pearlroutes.nlpearl.Shutdown;
import dev.pearlroutes.rows.RowReader;
import dev.pearlroutes.rows.Texts;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BatchIteratorTest {
    @TempDir
    private Path folder;

    @Test
    void alsoAnErrorEndsTheRunAndSaysWhy() throws IOException {
        Path file = Files.writeString(folder.resolve("a.csv"), "phoneNumber\n+12125550101\n");
        RowReader reader = RowReader.open(file, "a.csv", Texts.options(StandardCharsets.UTF_8));
        SourceRun run = new SourceRun(null, file, () -> reader, Instant.EPOCH, true);
        BatchIterator batches = new BatchIterator(
                run,
                reader,
                null,
                new Shutdown(Clock.systemUTC()),
                () -> {
                    throw new StackOverflowError("nested too deeply");
                },
                () -> false);

        assertThat(batches.hasNext()).isFalse();
        assertThat(run.failure())
                .hasMessageContaining("nested too deeply")
                .hasCauseInstanceOf(StackOverflowError.class);
    }
}
