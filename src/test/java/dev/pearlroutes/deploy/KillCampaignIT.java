package dev.pearlroutes.deploy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.SoftAssertions.assertSoftly;

import dev.pearlroutes.app.LedgerFile;
import dev.pearlroutes.sandbox.Fault;
import dev.pearlroutes.sandbox.Faults;
import dev.pearlroutes.sandbox.Operation;
import dev.pearlroutes.sandbox.Sandbox;
import dev.pearlroutes.sandbox.SandboxLead;
import dev.pearlroutes.sandbox.SandboxOptions;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Kills the packaged program again and again, while the API has faults, and counts at the API. {@code -Dkills} says how often,
 * {@code -Dseed} repeats the choices of a run, though not the moments at which two processes do what they do.
 */
class KillCampaignIT {
    private static final int KILLS = Integer.getInteger("kills", 8);
    private static final long SEED = Long.getLong("seed", System.nanoTime() % 1_000_000);
    private static final Duration LATENCY = Duration.ofMillis(25);
    private static final int MOST_ROWS = 30;
    private static final int KILLS_A_REPORT = 50;
    private static final Duration SHORTEST_END = Duration.ofSeconds(60);

    @TempDir
    Path temp;

    private final Sandbox api = new SandboxOptions()
            .token("account:secret")
            .outbound("ob-1", "Demo")
            .latency(LATENCY)
            .start();
    private final Random random = new Random(SEED);
    private final Map<Seam, Integer> kills = new EnumMap<>(Seam.class);
    private final List<Faults.Rule> faults = new ArrayList<>();
    private final List<String> complaints = new ArrayList<>();
    private int seamsNotSeen;

    @AfterEach
    void closeApi() {
        api.close();
    }

    @Test
    void nothingIsLostAndNobodyIsRungTwiceHoweverOftenItIsKilled() throws Exception {
        System.out.printf("Kill campaign: %d kills, -Dseed=%d%n", KILLS, SEED);
        Instant start = Instant.now();
        try (Program program = program()) {
            Drops drops = new Drops(program.data(false).resolve("inbox").resolve("demo"), random);
            campaign(program, drops, start);
            Instant calm = Instant.now();
            letItFinish(program, drops, Duration.between(start, calm));
            Instant end = Instant.now();

            Aftermath found = new Aftermath(program.data(false));
            report(drops, found, Duration.between(start, end), Duration.between(calm, end));
            check(drops, found);
        }
    }

    private void campaign(Program program, Drops drops, Instant start) throws Exception {
        Killer killer = new Killer(program, LATENCY, random);
        killer.lieInWait(api.faults());
        misbehave();
        List<Seam> round = new ArrayList<>();
        for (int kill = 1; kill <= KILLS; kill++) {
            if (round.isEmpty()) {
                round.addAll(Arrays.asList(Seam.values()));
                Collections.shuffle(round, random);
            }
            drops.drop(1 + random.nextInt(MOST_ROWS));
            if (random.nextInt(10) == 0) {
                // Opens the circuit breaker.
                faults.add(api.faults()
                        .next(6, Operation.ADD_LEAD, Fault.status(503).afterEffect()));
            }
            Seam seam = round.remove(round.size() - 1);
            boolean seen = killer.startAndKillAt(seam);
            kills.merge(seen ? seam : Seam.RANDOM, 1, Integer::sum);
            seamsNotSeen += seen ? 0 : 1;
            listen(program);
            if (kill % KILLS_A_REPORT == 0) {
                System.out.printf(
                        "%d kills, %d leads at the API, %d s%n",
                        kill,
                        api.leads("ob-1").size(),
                        Duration.between(start, Instant.now()).toSeconds());
            }
        }
    }

    /** What the API does wrong meanwhile: some of it after it has taken the lead, some before. */
    private void misbehave() {
        refuseWhatIsRefused();
        faults.add(api.faults().every(19, Operation.ADD_LEAD, Fault.drop()));
        faults.add(api.faults().every(23, Operation.ADD_LEAD, Fault.drop().afterEffect()));
        faults.add(api.faults().every(29, Operation.ADD_LEAD, Fault.status(503).afterEffect()));
        faults.add(api.faults().every(31, Operation.ADD_LEAD, Fault.truncate().afterEffect()));
        faults.add(api.faults().every(37, Operation.ADD_LEAD, Fault.truncate()));
        faults.add(api.faults().every(41, Operation.ADD_LEAD, Fault.tooManyRequests("1")));
        faults.add(api.faults().every(43, Operation.ADD_LEAD, Fault.delay(Duration.ofMillis(1_200))));
        faults.add(api.faults()
                .every(
                        47,
                        Operation.ADD_LEAD,
                        Fault.delay(Duration.ofMillis(1_200)).afterEffect()));
        faults.add(api.faults().every(41, Operation.SEARCH_LEADS, Fault.status(500)));
        faults.add(api.faults().every(43, Operation.SEARCH_LEADS, Fault.drop()));
        faults.add(api.faults().every(47, Operation.SEARCH_LEADS, Fault.truncate()));
    }

    private void refuseWhatIsRefused() {
        api.faults()
                .always(
                        Operation.ADD_LEAD,
                        request -> String.valueOf(request.externalId()).startsWith(Drops.REFUSED),
                        Fault.status(400, "{\"errors\":{\"callData.firstName\":[\"not this one\"]}}"));
    }

    private void letItFinish(Program program, Drops drops, Duration campaign) throws Exception {
        api.faults().clear();
        refuseWhatIsRefused();
        program.start();
        // The absence of a lost lead is only proven beside one that was accepted later.
        drops.drop(MOST_ROWS);
        LedgerFile ledger = new LedgerFile(program.data(false));
        // A look-up comes the more seldom the longer its lead is unknown.
        Duration atMost = campaign.compareTo(SHORTEST_END) > 0 ? campaign : SHORTEST_END;
        program.awaitWhileAlive(
                atMost,
                () -> Files.exists(ledger.path())
                        && ledger.number("SELECT count(*) FROM source WHERE state = 'finished' AND changed_at IS NULL")
                                == drops.files()
                        && ledger.number("SELECT count(*) FROM lead WHERE state IN ('sending', 'unknown')") == 0
                        && ledger.number("SELECT count(*) FROM event") == 0,
                "an outcome of every row");
        assertThat(program.terminate()).isIn(0, 143);
        listen(program);
    }

    /** The program may say that the API made it stop; any other ERROR would be one of its own. */
    private void listen(Program program) {
        Stream.concat(
                        program.errorLines().stream(),
                        program.stdout().lines().filter(line -> line.contains(" ERROR ") && !line.contains("STOPPED")))
                .forEach(complaints::add);
    }

    private void check(Drops drops, Aftermath found) {
        List<SandboxLead> leads = api.leads("ob-1");
        found.receipts().forEach(Receipt::assertAddsUp);
        assertSoftly(softly -> {
            softly.assertThat(doubled()).as("rung twice").isEmpty();
            softly.assertThat(lost(drops)).as("never rung").isEmpty();
            softly.assertThat(leads).as("leads at the API").hasSize(drops.leads());
            softly.assertThat(found.receipts()).as("receipts").hasSize(drops.files());
            softly.assertThat(found.sum("read")).as("read").isEqualTo(drops.rows());
            softly.assertThat(found.sum("accepted")).as("accepted").isEqualTo(drops.leads());
            softly.assertThat(found.sum("rejected")).as("rejected").isEqualTo(drops.rejected());
            softly.assertThat(found.sum("unknown")).as("unknown").isZero();
            softly.assertThat(found.acceptedEvents("/data/leadId"))
                    .as("leads told of as accepted")
                    .containsExactlyInAnyOrderElementsOf(
                            leads.stream().map(SandboxLead::id).toList());
            softly.assertThat(found.acceptedEvents("/id"))
                    .as("ids of the events that tell of them")
                    .doesNotHaveDuplicates();
            for (String folder : List.of("inbox", "work", "failed")) {
                softly.assertThat(found.list(folder)).as(folder).isEmpty();
            }
            softly.assertThat(found.list(""))
                    .as("files in the making, lists of unknown leads")
                    .noneMatch(name -> name.endsWith(".part") || name.contains(".unknown."));
            softly.assertThat(complaints).as("what the program complained of").isEmpty();
        });
    }

    /** Whom the API was to ring more than once, by id or, where the file has none, by number. */
    private List<String> doubled() {
        return Stream.concat(api.ringsByExternalId().entrySet().stream(), ringsOfTheNameless().entrySet().stream())
                .filter(rings -> rings.getValue() > 1)
                .map(Object::toString)
                .toList();
    }

    private List<String> lost(Drops drops) {
        Map<String, Integer> byId = api.ringsByExternalId();
        Map<String, Integer> byNumber = ringsOfTheNameless();
        return Stream.concat(
                        drops.ids().stream().filter(id -> !byId.containsKey(id)),
                        drops.numbers().stream().filter(number -> !byNumber.containsKey(number)))
                .toList();
    }

    private Map<String, Integer> ringsOfTheNameless() {
        return api.leads("ob-1").stream()
                .filter(lead -> lead.externalId().startsWith("pr-"))
                .collect(Collectors.toMap(SandboxLead::phoneNumber, lead -> 1, Integer::sum));
    }

    private void report(Drops drops, Aftermath found, Duration whole, Duration settling) {
        StringBuilder table = new StringBuilder("\n");
        kills.forEach((seam, count) -> table.append(String.format("| %-64s | %5d |%n", seam.words, count)));
        table.append(String.format(
                "| kills %d (seam not seen in time %d) | files %d | rows %d | leads %d | faults struck %d | lost %d | doubled %d"
                        + " | unknown at the end %d | %d s, of which %d s after the last kill | -Dseed=%d |%n",
                KILLS,
                seamsNotSeen,
                drops.files(),
                drops.rows(),
                drops.leads(),
                faults.stream().mapToInt(Faults.Rule::struck).sum(),
                lost(drops).size(),
                doubled().size(),
                found.sum("unknown"),
                whole.toSeconds(),
                settling.toSeconds(),
                SEED));
        System.out.println(table);
    }

    private Program program() {
        return new Program(temp)
                .with("NLPEARL_SANDBOX", "false")
                .with("NLPEARL_BASE_URL", api.url().toString())
                .with("NLPEARL_TOKEN", "account:secret")
                .with("NLPEARL_MAX_IN_FLIGHT", "4")
                .with("NLPEARL_MAX_PER_SECOND", "0")
                .with("NLPEARL_RESPONSE_TIMEOUT", "2s")
                .with("LEADS_SETTLE_TIME", "1s")
                .with("OUTBOUND_DEMO_ID", "ob-1")
                .with("HTTP_PORT", "0");
    }
}
