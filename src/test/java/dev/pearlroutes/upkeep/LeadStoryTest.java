package dev.pearlroutes.upkeep;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.pearlroutes.app.Bundle;
import dev.pearlroutes.app.LedgerFile;
import dev.pearlroutes.sandbox.Sandbox;
import java.io.PrintWriter;
import java.io.StringReader;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The story of a lead as the command prints it, beside a bundle that runs. */
class LeadStoryTest {
    private static final String LEADS = "externalId,phoneNumber\ncrm-1,+12125550101\ncrm-10,+12125550110\nbad-1,none\n";

    @TempDir
    private Path home;

    private final Sandbox api = Bundle.sandbox().start();
    private Bundle bundle;
    private String out;
    private String err;

    @AfterEach
    void stop() {
        bundle.close();
        api.close();
    }

    private void start(String... settings) {
        bundle = Bundle.start(home, api, settings);
        bundle.drop("l.csv", LEADS);
        bundle.receipt("l.csv");
    }

    private void call(String callId, String number, int seconds) {
        api.addCall(
                "ob-1",
                Bundle.leadWith(api, number),
                call -> call.put("id", callId).put("to", number).put("duration", seconds));
        bundle.searchCalls();
        await().until(() -> bundle.events("calls").stream()
                .anyMatch(event -> event.path("data").path("callId").asText().equals(callId)));
    }

    private int story(String in, String... who) {
        StringWriter stdout = new StringWriter();
        StringWriter stderr = new StringWriter();
        String[] arguments = new String[who.length + 1];
        arguments[0] = "story";
        System.arraycopy(who, 0, arguments, 1, who.length);
        int code = Commands.execute(
                home.resolve("application.properties"),
                Map.of(),
                new StringReader(in),
                new PrintWriter(stdout, true),
                new PrintWriter(stderr, true),
                arguments);
        out = stdout.toString();
        err = stderr.toString();
        return code;
    }

    private List<String> told() {
        return out.lines()
                .filter(line -> line.startsWith("  "))
                .map(line -> line.strip().split(" +")[1])
                .toList();
    }

    @Test
    void aLeadIsToldFromItsFileToItsCallsUpdatesAndDeliveries() {
        start("results.keep-events=1d");
        call("call-1", "+12125550101", 42);
        bundle.drop("acme/updates", "u.csv", "externalId,status\ncrm-1,Completed\n");
        await().until(() -> bundle.receipts("updates").size() == 1);
        await().until(() -> bundle.events("leads").size() >= 6);

        assertThat(story("", "--external-id", "crm-1")).as(() -> err).isZero();

        assertThat(out)
                .startsWith("outbound=acme  file=l.csv  line=2  externalId=crm-1  leadId=")
                .contains("state=accepted", "callId=call-1", "sinks=file delivered", "file=u.csv  line=2")
                .endsWith("1 lead\n")
                .doesNotContain("crm-10", "+1212");
        assertThat(told())
                .startsWith("taken")
                .contains("sent", "lead.accepted", "call.final", "lead.updated", "lead.stopped");
        String byExternalId = out;
        String leadId = Bundle.leadWith(api, "+12125550101");
        for (List<String> who : List.of(List.of("--lead-id", leadId), List.of("--phone", "(212) 555-0101"))) {
            assertThat(story("", who.toArray(String[]::new))).as(() -> err).isZero();
            assertThat(out).isEqualTo(byExternalId);
        }
        assertThat(story("+12125550101\n", "--phone", "-")).isZero();
        assertThat(out).isEqualTo(byExternalId);
    }

    @Test
    void whatWasPurgedIsLeftOutAndTheRestIsTold() {
        start();
        call("call-1", "+12125550101", 42);
        new LedgerFile(home.resolve("data")).awaitDelivered();

        assertThat(story("", "--external-id", "crm-1")).as(() -> err).isZero();
        assertThat(told()).containsExactlyInAnyOrder("taken", "sent", "call.final");
        assertThat(out).contains("callId=call-1  revision=1  final=true").doesNotContain("sinks");
        // The ledger has no row by this key: what was told of it is gone with its events.
        assertThat(story("", "--external-id", "bad-1")).isEqualTo(1);
    }

    @Test
    void aRowThatWasNeverSentIsToldOutOfItsEvent() {
        start("results.keep-events=1d");

        assertThat(story("", "--external-id", "bad-1")).as(() -> err).isZero();
        assertThat(out).startsWith("outbound=acme  file=l.csv  line=4  externalId=bad-1  state=rejected  reason=");
        assertThat(told()).containsExactly("lead.rejected");
    }

    @Test
    void whatIsNotKnownOrNoNumberIsSaidWithoutRepeatingIt() {
        start();

        assertThat(story("", "--external-id", "crm-2")).isEqualTo(1);
        assertThat(out).isEqualTo("Nothing is known of it\n");
        assertThat(story("", "--phone", "12x34567")).isEqualTo(1);
        assertThat(err).contains("phoneNumber cannot be looked for").doesNotContain("12x34567");
        assertThat(story("\n", "--lead-id", "-")).isEqualTo(1);
        assertThat(err).contains("nothing was given");
        assertThat(story("", "--lead-id", "a", "--external-id", "b")).isEqualTo(2);
    }
}
