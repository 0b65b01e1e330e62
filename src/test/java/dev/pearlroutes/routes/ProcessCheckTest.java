package dev.pearlroutes.routes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.pearlroutes.app.Bundle;
import dev.pearlroutes.sandbox.Operation;
import dev.pearlroutes.sandbox.Sandbox;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A check reports what a send would do and does none of it. */
class ProcessCheckTest {

    @TempDir
    private Path home;

    private final Sandbox api = Bundle.sandbox().start();
    private Bundle bundle;

    @AfterEach
    void stop() {
        bundle.close();
        api.close();
    }

    private void start(String... settings) {
        bundle = Bundle.start(home, api, settings);
    }

    @Test
    void tellsOfAMixedFileWhatTheSendThenDoes() throws IOException {
        Path list = Files.createDirectories(home.resolve("data/suppress/acme")).resolve("dnc.txt");
        Files.writeString(list, "+12125550190\n");
        Files.writeString(home.resolve("acme.properties"), "Zone = timeZoneId\nSaldo = callData.balance:int\n");
        start(
                "outbound.acme.required-variables=balance, firstName",
                "outbound.acme.mapping=acme.properties",
                "nlpearl.max-per-second=2");
        bundle.drop("before.csv", "externalId,phoneNumber,Zone,Saldo,firstName\ncrm-1,2125550101,,1,Ann\n");
        bundle.receipt("before.csv");
        long requests = api.requests(Operation.ADD_LEAD);
        String mixed = """
                externalId,phoneNumber,Zone,Saldo,firstName,Shoe size
                crm-1,2125550101,,1,Ann,
                crm-2,2125550102,America/New_York,2,Bob,44
                crm-3,2125550103,Eastern Standard Time,3,Cy,
                crm-3,2125550103,Eastern Standard Time,3,Cy,
                crm-4,2125550104,US/Eastern,,Di,
                crm-5,12,America/New_York,5,Ed,
                crm-6,2125550190,America/New_York,6,Flo,
                crm-7,2125550107,America/New_York,7,Gus,
                crm-8,2125550108,,,,
                """;

        bundle.drop("check/mixed.csv", mixed);

        JsonNode receipt = bundle.receipt("check/mixed.csv");
        assertThat(receipt.get("operation").asText()).isEqualTo("check");
        assertThat(counts(receipt)).isEqualTo("read 9 accepted 3 duplicate 2 rejected 3 suppressed 1");
        assertThat(receipt.get("timeZones").toString())
                .isEqualTo("[{\"given\":\"America/New_York\",\"sent\":\"Eastern Standard Time\",\"rows\":3}]");
        assertThat(receipt.get("unmappedColumns").toString()).isEqualTo("[\"firstName\",\"Shoe size\"]");
        assertThat(receipt.get("missingVariables").toString()).isEqualTo("{\"balance\":2,\"firstName\":1}");
        assertThat(receipt.get("leadsPerSecond").asDouble()).isEqualTo(2);
        assertThat(receipt.get("estimatedSeconds").asLong()).isEqualTo(2);
        assertThat(receipt.get("suppression").get("numbers").asInt()).isEqualTo(1);
        assertThat(Bundle.text(bundle.done("check/mixed.csv.accepted.csv"))).isEqualTo("""
                        externalId,phoneNumber,Zone,Saldo,firstName,Shoe size
                        crm-2,2125550102,America/New_York,2,Bob,44
                        crm-3,2125550103,Eastern Standard Time,3,Cy,
                        crm-7,2125550107,America/New_York,7,Gus,
                        """);
        assertThat(Bundle.text(bundle.done("check/mixed.csv.rejected.csv")))
                .contains("6,callData.balance is missing (outbound.acme.required-variables)")
                .contains("10,callData.balance and callData.firstName are missing (");
        assertThat(Bundle.text(bundle.done("check/mixed.csv.skipped.csv")))
                .contains("2,same lead as before.csv line 2", "5,same lead as line 4")
                .contains("8,on the suppression list suppress/acme/dnc.txt");
        assertThat(api.requests(Operation.ADD_LEAD)).isEqualTo(requests);
        assertThat(home.resolve("data/tmp")).isDirectoryNotContaining("glob:**check-*");

        bundle.drop("mixed.csv", mixed);
        Given.assertReceipt(bundle.receipt("mixed.csv"), "read=9 accepted=3 duplicate=2 rejected=3 suppressed=1");
        for (String kind : new String[] {"rejected", "skipped"}) {
            assertThat(Bundle.text(bundle.done("check/mixed.csv." + kind + ".csv")))
                    .isEqualTo(Bundle.text(bundle.done("mixed.csv." + kind + ".csv")));
        }
        await().untilAsserted(() -> assertThat(bundle.events("leads"))
                .hasSize(1 + 1 + 9 + 1)
                .noneMatch(event -> event.get("data").has("operation")));
    }

    @Test
    void judgesNumbersAndTheirTimeZonesAsSendingDoes() {
        start("outbound.acme.time-zone-from-number=true");
        String numbers = """
                phoneNumber,externalId
                +12125550123,A-1
                +14155550100.0,A-2
                +18005550100,A-3
                +498912345 / 089 12346,TW-1
                2024-01-02,D-1
                """;

        bundle.drop("check/numbers.csv", numbers);

        JsonNode receipt = bundle.receipt("check/numbers.csv");
        assertThat(counts(receipt)).isEqualTo("read 5 accepted 2 duplicate 0 rejected 3 suppressed 0");
        assertThat(receipt.get("timeZones").toString())
                .isEqualTo("[{\"given\":\"of the number\",\"sent\":\"Eastern Standard Time\",\"rows\":1},"
                        + "{\"given\":\"of the number\",\"sent\":\"Pacific Standard Time\",\"rows\":1}]");
        bundle.drop("numbers.csv", numbers);
        Given.assertReceipt(bundle.receipt("numbers.csv"), "read=5 accepted=2 rejected=3");
        assertThat(Bundle.text(bundle.done("numbers.csv.rejected.csv")))
                .isEqualTo(Bundle.text(bundle.done("check/numbers.csv.rejected.csv")))
                .contains("of no single one", "holds two numbers", "is a date or a time");
    }

    @Test
    void aFileThatCannotBeReadIsRefusedAndOneOfJsonIsTold() {
        start("outbound.acme.identity=external-id+phone");
        bundle.drop("check/bad.csv", "name,city\nAnn,Rome\n");
        await().until(() -> Files.exists(bundle.failed("check/bad.csv")));
        assertThat(Bundle.text(bundle.failed("check/bad.csv.reason.txt")))
                .contains("has no column phoneNumber", "nothing of it was sent");

        bundle.drop("check/leads.jsonl", """
                {"phoneNumber":"2125550101","externalId":"a","plan":"gold"}
                {"phoneNumber":"2125550102","externalId":"b","callData":{"x":1},"age":7}
                {"phoneNumber":"2125550101","externalId":"c"}
                {"phoneNumber":"2125550101","externalId":"a","plan":"gold"
                """);
        JsonNode receipt = bundle.receipt("check/leads.jsonl");
        assertThat(counts(receipt)).isEqualTo("read 4 accepted 2 duplicate 1 rejected 1 suppressed 0");
        assertThat(Bundle.text(bundle.done("check/leads.jsonl.skipped.jsonl")))
                .contains("same number as line 1, which has another externalId");
        assertThat(receipt.get("unmappedColumns").toString()).isEqualTo("[\"plan\",\"age\"]");
        assertThat(receipt.has("estimatedSeconds")).isFalse();
        assertThat(api.leads("ob-1")).isEmpty();
    }

    @Test
    void oneThatAStopInterruptsIsCheckedAfterTheRestart() throws IOException {
        start();
        int rows = 20_000;
        String leads = "externalId,phoneNumber\n"
                + IntStream.range(0, rows)
                        // Every tenth is a lead that stands thousands of rows above.
                        .mapToObj(i ->
                                "crm-" + (i % 10 == 9 && i > 10_000 ? i - 10_000 : i) + "," + Given.number(i % 9_000))
                        .collect(Collectors.joining("\n"))
                + "\n";
        bundle.drop("check/big.csv", leads);
        // Seen soon, since it is over soon.
        await().pollInterval(Duration.ofMillis(5))
                .until(() ->
                        home.resolve("data/tmp").toFile().list((dir, name) -> name.startsWith("check-")).length == 1);
        bundle.close();
        assertThat(bundle.done("check/big.csv.receipt.json")).doesNotExist();

        start();

        assertThat(counts(bundle.receipt("check/big.csv")))
                .isEqualTo("read 20000 accepted 19000 duplicate 1000 rejected 0 suppressed 0");
        assertThat(api.requests(Operation.ADD_LEAD)).isZero();
    }

    private static String counts(JsonNode receipt) {
        return IntStream.range(0, 5)
                .mapToObj(i -> new String[] {"read", "accepted", "duplicate", "rejected", "suppressed"}[i])
                .map(name -> name + " " + receipt.get(name))
                .collect(Collectors.joining(" "));
    }
}
