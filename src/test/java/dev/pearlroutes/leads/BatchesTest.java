package dev.pearlroutes.leads;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pearlroutes.nlpearl.Lines;
import dev.pearlroutes.nlpearl.Rate;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BatchesTest {
    @TempDir
    private Path folder;

    @Test
    void alsoAnErrorEndsTheRunAndSaysWhy() throws IOException {
        Clock clock = Clock.systemUTC();
        Path file = Files.writeString(folder.resolve("a.csv"), "phoneNumber\n+12125550101\n");
        LeadReader reader = LeadReader.open(file, "a.csv", StandardCharsets.UTF_8);
        Run run = new Run(null, file, () -> reader, Instant.EPOCH, true);
        Batches batches = new Batches(
                run,
                reader,
                row -> {
                    throw new StackOverflowError("nested too deeply");
                },
                null,
                null,
                null,
                () -> true,
                () -> false,
                8,
                new Lines(clock, new Rate(0, clock)),
                clock);

        assertThat(batches.hasNext()).isFalse();
        assertThat(run.failure())
                .hasMessageContaining("nested too deeply")
                .hasCauseInstanceOf(StackOverflowError.class);
    }
}
