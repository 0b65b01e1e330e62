package dev.pearlroutes.routes;

import static dev.pearlroutes.app.Bundle.text;
import static dev.pearlroutes.routes.Given.assertReceipt;
import static dev.pearlroutes.rows.WorkbookFile.raw;
import static dev.pearlroutes.rows.WorkbookFile.row;
import static dev.pearlroutes.rows.WorkbookFile.styled;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.pearlroutes.app.Bundle;
import dev.pearlroutes.rows.WorkbookFile;
import dev.pearlroutes.sandbox.Sandbox;
import dev.pearlroutes.sandbox.SandboxLead;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Workbooks that are dropped: the files beside them are CSV, and they are judged as any other lead file is. */
class WorkbooksTest {
    @TempDir
    private Path home;

    private final Sandbox api = Bundle.sandbox().start();
    private Bundle bundle;

    @BeforeEach
    void start() {
        bundle = Bundle.start(home, api);
    }

    @AfterEach
    void close() {
        bundle.close();
        api.close();
    }

    /** Two leads, one of them twice, and three rows that can't be used, in the second sheet. */
    private static byte[] leads() {
        return WorkbookFile.of("About", row("Autumn list"), row("as of", styled("46356", "#14")))
                .sheet(
                        "Leads",
                        row("phoneNumber", "externalId", "callData.due", "callData.plan"),
                        row(2125550101d, 1001, styled("46356", "#14"), raw("t=\"str\"", "<f>A1</f><v>Gold</v>")),
                        row("(212) 555-0102", "1002"),
                        row("+1 212-555-0101", "1001", "2026-11-30", "Gold"),
                        row("212 555 0103 / 212 555 0104", "1003"),
                        row(2125550105d, "1004", null, raw("t=\"e\"", "<f>1/0</f><v>#DIV/0!</v>")),
                        row(2125550106d, "1005", null, raw("", "<f>A1</f>")))
                .bytes();
    }

    @Test
    void aWorkbookIsSentAndItsCorrectedRowsComeBackAsCsv() {
        byte[] leads = leads();
        bundle.drop("l.xlsx", leads);

        JsonNode receipt = bundle.receipt("l.xlsx");
        assertReceipt(receipt, "read=6 accepted=2 duplicate=1 rejected=3");
        assertThat(receipt.get("sheet").asText()).isEqualTo("Leads");
        assertThat(bundle.done("l.xlsx")).hasBinaryContent(leads);
        assertThat(lead("1001").phoneNumber()).isEqualTo("+12125550101");
        assertThat(lead("1001").callData()).isEqualTo(Map.of("due", "2026-11-30", "plan", "Gold"));
        assertThat(text(bundle.done("l.xlsx.accepted.csv")))
                .isEqualTo("""
                phoneNumber,externalId,callData.due,callData.plan,leadId
                2125550101,1001,2026-11-30,Gold,%s
                (212) 555-0102,1002,,,%s
                """.formatted(lead("1001").id(), lead("1002").id()));
        assertThat(text(bundle.done("l.xlsx.skipped.csv")))
                .contains("+1 212-555-0101,1001,2026-11-30,Gold,4,same lead as line 2");
        String rejected = text(bundle.done("l.xlsx.rejected.csv"));
        assertThat(rejected)
                .contains("212 555 0103 / 212 555 0104,1003,,,5,\"phoneNumber holds two numbers")
                .contains("2125550105,1004,,#DIV/0!,6,shows an error instead of a value in cell D6")
                .contains("2125550106,1005,,,7,has a formula without a result in cell D7")
                .hasLineCount(4);
        assertThat(text(bundle.done("l.xlsx.outcomes.csv")).lines().map(line -> line.split(",", 6)[1]))
                .containsExactly("externalId", "1001", "1002", "1001", "1003", "1004", "1005");

        bundle.drop("again.csv", rejected.replace("212 555 0103 / ", "").replace("#DIV/0!", "Silver"));
        assertReceipt(bundle.receipt("again.csv"), "read=3 accepted=3");
        assertThat(api.ringsByExternalId()).isEqualTo(Map.of("1001", 1, "1002", 1, "1003", 1, "1004", 1, "1005", 1));
        assertThat(lead("1004").callData()).isEqualTo(Map.of("plan", "Silver"));
    }

    private SandboxLead lead(String externalId) {
        return api.leads("ob-1").stream()
                .filter(lead -> externalId.equals(lead.externalId()))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void aCheckTellsWhatTheSendThenDoes() {
        bundle.drop("check/l.xlsx", leads());

        JsonNode receipt = bundle.receipt("check/l.xlsx");
        assertThat(receipt.get("read").asInt()).isEqualTo(6);
        assertThat(receipt.get("accepted").asInt()).isEqualTo(2);
        assertThat(receipt.get("duplicate").asInt()).isEqualTo(1);
        assertThat(receipt.get("rejected").asInt()).isEqualTo(3);
        assertThat(receipt.get("sheet").asText()).isEqualTo("Leads");
        assertThat(api.ringsByExternalId()).isEmpty();

        bundle.drop("l.xlsx", leads());
        assertReceipt(bundle.receipt("l.xlsx"), "read=6 accepted=2 duplicate=1 rejected=3");
        for (String kind : new String[] {"rejected", "skipped"}) {
            assertThat(text(bundle.done("check/l.xlsx." + kind + ".csv")))
                    .isEqualTo(text(bundle.done("l.xlsx." + kind + ".csv")));
        }
    }

    @Test
    void updatesAndLookUpsComeAsWorkbooksToo() {
        bundle.drop("l.csv", Given.csv("crm", 3));
        assertReceipt(bundle.receipt("l.csv"), "read=3 accepted=3");

        bundle.drop(
                "updates/l.xlsx",
                WorkbookFile.of(
                                "Changes",
                                row("externalId", "phoneNumber", "status"),
                                row("crm-1", 2125550777d),
                                row("crm-2", null, 130),
                                row("crm-3", styled("46356", "#14")))
                        .bytes());
        JsonNode updated = bundle.receipt("updates/l.xlsx");
        assertThat(updated.get("updated").asInt()).isEqualTo(2);
        assertThat(updated.get("rejected").asInt()).isEqualTo(1);
        assertThat(lead("crm-1").phoneNumber()).isEqualTo("+12125550777");
        assertThat(lead("crm-2").status()).isEqualTo(130);
        assertThat(text(bundle.done("updates/l.xlsx.updated.csv"))).hasLineCount(3);
        assertThat(text(bundle.done("updates/l.xlsx.rejected.csv")))
                .contains("crm-3,2026-11-30,,4,phoneNumber is a date or a time");

        bundle.drop(
                "lookups/l.xlsx",
                WorkbookFile.of("Ask", row("externalId"), row("crm-2"), row("nobody"))
                        .bytes());
        JsonNode found = bundle.receipt("lookups/l.xlsx");
        assertThat(found.get("found").asInt()).isEqualTo(1);
        assertThat(found.get("missing").asInt()).isEqualTo(1);
        assertThat(text(bundle.done("lookups/l.xlsx.found.csv")))
                .contains("crm-2,Completed,0,,", lead("crm-2").id());
    }

    @Test
    void aWorkbookThatIsDamagedAnywhereIsRefusedAsAWholeInEveryFolder() {
        byte[] leads = leads();
        byte[] cut = Arrays.copyOf(leads, leads.length - 30);
        byte[] broken = WorkbookFile.of("Leads", row("phoneNumber"), row(2125550101d))
                .part("xl/styles.xml", "<styleSheet><cellXfs>")
                .bytes();
        for (String folder : new String[] {"", "check/", "updates/", "lookups/"}) {
            bundle.drop(folder + "cut.xlsx", cut);
            bundle.drop(folder + "broken.xlsx", broken);
        }

        for (String folder : new String[] {"", "check/", "updates/", "lookups/"}) {
            assertThat(bundle.failure(folder + "cut.xlsx")).contains("is a broken workbook, or cut off: send it again");
            assertThat(bundle.failure(folder + "broken.xlsx"))
                    .contains("is a broken workbook: its table of formats cannot be read");
        }
        assertThat(api.ringsByExternalId()).isEmpty();
    }
}
