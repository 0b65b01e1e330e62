package dev.pearlroutes.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.pearlroutes.Ports;
import dev.pearlroutes.app.Bundle;
import dev.pearlroutes.sandbox.Sandbox;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The operator's page in a browser, while the program runs for the first time, cannot send, and is started again. */
class PageStatesTest {
    /** Bytes and requests of the first load. */
    private static final long MOST_BYTES = 150_000;

    private static final int MOST_REQUESTS = 10;
    private static final Path PICTURES = Path.of("src/docs/images");

    private static Browser browser;

    @TempDir
    private Path home;

    private final int port = Ports.free();
    private Bundle bundle;

    @BeforeAll
    static void startBrowser() {
        browser = Browser.start();
    }

    @AfterAll
    static void closeBrowser() {
        if (browser != null) {
            browser.close();
        }
    }

    @AfterEach
    void stop() {
        if (bundle != null) {
            bundle.close();
        }
    }

    private void open() {
        browser.screen(1280, 900).scheme("light").zone("Europe/Berlin").open("http://127.0.0.1:" + port + "/");
    }

    /** Pictures of the documents are taken when they are asked for. */
    private static void picture(String name) {
        if (Boolean.getBoolean("update.docs")) {
            browser.picture(PICTURES.resolve(name + ".png"));
        }
    }

    @Test
    void theFirstRunOfTheSandboxFillsThePage() throws IOException {
        Sandbox unused = Bundle.sandbox().start();
        unused.close();
        bundle = Bundle.start(
                home,
                unused,
                "http.port=" + port,
                "nlpearl.sandbox=true",
                "nlpearl.token=",
                "nlpearl.max-per-second=50",
                "nlpearl.account-check=5m",
                "jms.broker-url=off",
                "outbound.acme.search-calls.cron=0/2 * * * * ?");
        open();
        browser.awaitText("#facts", "SANDBOX", "Credit 1,000");
        isLight();
        browser.awaitText("#work", "sample-leads.csv", "of 240 rows", "left");
        picture("page-in-work");

        browser.awaitText("#receipts", "sample-leads.csv", "240", "accepted", "duplicate", "rejected");
        browser.awaitText("#verdict", "All is well");
        browser.awaitText("#outbounds", "1 number", "sample-do-not-call.csv");
        browser.awaitText("#funnel", "called", "final", "Success");
        browser.awaitText("#days", "accepted", "rejected", "As a table");
        browser.awaitText("#hours", "As a table");
        browser.awaitText("#pace", "requests/s allowed now");
        browser.awaitText("#sinks", "file of acme", "ready");
        browser.awaitText("#unknown", "None.");
        browser.awaitText("footer", "Times are in Europe/Berlin");
        browser.click("#receipts summary");
        browser.awaitText("#receipts", "outcomes.csv");
        String link =
                (String) browser.run("return document.querySelector('#receipts a[download$=\"outcomes.csv\"]').href");
        assertThat(bundle.http().get(link.replaceFirst("https?://[^/]+", "")).body())
                .contains("externalId");
        browser.click("#receipts summary");
        assertThat(browser.barriers()).isEmpty();
        picture("page");
        assertThat(browser.scheme("dark").barriers()).isEmpty();
        picture("page-dark");
        browser.scheme("light").screen(360, 740);
        picture("page-phone");
        browser.screen(1280, 900);
        checksAndTells();
        assertThat(browser.problems()).isEmpty();
    }

    /** A check of a file and the story of a lead; nothing is sent. */
    private void checksAndTells() throws IOException {
        Path file = Files.writeString(
                home.resolve("autumn.csv"),
                "externalId,phoneNumber,firstName,internal_note\nnew-1,+12125550171,Ada,x\nnew-2,2125550172,Ben,x\n"
                        + "new-3,12-34,Cleo,x\ncrm-1002,+33199008277,Dan,x\n");
        browser.find("#drop-file").sendKeys(file.toString());
        browser.awaitText("#sheet", "Check of autumn.csv", "would be sent", "Send 2 leads");
        assertThat(browser.barriers()).isEmpty();
        picture("page-check");
        browser.click("#sheet-close");
        browser.find("#search-value").sendKeys("crm-1002");
        browser.click("#search button");
        browser.awaitText("#sheet", "crm-1002", "taken from its source", "sent to NLPearl", "call");
        assertThat(browser.barriers()).isEmpty();
        picture("page-story");
        browser.click("#sheet-close");
    }

    /** The first load: the page, its files, and what it asks the program first. */
    private static void isLight() {
        await().until(() -> browser.text("#receipts").length() > 0
                && browser.text("#funnel").length() > 0);
        Map<?, ?> load = (Map<?, ?>) browser.run("const all = performance.getEntriesByType('navigation')"
                + ".concat(performance.getEntriesByType('resource'));"
                + "const first = all.filter((one, i) => all.findIndex(other => other.name === one.name) === i);"
                + "return { requests: first.length, bytes: first.reduce((sum, one) => sum + one.transferSize, 0),"
                + " names: first.map(one => one.name).join(' ') }");
        System.out.println("first load of the page: " + load);
        assertThat((Long) load.get("requests")).as(load.toString()).isLessThanOrEqualTo(MOST_REQUESTS);
        assertThat((Long) load.get("bytes")).as(load.toString()).isBetween(10_000L, MOST_BYTES);
    }

    @Test
    void thePasswordOfTheServerOpensThePage() {
        try (Sandbox api = Bundle.sandbox().start()) {
            String password = "correct-horse-battery";
            bundle = Bundle.start(home, api, "http.port=" + port, "http.password=" + password);
            open();
            assertThat(browser.text("body")).doesNotContain("All is well");

            // As the browser's own question for it does; it is sent with all that the page loads from then on.
            browser.open("http://operator:" + password + "@127.0.0.1:" + port + "/api/status");
            open();

            browser.awaitText("#verdict", "All is well");
            browser.click("button[aria-label='Pause: acme']");
            browser.click("#ask-yes");
            browser.awaitText("#issues", "acme is paused");
        }
    }

    @Test
    void aStopIsShownWithItsReasonAndAGoneProgramToo() {
        try (Sandbox api = Bundle.sandbox().start()) {
            String[] settings = {"http.port=" + port, "nlpearl.token=account:wrong"};
            bundle = Bundle.start(home, api, settings);
            bundle.drop("waits.csv", "externalId,phoneNumber\nst-1,+12125550101\n");
            open();
            browser.awaitText("#verdict", "Sending is stopped");
            browser.awaitText("#issues", "nlpearl.token");
            browser.awaitText("#outbounds", "stopped");
            assertThat(browser.barriers()).isEmpty();
            picture("page-stopped");

            bundle.close();
            browser.awaitText("#link", "No answer since");
            browser.awaitText("#verdict", "No answer since");
            assertThat(browser.barriers()).isEmpty();

            bundle = Bundle.start(home, api, "http.port=" + port);
            browser.awaitText("#link", "Up to date");
            browser.awaitText("#receipts", "waits.csv", "1 accepted");
            browser.awaitText("#verdict", "All is well");
            assertThat(browser.problems())
                    .allMatch(line ->
                            List.of("503", "ERR_CONNECTION_REFUSED", "ERR_EMPTY_RESPONSE", "ERR_CONNECTION_RESET")
                                    .stream()
                                    .anyMatch(line::contains));
        }
    }
}
