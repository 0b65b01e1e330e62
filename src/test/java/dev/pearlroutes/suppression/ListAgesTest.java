package dev.pearlroutes.suppression;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pearlroutes.config.Configuration;
import dev.pearlroutes.config.Outbound;
import dev.pearlroutes.files.DataFolders;
import dev.pearlroutes.files.QuietFiles;
import dev.pearlroutes.ledger.Ledger;
import dev.pearlroutes.mapping.PhoneNumbers;
import dev.pearlroutes.nlpearl.CircuitBreakers;
import dev.pearlroutes.nlpearl.OpenCircuit;
import dev.pearlroutes.nlpearl.Shutdown;
import dev.pearlroutes.nlpearl.TestClock;
import dev.pearlroutes.nlpearl.rate.AdaptiveRate;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.logging.log4j.Level;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.core.Appender;
import org.apache.logging.log4j.core.LogEvent;
import org.apache.logging.log4j.core.Logger;
import org.apache.logging.log4j.core.appender.AbstractAppender;
import org.apache.logging.log4j.core.config.Configurator;
import org.apache.logging.log4j.core.config.Property;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Lists that are too old stop sending of the outbounds that say so, and of no other. */
class ListAgesTest {
    @TempDir
    private Path home;

    private final Logger logger = (Logger) LogManager.getLogger(Suppression.class);
    private final Level before = logger.getLevel();
    private final List<String> errors = new ArrayList<>();
    private final Appender appender = new AbstractAppender("ages", null, null, true, Property.EMPTY_ARRAY) {
        @Override
        public void append(LogEvent event) {
            if (event.getLevel() == Level.ERROR) {
                errors.add(event.getMessage().getFormattedMessage());
            }
        }
    };

    private final TestClock clock = new TestClock();
    private final CircuitBreakers breakers =
            new CircuitBreakers(clock, new AdaptiveRate(0, clock), new Shutdown(clock));
    private Ledger ledger;
    private DataFolders folders;
    private Suppression suppression;

    @BeforeEach
    void open() throws IOException {
        appender.start();
        Configurator.setLevel(logger, Level.ERROR);
        logger.addAppender(appender);
        folders = new DataFolders(home.resolve("data"));
        ledger = Ledger.open(
                "jdbc:sqlite:" + home.resolve("ledger.sqlite"),
                home.resolve("tmp"),
                PosixFilePermissions.fromString("rw-------"));
        Path file = Files.writeString(
                home.resolve("application.properties"),
                "outbound.acme.id=a\noutbound.acme.suppression-max-age=2d\noutbound.other.id=o\n");
        List<Outbound> outbounds = Configuration.load(file, Map.of()).outbounds();
        for (Outbound outbound : outbounds) {
            Files.createDirectories(folders.suppress(outbound.name()));
        }
        suppression = new Suppression(
                folders,
                outbounds,
                new ListReader(new PhoneNumbers(), ledger.keyedHash(), Path.of("none")),
                breakers,
                new QuietFiles(Duration.ZERO),
                clock);
    }

    @AfterEach
    void close() {
        ledger.close();
        logger.removeAppender(appender);
        Configurator.setLevel(logger, before);
    }

    private void write(Path list) throws IOException {
        Files.writeString(list, "+12125550101\n");
        Files.setLastModifiedTime(list, FileTime.from(clock.instant()));
    }

    private List<String> reasons() {
        suppression.look();
        return breakers.blocking().stream().map(OpenCircuit::reason).toList();
    }

    @Test
    void aListThatIsTooOldHoldsTheOutboundUntilItIsRenewed() throws IOException {
        Path list = folders.suppress().resolve("dnc.txt");
        write(list);
        clock.advance(Duration.ofDays(2));
        assertThat(reasons()).isEmpty();

        clock.advance(Duration.ofMinutes(1));

        assertThat(reasons())
                .containsExactly("suppress/dnc.txt is 2 days old, more than 2 days"
                        + " (outbound.acme.suppression-max-age): put a newer version there.");
        assertThat(breakers.maySend("acme")).isFalse();
        assertThat(breakers.maySend("other")).isTrue();
        assertThat(suppression.isReliable("acme")).isFalse();
        clock.advance(Duration.ofDays(3));
        assertThat(reasons()).singleElement().asString().contains("is 5 days old");

        assertThat(errors)
                .containsExactly("STOPPED for acme. suppress/dnc.txt is 2 days old, more than 2 days"
                        + " (outbound.acme.suppression-max-age): put a newer version there."
                        + " Sending waits, and resumes by itself when this is fixed.");

        write(list);

        assertThat(reasons()).isEmpty();
        assertThat(breakers.maySend("acme")).isTrue();
        assertThat(suppression.isReliable("acme")).isTrue();
    }

    @Test
    void eachListInForceMustBeNewEnough() throws IOException {
        write(folders.suppress("acme").resolve("own.txt"));
        clock.advance(Duration.ofHours(60));
        write(folders.suppress().resolve("dnc.txt"));

        assertThat(reasons()).singleElement().asString().startsWith("suppress/acme/own.txt is 2 days old");
    }

    @Test
    void noListAtAllHoldsTheOutboundThatRequiresOne() throws IOException {
        assertThat(reasons())
                .containsExactly("there is no suppression list for acme, and outbound.acme.suppression-max-age requires"
                        + " one: put a list into suppress/ or suppress/acme/.");
        assertThat(breakers.maySend("other")).isTrue();

        write(folders.suppress("acme").resolve("own.txt"));

        assertThat(reasons()).isEmpty();
        assertThat(breakers.maySend("acme")).isTrue();
    }

    @Test
    void aListOfAllThatCannotBeReadLeavesTheHoldAsItIs() throws IOException {
        Path list = folders.suppress().resolve("dnc.txt");
        write(folders.suppress("acme").resolve("own.txt"));
        clock.advance(Duration.ofDays(3));
        assertThat(reasons()).hasSize(1);

        Files.writeString(list, "Ada\n");

        assertThat(reasons())
                .hasSize(2)
                .anySatisfy(reason -> assertThat(reason).startsWith("suppress/acme/own.txt is 3 days old"));
    }
}
