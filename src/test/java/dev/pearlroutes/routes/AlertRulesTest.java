package dev.pearlroutes.routes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.pearlroutes.app.Bundle;
import dev.pearlroutes.app.LedgerFile;
import dev.pearlroutes.sandbox.Fault;
import dev.pearlroutes.sandbox.Operation;
import dev.pearlroutes.sandbox.Sandbox;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.sql.Connection;
import java.sql.DriverManager;
import java.time.Instant;
import java.util.Arrays;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Each alert rule of src/deploy/monitoring is quiet while all is well, and fires for what it is named after, in the whole bundle. */
class AlertRulesTest {
    private static final Pattern METRIC = Pattern.compile("\\b(?:pearl|camel)_[a-z_]+");

    @TempDir
    private Path home;

    private final Sandbox api = Bundle.sandbox().start();
    private Receiver receiver;
    private Bundle bundle;

    @AfterEach
    void stop() throws IOException {
        if (bundle != null) {
            bundle.close();
        }
        if (receiver != null) {
            receiver.close();
        }
        api.close();
    }

    /** What goes wrong, by the rule that tells of it. */
    enum Trouble {
        PearlHealthDown {
            @Override
            void begin(AlertRulesTest test) {
                test.api.token("another");
                test.drop();
            }
        },
        PearlSendingStopped {
            @Override
            void begin(AlertRulesTest test) {
                test.api.token("another");
                test.drop();
            }
        },
        PearlLedgerFailing {
            @Override
            void begin(AlertRulesTest test) throws Exception {
                try (Connection other =
                        DriverManager.getConnection("jdbc:sqlite:" + new LedgerFile(test.bundle.data()).path())) {
                    other.createStatement().execute("PRAGMA busy_timeout = 5000");
                    other.createStatement().execute("BEGIN IMMEDIATE");
                    test.drop();
                    test.awaitFiring(this);
                }
            }
        },
        PearlStopFailed {
            @Override
            void begin(AlertRulesTest test) throws IOException {
                test.drop();
                test.bundle.receipt("leads.csv");
                test.api.faults().always(Operation.UPDATE_LEAD, Fault.status(400));
                Path list = test.home.resolve("list");
                Files.writeString(list, Given.number(1) + "\n");
                Files.setLastModifiedTime(list, FileTime.from(Instant.now().minusSeconds(60)));
                Files.move(list, test.bundle.data().resolve("suppress/dnc.txt"), StandardCopyOption.ATOMIC_MOVE);
            }
        },
        PearlAccountStopped {
            @Override
            void begin(AlertRulesTest test) {
                test.api.account(3, BigDecimal.ZERO);
            }
        },
        PearlCreditLow {
            @Override
            void begin(AlertRulesTest test) {
                test.api.account(1, BigDecimal.TEN);
            }
        },
        PearlFileFailed {
            @Override
            void begin(AlertRulesTest test) {
                test.bundle.drop("broken.csv", "no,columns,of,phones\n1,2,3,4\n");
            }
        },
        PearlApprovalWaiting("outbound.acme.max-leads-per-file=2") {
            @Override
            void begin(AlertRulesTest test) {
                test.drop();
            }
        },
        PearlUnknownOld {
            @Override
            void begin(AlertRulesTest test) {
                test.api.faults().next(1, Operation.ADD_LEAD, Fault.drop());
                test.drop();
                test.bundle.receipt("leads.csv");
                test.bundle.changeLedger("UPDATE lead SET at = at - 7200000 WHERE state = 'unknown'");
            }
        },
        PearlCallsUnread {
            @Override
            void begin(AlertRulesTest test) {
                test.bundle.searchCalls();
                test.bundle.changeLedger("UPDATE cursor SET position = position - 7200000");
            }
        },
        PearlSinkFailing {
            @Override
            void begin(AlertRulesTest test) {
                test.receiver.answer(503);
                test.drop();
            }
        },
        PearlSinkBehind {
            @Override
            void begin(AlertRulesTest test) {
                test.receiver.answer(503);
                test.drop();
                test.bundle.receipt("leads.csv");
                test.bundle.changeLedger("UPDATE event SET at = at - 7200000");
            }
        },
        PearlUndelivered {
            @Override
            void begin(AlertRulesTest test) {
                test.receiver.answer(400);
                test.drop();
            }
        };

        private final String[] settings;

        Trouble(String... settings) {
            this.settings = settings;
        }

        abstract void begin(AlertRulesTest test) throws Exception;
    }

    private Scrape before;

    @ParameterizedTest
    @EnumSource
    void aRuleFiresForItsTrouble(Trouble trouble) throws Exception {
        start(trouble.settings);
        assertThat(firing()).as("before").isEmpty();

        trouble.begin(this);

        if (trouble != Trouble.PearlLedgerFailing) {
            awaitFiring(trouble);
        }
    }

    @Test
    void everyRuleIsProvedAndSaysWhatToDo() throws IOException {
        assertThat(AlertRule.read())
                .extracting(AlertRule::name)
                .containsExactlyInAnyOrderElementsOf(
                        Arrays.stream(Trouble.values()).map(Enum::name).toList());
        assertThat(AlertRule.read()).allSatisfy(rule -> {
            assertThat(rule.lasting()).matches("\\d+[smhd]");
            assertThat(rule.texts()).containsOnlyKeys("summary", "description");
            assertThat(rule.members()).isSubsetOf("alert", "expr", "for", "labels", "annotations");
        });
    }

    @Test
    void theDashboardAsksForMetricsThatExistAndTheDocumentsKnowThem() throws IOException {
        start();
        Set<String> there = scrape().metrics();

        Set<String> asked = new TreeSet<>();
        JsonNode dashboard = new ObjectMapper()
                .readTree(
                        Path.of("src/deploy/monitoring/grafana-dashboard.json").toFile());
        dashboard.findValuesAsText("expr").forEach(expression -> {
            Matcher matcher = METRIC.matcher(expression);
            while (matcher.find()) {
                asked.add(matcher.group());
            }
        });

        assertThat(asked).hasSizeGreaterThan(15);
        assertThat(there).containsAll(asked);
        assertThat(there)
                .containsAll(AlertRule.read().stream().map(AlertRule::metric).toList());
    }

    @Test
    void noLabelHasAnythingOfALead() {
        start();
        bundle.drop("secret-name.csv", "externalId,phoneNumber,callData.name\ncrm-77,+13055550177,Zoe\n");
        bundle.receipt("secret-name.csv");

        String text = bundle.http().get("/observe/metrics").body();

        assertThat(text)
                .contains("pearl_leads_total{outbound=\"acme\",outcome=\"accepted\"} 1.0")
                .contains("pearl_leads_total{outbound=\"acme\",outcome=\"unknown\"} 0.0")
                .contains("pearl_files_total{outbound=\"acme\",result=\"completed\"} 1.0")
                .contains("pearl_requests_total{answer=\"2xx\",operation=\"add-lead\"} 1.0")
                .contains("pearl_request_seconds_count{operation=\"add-lead\"} 1")
                .contains("pearl_request_seconds_bucket{operation=\"add-lead\",le=\"30.0\"} 1")
                .contains("pearl_files_unfinished{outbound=\"acme\",state=\"sending\"} 0.0")
                .contains("pearl_sending_stopped{outbound=\"acme\"} 0.0")
                .contains("pearl_pace_limit NaN")
                .containsPattern("pearl_ledger_bytes [1-9]");
        assertThat(text)
                .doesNotContain(
                        "crm-77",
                        "5550177",
                        "Zoe",
                        "secret-name",
                        api.leads("ob-1").get(0).id());
    }

    private void start(String... settings) {
        receiver = new Receiver();
        String[] all = Arrays.copyOf(settings, settings.length + 3);
        all[settings.length] = "nlpearl.account-check=1s";
        all[settings.length + 1] = "outbound.acme.sinks=file,http";
        all[settings.length + 2] = "outbound.acme.http-sink.url=" + receiver.url() + "/hooks";
        bundle = Bundle.start(home, api, all);
        await().until(() ->
                scrape().matching("pearl_account_credit", Map.of()).stream().allMatch(credit -> credit.value() > 100));
        before = scrape();
    }

    private void drop() {
        bundle.drop("leads.csv", Given.csv("crm", 3));
    }

    private Scrape scrape() {
        return Scrape.of(bundle.http().get("/observe/metrics").body());
    }

    private Set<String> firing() {
        Scrape now = scrape();
        try {
            Set<String> names = new TreeSet<>();
            for (AlertRule rule : AlertRule.read()) {
                if (!rule.firing(before, now).isEmpty()) {
                    names.add(rule.name());
                }
            }
            return names;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void awaitFiring(Trouble trouble) {
        await(trouble.name()).until(() -> firing().contains(trouble.name()));
    }
}
