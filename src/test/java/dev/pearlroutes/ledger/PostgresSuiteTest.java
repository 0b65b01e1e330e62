package dev.pearlroutes.ledger;

import org.junit.platform.suite.api.AfterSuite;
import org.junit.platform.suite.api.BeforeSuite;
import org.junit.platform.suite.api.IncludeClassNamePatterns;
import org.junit.platform.suite.api.SelectPackages;
import org.junit.platform.suite.api.Suite;

/** The tests of all rooms that open a ledger, once more with PostgreSQL. */
@Suite
@SelectPackages("dev.pearlroutes")
@IncludeClassNamePatterns({
    ".*\\.sending\\.(FormerIds|ReleaseWaves|IntentPlanner|LeadWebhooks)Test",
    ".*\\.delivery\\.OutboxTest",
    ".*\\.calls\\.(CallRace|CallWebhooks|SilentLeads)Test",
    ".*\\.updates\\.(FailedStops|UpdatePlanner)Test",
    ".*\\.receipts\\.OutcomeFilesTest",
    ".*\\.ledger\\.(SendJournal|LeadKeys)Test",
    ".*\\.upkeep\\.RetentionTest",
    ".*\\.intake\\.(SourceQueues|InterruptedLeads|Sources)Test",
    ".*\\.approval\\.ApprovalStoreTest"
})
class PostgresSuiteTest {
    @BeforeSuite
    static void begin() {
        LedgerFixture.usePostgresql(true);
    }

    @AfterSuite
    static void end() {
        LedgerFixture.usePostgresql(false);
    }
}
