package dev.pearlroutes.config;

import dev.pearlroutes.model.LeadIdentity;
import dev.pearlroutes.model.ReleaseRate;
import java.nio.charset.Charset;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;

/**
 * One outbound of the configuration.
 *
 * @param name the operator's name of it: a folder name on every file system, unique whatever the case
 * @param id its id at NLPearl
 * @param searchCalls how its calls are read back
 * @param silentAfter how long after it was accepted a lead without a call is reported; null for never
 * @param resultFields the optional members of a call's event that it has
 * @param sinks where its events go, without repetition
 * @param fileFormat what the file sink writes
 * @param httpSink where the HTTP sink posts; null when no address is configured, never when {@code http} is among the sinks
 * @param webhookSecret what the platform has to bring with what it posts to the outbound's webhooks; null when there are none
 * @param jmsSinkQueue queue of the sink {@code jms}
 * @param leadQueue whose messages are leads of this outbound
 * @param defaultRegion upper-case ISO region of numbers without a country code; null when such rows are rejected
 * @param timeZoneFromNumber whether a lead without a time zone gets the one of its number
 * @param identity what makes a row the duplicate of a lead sent before
 * @param mapping file of the column mapping, readable when the configuration was loaded; null when columns map by name
 * @param limits those that its lead files must keep, or a person agrees
 * @param suppressionMaxAge how old a suppression list may be that is in force for it; null when they may be of any age, or missing
 * @param charset encoding of its files that carry no byte order mark
 * @param sheet name of the sheet of its workbooks; null for the first with a column of phone numbers
 */
public record Outbound(
        String name,
        String id,
        SearchCalls searchCalls,
        Duration silentAfter,
        Set<String> resultFields,
        List<String> sinks,
        FileFormat fileFormat,
        HttpTarget httpSink,
        Secret webhookSecret,
        String jmsSinkQueue,
        String leadQueue,
        String defaultRegion,
        boolean timeZoneFromNumber,
        LeadIdentity identity,
        Path mapping,
        Limits limits,
        Duration suppressionMaxAge,
        Charset charset,
        String sheet) {

    /**
     * The Polling Consumer of an outbound's calls.
     *
     * @param cron Quartz cron, in the server's time zone
     * @param lookback how far before the cursor each run reads again
     * @param start begin of the very first run; null means now less lookback
     * @param pageSize calls that one request reads, 1 to 100
     * @param tags only calls with one of these tags; empty for all
     * @param statuses only calls with one of these status codes; empty for all
     * @param searchInput free text of the search; null for none
     */
    public record SearchCalls(
            String cron,
            Duration lookback,
            Instant start,
            int pageSize,
            List<String> tags,
            List<Integer> statuses,
            String searchInput) {

        /** Tells whether some calls are left out. */
        public boolean isFiltered() {
            return !tags.isEmpty() || !statuses.isEmpty() || searchInput != null;
        }
    }

    /**
     * The limits that a lead file must keep, or a person agrees.
     *
     * @param requiredVariables ids of callData; a row without a value for one of them is rejected; empty for none
     * @param maxLeadsPerFile most leads of a file that are sent without a person's approval; 0 for no limit
     * @param maxLeadsPerDay most leads of a day (UTC) that are sent without a person's approval; 0 for no limit
     * @param release size and period of the waves; null when files are not sent in waves
     */
    public record Limits(Set<String> requiredVariables, int maxLeadsPerFile, int maxLeadsPerDay, ReleaseRate release) {}
}
