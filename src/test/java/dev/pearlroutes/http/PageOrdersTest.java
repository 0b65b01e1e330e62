package dev.pearlroutes.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.pearlroutes.app.Bundle;
import dev.pearlroutes.routes.Receiver;
import dev.pearlroutes.sandbox.Fault;
import dev.pearlroutes.sandbox.Faults;
import dev.pearlroutes.sandbox.Operation;
import dev.pearlroutes.sandbox.Sandbox;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.openqa.selenium.Keys;

/** The operator's page in a browser, on a program that works: files are sent and orders given by it. */
class PageOrdersTest {
    private static final String HEADER = "externalId,phoneNumber,firstName\n";

    /** What a page would run that takes text for markup. */
    private static final String HOSTILE = "<img src=x onerror=document.title='broken'>";

    @TempDir
    static Path home;

    private static Sandbox api;
    private static Receiver receiver;
    private static Bundle bundle;
    private static Browser browser;

    @BeforeAll
    static void start() throws IOException {
        browser = Browser.start();
        api = Bundle.sandbox().start();
        receiver = new Receiver();
        bundle = Bundle.start(
                home,
                api,
                "leads.settle-time=1s",
                "leads.unknown-policy=hold",
                "outbound.acme.max-leads-per-file=3",
                "outbound.acme.sinks=file, http",
                "outbound.acme.http-sink.url=" + receiver.url());
        bundle.drop("first.csv", HEADER + "+12125550188,+12125550100,Ada\n");
        bundle.receipt("first.csv");
    }

    @AfterAll
    static void stop() {
        if (browser != null) {
            browser.close();
        }
        if (bundle != null) {
            bundle.close();
            receiver.close();
            api.close();
        }
    }

    @BeforeEach
    void open() {
        browser.screen(1280, 900).scheme("light").open(bundle.http().server() + "/");
        browser.awaitText("#link", "Up to date");
        browser.awaitText("#receipts", "first.csv");
    }

    private static JsonNode status() {
        return HttpClientOfTest.json(bundle.http().get("/api/status"));
    }

    private static void choose(String name, String text) throws IOException {
        Path file = Files.writeString(home.resolve(name), text);
        browser.find("#drop-file").sendKeys(file.toString());
    }

    /** Drops a file whose name may be any, as no file system would have it. */
    private static void drop(String name, String text) {
        browser.run(
                "const data = new DataTransfer(); data.items.add(new File([arguments[1]], arguments[0]));"
                        + "document.getElementById('drop').dispatchEvent("
                        + "new DragEvent('drop', { dataTransfer: data, bubbles: true, cancelable: true }))",
                name,
                text);
    }

    @Test
    void aFileIsCheckedAndThenSentOnce() throws IOException {
        choose("up.csv", HEADER + "up-1,+12125550111,Ann\nup-2,12x,Bob\n");
        browser.awaitText("#sheet", "Check of up.csv", "would be sent", "cannot be sent", "callData.firstName");
        assertThat(api.ringsByExternalId()).doesNotContainKey("up-1");

        // A second click comes before the answer to the first.
        browser.run("const send = document.getElementById('sheet-do'); send.click(); send.click()");

        browser.awaitText("#told", "up.csv");
        await().until(() -> api.ringsByExternalId().containsKey("up-1"));
        browser.awaitText("#receipts", "request", "1 accepted");
        browser.awaitText("#funnel", "accepted", "read");
        choose("up.csv", HEADER + "up-1,+12125550111,Ann\nup-2,12x,Bob\n");
        browser.awaitText("#sheet", "sent before");
        assertThat(browser.find("#sheet-do").isDisplayed()).isFalse();
        browser.click("#sheet-close");
        assertThat(api.ringsByExternalId()).containsEntry("up-1", 1);
        browser.click("[data-rows]");
        browser.awaitText("#sheet", "up-1", "rejected", "letters");
        browser.click("#sheet-close");
    }

    @Test
    void whatIsNoLeadFileIsRefusedWithTheReason() throws IOException {
        choose("picture.png", "x");
        browser.awaitText("#sheet", "no lead file", "Nothing of it was sent");
        browser.click("#sheet-close");
        choose("cut.json", "[{\"phoneNumber\":\"+12125550101\"");
        browser.awaitText("#sheet", "Nothing of it was sent");
        assertThat(browser.find("#sheet-do").isDisplayed()).isFalse();
    }

    @Test
    void aFileThatWaitsIsApprovedAndAnotherCancelled() {
        String rows = "+12125550131,A\nN-2,+12125550132,B\nN-3,+12125550133,C\nN-4,+12125550134,D\n";
        bundle.drop("approved.csv", HEADER + ("N-1," + rows).replace("N-", "ap-"));
        browser.awaitText("#issues", "approved.csv waits for approval");
        browser.awaitText("#work", "approved.csv", "waits for approval");
        browser.click("#issues button[aria-label='Approve: approved.csv']");
        browser.awaitText("#ask", "Send approved.csv?", "phone call");
        browser.click("#ask-no");
        assertThat(api.ringsByExternalId()).doesNotContainKey("ap-1");

        browser.order("Approve: approved.csv");
        browser.awaitText("#told", "approved");
        assertThat(bundle.receipt("approved.csv").path("accepted").asInt()).isEqualTo(4);
        browser.awaitNoText("#issues", "approved.csv");
        browser.awaitText("#receipts", "approved.csv", "4 accepted");

        bundle.drop("cancelled.csv", HEADER + ("N-1," + rows).replace("N-", "ca-"));
        browser.awaitText("#issues", "cancelled.csv waits for approval");
        browser.order("Cancel: cancelled.csv");
        assertThat(bundle.receipt("cancelled.csv").path("cancelled").asInt()).isEqualTo(4);
        browser.awaitText("#receipts", "cancelled.csv", "4 cancelled");
        assertThat(api.ringsByExternalId()).doesNotContainKey("ca-1");
    }

    @Test
    void anUnknownLeadIsReleased() {
        api.faults().next(1, Operation.ADD_LEAD, Faults.externalId("un-1"), Fault.drop());
        bundle.drop("unknown.csv", HEADER + "un-1,+12125550141,A\nun-2,+12125550142,B\n");
        bundle.receipt("unknown.csv");
        browser.awaitText("#issues", "1 unknown lead");
        browser.awaitText("#unknown", "un-1", "unknown.csv");

        browser.order("Release: lead un-1");

        await().until(() -> api.ringsByExternalId().containsKey("un-1"));
        browser.awaitText("#unknown", "None.");
        browser.awaitNoText("#issues", "unknown");
    }

    @Test
    void aSentFileIsRecalledAndCallsAreSearched() {
        bundle.drop("recalled.csv", HEADER + "re-1,+12125550171,A\n");
        bundle.receipt("recalled.csv");
        browser.order("Recall: recalled.csv");
        await().until(() -> api.leads("ob-1").stream()
                .anyMatch(lead -> "+12125550171".equals(lead.phoneNumber()) && lead.status() == 130));
        browser.awaitText("#receipts", "recall");

        long before = api.requests(Operation.GET_CALLS);
        browser.order("Search now: acme");
        browser.awaitText("#told", "to be searched for calls");
        await().until(() -> api.requests(Operation.GET_CALLS) > before);
        // What cannot be done any more is refused, and said.
        browser.run(
                "const button = document.createElement('button'); button.dataset.order = '/api/sources/1/approve';"
                        + "button.dataset.ask = 'Send it?'; button.ariaLabel = 'Late'; document.querySelector('footer').append(button)");
        browser.order("Late");
        browser.awaitText("#told", "Not done.", "waits for an approval");
    }

    @Test
    void aSinkThatRefusesIsShownAndItsEventsGoAgain() {
        receiver.answer(422);
        bundle.drop("sink.csv", HEADER + "si-1,+12125550151,A\n");
        bundle.receipt("sink.csv");
        browser.awaitText("#issues", "undelivered", "http");

        receiver.answer(200);
        browser.order("Retry: sink http");

        browser.awaitNoText("#issues", "undelivered");
        await().until(() ->
                status().path("sinks").findValuesAsText("waiting").stream().allMatch("0"::equals));
        receiver.down();
        try {
            bundle.drop("down.csv", HEADER + "si-2,+12125550152,A\n");
            browser.awaitText("#sinks", "fails", "http of acme");
            browser.awaitText("#issues", "The sink http of acme fails");
        } finally {
            receiver.up();
        }
        browser.awaitText("#verdict", "All is well");
    }

    @Test
    void anOutboundIsPausedAndResumedByKeyboard() {
        browser.run("document.querySelector('button[aria-label=\"Pause: acme\"]').focus()");
        browser.press(Keys.ENTER);
        await().until(() -> browser.focused().equals("ask-no"));
        browser.press(Keys.ESCAPE);
        await().until(() -> browser.focused().equals("Pause: acme"));
        browser.press(Keys.ENTER);
        await().until(() -> browser.focused().equals("ask-no"));
        browser.press(Keys.TAB);
        await().until(() -> browser.focused().equals("ask-yes"));
        browser.press(Keys.SPACE);
        browser.awaitText("#issues", "acme is paused");
        browser.awaitText("#outbounds", "paused");

        browser.order("Resume: acme");

        browser.awaitNoText("#issues", "paused");
        browser.awaitText("#outbounds", "ready");
    }

    @Test
    void numbersAreMaskedUntilTheyAreAskedFor() {
        browser.find("#search-value").sendKeys("+12125550188");
        browser.click("#search button");
        browser.awaitText("#sheet", "••••88", "first.csv", "accepted");
        assertThat(browser.text("#sheet")).doesNotContain("2125550188");

        browser.click("#sheet .reveal");

        browser.awaitText("#sheet", "+12125550188");
        assertThat((String) browser.run("return performance.getEntriesByType('resource').map(one => one.name).join()"))
                .doesNotContain("2125550188");
    }

    @Test
    void hostileNamesAndValuesStayText() {
        drop(
                HOSTILE + ".csv",
                "externalId,phoneNumber," + HOSTILE + "\n" + HOSTILE + ",+12125550161,x\n" + HOSTILE + ",none,x\n");
        browser.awaitText("#sheet", "Check of " + HOSTILE, "callData." + HOSTILE, "rejected");
        browser.click("#sheet-do");
        browser.awaitText("#told", HOSTILE);
        await().until(() -> api.ringsByExternalId().containsKey(HOSTILE));
        browser.find("#search-value").sendKeys(HOSTILE);
        browser.click("#search button");
        browser.awaitText("#sheet", HOSTILE, "sent to NLPearl");
        browser.click("#sheet-close");
        bundle.drop("a'\"&lt;b&gt;.csv", HEADER + "ho-1,+12125550162,x\n");
        browser.awaitText("#receipts", "a'\"&lt;b&gt;.csv");

        assertThat((Long) browser.run("return document.images.length")).isZero();
        assertThat((String) browser.run("return document.title")).doesNotContain("broken");
        assertThat(browser.problems()).isEmpty();
    }

    @Test
    void aPhoneShowsAllOfItWithoutScrollingAside() {
        browser.screen(360, 740);
        await().until(() -> (Boolean) browser.run("return document.documentElement.scrollWidth <= 360"));
        browser.click("summary");
        assertThat((Boolean) browser.run("return document.documentElement.scrollWidth <= 360"))
                .isTrue();
        assertThat(browser.barriers()).isEmpty();
    }
}
