package dev.pearlroutes.routes;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.pearlroutes.app.Bundle;
import dev.pearlroutes.sandbox.Operation;
import dev.pearlroutes.sandbox.Sandbox;
import dev.pearlroutes.sandbox.SandboxRequest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Rows are sent as a mapping file of several columns, constants, defaults and patterns says, and are checked by the same. */
class SendRowsTest {
    private static final String MAPPING = """
            # The lead
            phoneNumber          = {Prefix|+1}{Mobile}
            externalId           = {Source}-{Customer No}
            timeZoneId           = "America/New_York"
            # What the voice speaks of
            callData.name        = {First|friend} {Last}
            Last                 = callData.last
            Last                 = callData.sortName
            Balance              = callData.balance:float-comma
            callData.campaign    = "Autumn {{24}}"
            # Not sent
            internal_*           = dropped
            Note                 =
            """;

    private static final String LEADS = """
            Prefix;Mobile;Source;Customer No;First;Last;Balance;internal_id;Internal Note;Note;city
            ;2125550101;web;7;Ada;Lovelace;1.234,50;x;y;z;Bern
            +44;2079460018;crm;8;;Hopper;7;;;;
            ;2125550103;;9;Grace;;12.5;;;;
            """;

    @TempDir
    private Path home;

    private final Sandbox api = Bundle.sandbox().start();
    private Bundle bundle;

    @BeforeEach
    void start() throws IOException {
        Files.writeString(home.resolve("acme.properties"), MAPPING);
        bundle = Bundle.start(home, api, "outbound.acme.mapping=acme.properties");
    }

    @AfterEach
    void stop() {
        bundle.close();
        api.close();
    }

    @Test
    void aMappingThatUsesAllOfItMakesTheRequests() {
        bundle.drop("leads.csv", LEADS);

        Given.assertReceipt(bundle.receipt("leads.csv"), "read=3 accepted=2 rejected=1");
        assertThat(api.received(Operation.ADD_LEAD))
                .extracting(SandboxRequest::json)
                .extracting(JsonNode::toString)
                .containsExactlyInAnyOrder(
                        "{\"phoneNumber\":\"+12125550101\",\"externalId\":\"web-7\",\"timeZoneId\":\"Eastern Standard Time\","
                                + "\"callData\":{\"balance\":1234.5,\"campaign\":\"Autumn {24}\",\"city\":\"Bern\","
                                + "\"last\":\"Lovelace\",\"name\":\"Ada Lovelace\",\"sortName\":\"Lovelace\"}}",
                        "{\"phoneNumber\":\"+442079460018\",\"externalId\":\"crm-8\",\"timeZoneId\":\"Eastern Standard Time\","
                                + "\"callData\":{\"balance\":7.0,\"campaign\":\"Autumn {24}\",\"last\":\"Hopper\","
                                + "\"name\":\"friend Hopper\",\"sortName\":\"Hopper\"}}");
        assertThat(Bundle.text(bundle.done("leads.csv.rejected.csv")).lines())
                .as("the columns of the file, and all reasons")
                .containsExactly(
                        "Prefix;Mobile;Source;Customer No;First;Last;Balance;internal_id;Internal Note;Note;city;_line;_reason",
                        ";2125550103;;9;Grace;;12.5;;;;;4;\"callData (column 'Balance') must be a number with a"
                                + " decimal comma, such as 1234,5 or 1.234,5 (:float reads 1234.5); externalId lacks a part:"
                                + " column 'Source' is empty\"");

        bundle.drop("again.csv", LEADS);
        Given.assertReceipt(bundle.receipt("again.csv"), "read=3 duplicate=2 rejected=1");
        assertThat(api.received(Operation.ADD_LEAD)).hasSize(2);
    }

    @Test
    void anUpdateFindsItsLeadByTheSameColumnsAndLeavesConstantsAlone() {
        bundle.drop("leads.csv", LEADS);
        bundle.receipt("leads.csv");

        bundle.drop("updates/u.csv", "Source,Customer No,First,Last,Balance\nweb,7,,King,\ncrm,,,,\"1,5\"\n");

        JsonNode receipt = bundle.receipt("updates/u.csv");
        assertThat(receipt.get("updated").asInt()).isEqualTo(1);
        assertThat(receipt.get("rejected").asInt()).isEqualTo(1);
        assertThat(api.received(Operation.UPDATE_LEAD))
                .extracting(SandboxRequest::json)
                .extracting(JsonNode::toString)
                .containsExactly("{\"callData\":{\"last\":\"King\",\"sortName\":\"King\"}}");
        assertThat(Bundle.text(bundle.done("updates/u.csv.rejected.csv")))
                .contains("externalId lacks a part: column 'Customer No' is empty");
    }

    @Test
    void aCheckTellsWhatBecomesOfEachColumn() {
        bundle.drop("check/leads.csv", LEADS);

        JsonNode receipt = bundle.receipt("check/leads.csv");
        assertThat(receipt.get("fields"))
                .extracting(JsonNode::toString)
                .containsExactly(
                        "{\"field\":\"callData.last\",\"column\":\"Last\"}",
                        "{\"field\":\"callData.sortName\",\"column\":\"Last\"}",
                        "{\"field\":\"callData.balance\",\"type\":\"float-comma\",\"column\":\"Balance\"}",
                        "{\"field\":\"callData.city\",\"column\":\"city\"}",
                        "{\"field\":\"phoneNumber\",\"template\":\"{Prefix|+1}{Mobile}\"}",
                        "{\"field\":\"externalId\",\"template\":\"{Source}-{Customer No}\"}",
                        "{\"field\":\"timeZoneId\",\"constant\":\"America/New_York\"}",
                        "{\"field\":\"callData.name\",\"template\":\"{First|friend} {Last}\"}",
                        "{\"field\":\"callData.campaign\",\"constant\":\"Autumn {{24}}\"}");
        assertThat(receipt.get("droppedColumns"))
                .extracting(JsonNode::toString)
                .containsExactly(
                        "{\"column\":\"internal_id\",\"pattern\":\"internal_*\"}",
                        "{\"column\":\"Internal Note\",\"pattern\":\"internal_*\"}",
                        "{\"column\":\"Note\"}");
        assertThat(receipt.get("unmappedColumns").toString()).isEqualTo("[\"city\"]");
        assertThat(receipt.get("timeZones").toString())
                .isEqualTo("[{\"given\":\"America/New_York\",\"sent\":\"Eastern Standard Time\",\"rows\":2}]");
        assertThat(api.received(Operation.ADD_LEAD)).isEmpty();
    }

    @Test
    void aFileWithoutAColumnOfATemplateIsRefusedWithTheLine() {
        bundle.drop("short.csv", "Mobile,Prefix,Source,First,Last\n2125550101,,web,Ada,Lovelace\n");

        assertThat(bundle.failure("short.csv"))
                .contains("has no column 'Customer No', which line 3 of the file of outbound.acme.mapping names");
        assertThat(api.received(Operation.ADD_LEAD)).isEmpty();
    }
}
