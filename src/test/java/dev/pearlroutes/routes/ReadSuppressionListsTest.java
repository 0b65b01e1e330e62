package dev.pearlroutes.routes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.pearlroutes.app.Bundle;
import dev.pearlroutes.app.LedgerFile;
import dev.pearlroutes.sandbox.Fault;
import dev.pearlroutes.sandbox.Operation;
import dev.pearlroutes.sandbox.Sandbox;
import dev.pearlroutes.sandbox.SandboxLead;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.camel.health.HealthCheck;
import org.apache.camel.health.HealthCheckHelper;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Suppression: what is on a list is not sent, and what was sent before is stopped, whatever happens in between. */
class ReadSuppressionListsTest {

    @TempDir
    private Path home;

    /** Slow enough for a list to be read while a file is being sent. */
    private final Sandbox api = Bundle.sandbox().latency(Duration.ofMillis(20)).start();

    private Bundle bundle;

    @AfterEach
    void stop() {
        bundle.close();
        api.close();
    }

    private void start() {
        bundle = Bundle.start(home, api, "leads.settle-time=1s");
    }

    /** Puts a whole list in its place. */
    private void suppress(String list, String text) {
        try {
            Path file = home.resolve("data/suppress").resolve(list);
            Files.createDirectories(file.getParent());
            Path aside = Files.createTempFile(home, "list", "");
            Files.writeString(aside, text);
            Files.move(aside, file, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String numbers(int from, int to) {
        return IntStream.rangeClosed(from, to).mapToObj(Given::number).collect(Collectors.joining("\n")) + "\n";
    }

    private List<Integer> statuses(Set<String> numbers) {
        return api.leads("ob-1").stream()
                .filter(lead -> numbers.contains(lead.phoneNumber()))
                .map(SandboxLead::status)
                .toList();
    }

    private HealthCheck.State health() {
        return HealthCheckHelper.invoke(bundle.camel()).stream()
                .filter(result -> result.getCheck().getId().equals("lines"))
                .findFirst()
                .orElseThrow()
                .getState();
    }

    @Test
    void whatIsOnAListIsNeverSentAndListedWithItsReason() {
        suppress("dnc.txt", Given.number(1) + "\n+44*\n");
        suppress("acme/own.csv", "phoneNumber\n(212) 555-0102\n");
        start();

        bundle.drop("leads.csv", Given.csv("crm", 4) + "crm-uk,+442079460018\n");
        JsonNode receipt = bundle.receipt("leads.csv");

        Given.assertReceipt(receipt, "read=5 accepted=2 suppressed=3");
        assertThat(receipt.get("suppression").get("numbers").asInt()).isEqualTo(2);
        assertThat(receipt.get("suppression").get("prefixes").asInt()).isEqualTo(1);
        assertThat(receipt.get("suppression").get("sha256").asText()).matches("[0-9a-f]{64}");
        assertThat(Instant.parse(receipt.get("suppression").get("readAt").asText()))
                .isBefore(Instant.parse(receipt.get("finishedAt").asText()));
        assertThat(Bundle.text(bundle.done("leads.csv.skipped.csv"))).isEqualTo("""
                externalId,phoneNumber,_line,_reason
                crm-1,+12125550101,2,on the suppression list suppress/dnc.txt
                crm-2,+12125550102,3,on the suppression list suppress/acme/own.csv
                crm-uk,+442079460018,6,on the suppression list suppress/dnc.txt
                """);
        assertThat(api.requests(Operation.ADD_LEAD)).isEqualTo(2);
        assertThat(api.requests(Operation.UPDATE_LEAD)).isZero();

        bundle.drop("updates/u.csv", "externalId,phoneNumber\ncrm-3,%s\n".formatted(Given.number(1)));
        assertThat(bundle.receipt("updates/u.csv").get("suppressed").asInt()).isEqualTo(1);
        assertThat(api.requests(Operation.UPDATE_LEAD)).isZero();
    }

    @Test
    void noneIsLeftCallableThatCameOntoAListWhileItsFileWasSent() {
        start();
        // Every answer of a twentieth of the leads is lost, before or after its effect.
        api.faults().every(40, Operation.ADD_LEAD, Fault.drop());
        api.faults().every(39, Operation.ADD_LEAD, Fault.drop().afterEffect());
        bundle.drop("big.csv", Given.csv("crm", 5_000));
        await().until(() -> api.requests(Operation.ADD_LEAD) > 1_000);
        Set<String> suppressed = IntStream.rangeClosed(1, 5_000)
                .filter(i -> i % 10 == 0)
                .mapToObj(Given::number)
                .collect(Collectors.toSet());

        suppress("race.txt", String.join("\n", suppressed) + "\n");

        bundle.receipt("big.csv");
        await().untilAsserted(() -> assertThat(Bundle.json(bundle.done("big.csv.receipt.json"))
                        .get("unknown")
                        .asInt())
                .isZero());
        await().untilAsserted(() -> assertThat(statuses(suppressed)).containsOnly(130));
        JsonNode receipt = Bundle.json(bundle.done("big.csv.receipt.json"));
        int sent = statuses(suppressed).size();
        Given.assertReceipt(receipt, "read=5000 accepted=%d suppressed=%d".formatted(4_500 + sent, 500 - sent));
        assertThat(sent).as("sent before the list came").isBetween(1, 499);
        assertThat(api.ringsByExternalId().values()).containsOnly(1);
        await().untilAsserted(() -> assertThat(bundle.receipts("suppress"))
                .isNotEmpty()
                .allSatisfy(stop -> assertThat(stop.get("operation").asText()).isEqualTo("suppress")));
        await().until(() -> bundle.receipts("suppress").stream()
                        .mapToInt(stop -> stop.get("updated").asInt())
                        .sum()
                == sent);
        assertThat(api.leads("ob-1").stream().filter(lead -> lead.status() != 130))
                .hasSize(4_500)
                .as("suppressed and left callable")
                .noneMatch(lead -> suppressed.contains(lead.phoneNumber()));
        System.out.printf(
                "500 of 5000 suppressed while they were sent: %d never sent, %d stopped, 0 left callable%n",
                500 - sent, sent);
    }

    @Test
    void stoppingGoesOnAfterARestart() {
        start();
        bundle.drop("leads.csv", Given.csv("crm", 20));
        bundle.receipt("leads.csv");
        api.faults().always(Operation.UPDATE_LEAD, Fault.status(503));
        suppress("dnc.txt", numbers(1, 10));
        await().until(() -> api.requests(Operation.UPDATE_LEAD) >= 5);
        bundle.close();
        api.faults().clear();
        suppress("dnc.txt", numbers(1, 12));

        start();

        Set<String> suppressed = Set.of(numbers(1, 12).strip().split("\n"));
        await().untilAsserted(() -> assertThat(statuses(suppressed)).hasSize(12).containsOnly(130));
        assertThat(api.leads("ob-1").stream().filter(lead -> lead.status() == 1))
                .hasSize(8);
        await().until(() ->
                new LedgerFile(bundle.data()).number("SELECT count(*) FROM lead WHERE stopped_at IS NOT NULL") == 12);
        await().until(() -> bundle.receipts("suppress").size() == 2);
    }

    @Test
    void aListThatCannotBeReadStopsSendingUntilItIsMended() {
        start();
        suppress("dnc.txt", Given.number(1) + "\n");
        bundle.drop("first.csv", Given.csv("a", 1));
        Given.assertReceipt(bundle.receipt("first.csv"), "read=1 suppressed=1");

        suppress("dnc.txt", Given.number(1) + "\n2125550109\n");
        await().until(() -> health() == HealthCheck.State.DOWN);
        bundle.drop("second.csv", Given.csv("b", 3));
        await().until(() ->
                new LedgerFile(bundle.data()).number("SELECT count(*) FROM lead WHERE state = 'sending'") == 3);
        assertThat(HealthCheckHelper.invoke(bundle.camel()))
                .anySatisfy(result -> assertThat(result.getMessage())
                        .hasValueSatisfying(message ->
                                assertThat(message).contains("suppress/dnc.txt, line 2: has no country code")));
        assertThat(api.requests(Operation.ADD_LEAD)).isZero();

        suppress("dnc.txt", numbers(1, 2));

        Given.assertReceipt(bundle.receipt("second.csv"), "read=3 accepted=1 suppressed=2");
        assertThat(health()).isEqualTo(HealthCheck.State.UP);
        assertThat(api.requests(Operation.ADD_LEAD)).isEqualTo(1);
    }

    @Test
    void aLeadThatAnUpdateLetsBeCalledAgainIsStoppedAgain() {
        suppress("dnc.txt", "+499001*\n");
        start();
        bundle.drop("leads.csv", Given.csv("crm", 2));
        bundle.receipt("leads.csv");
        suppress("dnc.txt", numbers(1, 1));
        Set<String> suppressed = Set.of(Given.number(1));
        await().untilAsserted(() -> assertThat(statuses(suppressed)).containsExactly(130));
        await().until(() -> bundle.receipts("suppress").size() == 1);

        bundle.drop("updates/again.csv", "externalId,status\ncrm-1,New\ncrm-2,NeedRetry\n");

        assertThat(bundle.receipt("updates/again.csv").get("updated").asInt()).isEqualTo(2);
        await().until(() -> bundle.receipts("suppress").size() == 2);
        assertThat(statuses(suppressed)).containsExactly(130);
        assertThat(statuses(Set.of(Given.number(2)))).containsExactly(10);
    }
}
