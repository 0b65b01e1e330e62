package dev.pearlroutes.deploy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.SoftAssertions.assertSoftly;

import dev.pearlroutes.app.LedgerFile;
import dev.pearlroutes.ledger.SendJournals;
import dev.pearlroutes.sandbox.Fault;
import dev.pearlroutes.sandbox.Faults;
import dev.pearlroutes.sandbox.Operation;
import dev.pearlroutes.sandbox.Sandbox;
import dev.pearlroutes.sandbox.SandboxLead;
import dev.pearlroutes.sandbox.SandboxOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** One program that is killed again and again, the API that it sends to, and the lead files dropped meanwhile. */
final class Campaign implements AutoCloseable {
    private static final Pattern ON_THE_WIRE = Pattern.compile("ended with (\\d+) leads? on the wire");
    private static final int MAX_IN_FLIGHT = 4;
    private static final Duration LATENCY = Duration.ofMillis(25);
    private static final int MOST_ROWS = 30;
    private static final int KILLS_A_REPORT = 50;
    private static final Duration SHORTEST_END = Duration.ofSeconds(60);

    private final Path folder;
    private final int kills;
    private final Random random;
    private final boolean forgedBoot;
    private final Sandbox api = new SandboxOptions()
            .token("account:secret")
            .outbound("ob-1", "Demo")
            .latency(LATENCY)
            .start();
    private final Map<Seam, Integer> killedAt = new EnumMap<>(Seam.class);
    private final Map<String, List<Faults.Rule>> faults = new LinkedHashMap<>();
    private final List<String> complaints = new ArrayList<>();
    private final List<Integer> unknownByKill = new ArrayList<>();
    private int seamsNotSeen;

    /** @param forgedBoot whether each start finds the send journal of another boot of the machine */
    Campaign(Path folder, int kills, Random random, boolean forgedBoot) {
        this.folder = folder;
        this.kills = kills;
        this.random = random;
        this.forgedBoot = forgedBoot;
    }

    @Override
    public void close() {
        api.close();
    }

    /** @return what happened, once every lead has an outcome */
    Record run() throws Exception {
        Instant start = Instant.now();
        try (Program program = program()) {
            Drops drops = new Drops(program.data(false).resolve("inbox").resolve("demo"), random);
            campaign(program, drops, start);
            Duration campaign = Duration.between(start, Instant.now());
            letItFinish(program, drops, campaign);

            Aftermath found = new Aftermath(program.data(false));
            check(drops, found);
            return record(drops, found);
        }
    }

    private void campaign(Program program, Drops drops, Instant start) throws Exception {
        Killer killer = new Killer(program, api, LATENCY, random, () -> onKilled(program));
        killer.lieInWait();
        misbehave();
        List<Seam> round = new ArrayList<>();
        for (int kill = 1; kill <= kills; kill++) {
            if (round.isEmpty()) {
                round.addAll(Arrays.asList(Seam.values()));
                Collections.shuffle(round, random);
            }
            drops.drop(1 + random.nextInt(MOST_ROWS));
            if (random.nextInt(10) == 0) {
                // Opens the circuit breaker.
                strike(
                        "an outage: 6 times 503 after the effect",
                        api.faults()
                                .next(6, Operation.ADD_LEAD, Fault.status(503).afterEffect()));
            }
            Seam seam = round.remove(round.size() - 1);
            boolean seen = killer.startAndKillAt(seam);
            killedAt.merge(seen ? seam : Seam.RANDOM, 1, Integer::sum);
            seamsNotSeen += seen ? 0 : 1;
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
        Faults set = api.faults();
        Duration late = Duration.ofMillis(1_200);
        strike("dropped before the effect", set.every(19, Operation.ADD_LEAD, Fault.drop()));
        strike(
                "dropped after the effect",
                set.every(23, Operation.ADD_LEAD, Fault.drop().afterEffect()));
        strike(
                "503 after the effect",
                set.every(29, Operation.ADD_LEAD, Fault.status(503).afterEffect()));
        strike(
                "answer cut off, lead taken",
                set.every(31, Operation.ADD_LEAD, Fault.truncate().afterEffect()));
        strike("answer cut off, lead not taken", set.every(37, Operation.ADD_LEAD, Fault.truncate()));
        strike("429", set.every(41, Operation.ADD_LEAD, Fault.tooManyRequests("1")));
        strike("late before the effect", set.every(43, Operation.ADD_LEAD, Fault.delay(late)));
        strike(
                "late after the effect",
                set.every(47, Operation.ADD_LEAD, Fault.delay(late).afterEffect()));
        strike("search: 500", set.every(41, Operation.SEARCH_LEADS, Fault.status(500)));
        strike("search: dropped", set.every(43, Operation.SEARCH_LEADS, Fault.drop()));
        strike("search: cut off", set.every(47, Operation.SEARCH_LEADS, Fault.truncate()));
    }

    private void strike(String kind, Faults.Rule rule) {
        faults.computeIfAbsent(kind, k -> new ArrayList<>()).add(rule);
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
                        && ledger.number("SELECT count(*) FROM event e JOIN sink_position p"
                                        + " ON p.outbound = e.outbound AND e.seq > p.seq")
                                == 0,
                "an outcome of every row");
        assertThat(program.terminate()).isIn(0, 143);
        listen(program);
    }

    private void onKilled(Program program) throws IOException {
        listen(program);
        if (forgedBoot) {
            SendJournals.forgeBoot(program.data(false).resolve("ledger.sends"));
        }
    }

    /** The program may say that the API made it stop; any other ERROR would be one of its own. */
    private void listen(Program program) {
        program.stdout().lines().forEach(line -> {
            Matcher told = ON_THE_WIRE.matcher(line);
            if (told.find()) {
                unknownByKill.add(Integer.valueOf(told.group(1)));
            } else if (line.contains(" LIVE: ")) {
                // A start that has told nothing found nothing on the wire.
                unknownByKill.add(0);
            }
        });
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
                    .as("leads published as accepted")
                    .containsExactlyInAnyOrderElementsOf(
                            leads.stream().map(SandboxLead::id).toList());
            softly.assertThat(found.acceptedEvents("/id"))
                    .as("ids of the events that publish them")
                    .doesNotHaveDuplicates();
            for (String folder : List.of("inbox", "work", "failed")) {
                softly.assertThat(found.list(folder)).as(folder).isEmpty();
            }
            softly.assertThat(found.list(""))
                    .as("files in the making, lists of unknown leads")
                    .noneMatch(name -> name.endsWith(".part") || name.contains(".unknown."));
            if (!forgedBoot) {
                softly.assertThat(unknownByKill)
                        .as("unknown after each kill")
                        .isNotEmpty()
                        .allMatch(left -> left <= MAX_IN_FLIGHT);
            }
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

    private Record record(Drops drops, Aftermath found) {
        Map<String, Long> counts = new LinkedHashMap<>();
        for (Seam seam : Seam.values()) {
            counts.put(
                    "killed when " + seam.words, killedAt.getOrDefault(seam, 0).longValue());
        }
        counts.put("of these at a random instant, since the seam did not show in time", (long) seamsNotSeen);
        faults.forEach((kind, rules) -> counts.put(
                "fault: " + kind, rules.stream().mapToLong(Faults.Rule::struck).sum()));
        counts.put("files", (long) drops.files());
        counts.put("rows", (long) drops.rows());
        counts.put("leads rung once", (long) drops.leads());
        counts.put("lost", (long) lost(drops).size());
        counts.put("doubled", (long) doubled().size());
        counts.put("unknown at the end", found.sum("unknown"));
        return new Record(counts, unknownByKill);
    }

    /** @param counts by what they count, in the order of the table @param unknownByKill leads, at each start */
    record Record(Map<String, Long> counts, List<Integer> unknownByKill) {
        Record plus(Record other) {
            Map<String, Long> sum = new LinkedHashMap<>(counts);
            other.counts().forEach((what, count) -> sum.merge(what, count, Long::sum));
            return new Record(
                    sum,
                    Stream.concat(unknownByKill.stream(), other.unknownByKill.stream())
                            .sorted()
                            .toList());
        }

        String table() {
            Map<String, Long> rows = new LinkedHashMap<>(counts);
            List<Integer> sorted = unknownByKill.stream().sorted().toList();
            rows.put("unknown after a kill, median", (long) sorted.get(sorted.size() / 2));
            rows.put("unknown after a kill, most", (long) sorted.get(sorted.size() - 1));
            return rows.entrySet().stream()
                    .map(row -> String.format("| %-66s | %7d |%n", row.getKey(), row.getValue()))
                    .collect(Collectors.joining());
        }
    }

    private Program program() {
        return new Program(folder)
                .against(api.url())
                .with("NLPEARL_MAX_IN_FLIGHT", Integer.toString(MAX_IN_FLIGHT))
                .with("NLPEARL_MAX_PER_SECOND", "0")
                .with("NLPEARL_RESPONSE_TIMEOUT", "2s")
                .with("LEADS_SETTLE_TIME", "1s");
    }
}
