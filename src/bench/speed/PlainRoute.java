package speed;

import de.siegmar.fastcsv.reader.CsvReader;
import de.siegmar.fastcsv.reader.NamedCsvRecord;
import java.io.File;
import java.io.IOException;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.main.Main;

/**
 * The route that anybody would write first, to compare with: a file is split into rows and each is put, by Camel's own
 * parts as they are. It keeps no ledger and writes no results, and what goes wrong is lost or sent twice.
 *
 * <pre>PlainRoute inbox base-url threads</pre>
 */
public final class PlainRoute extends RouteBuilder {
    private final String inbox;
    private final String baseUrl;
    private final int threads;

    private PlainRoute(String inbox, String baseUrl, int threads) {
        this.inbox = inbox;
        this.baseUrl = baseUrl;
        this.threads = threads;
    }

    /** Runs until it is killed. */
    public static void main(String[] args) throws Exception {
        Main main = new Main();
        main.configure().addRoutesBuilder(new PlainRoute(args[0], args[1], Integer.parseInt(args[2])));
        main.run();
    }

    @Override
    public void configure() {
        var split = from("file:" + inbox).split(method(this, "rows")).streaming();
        if (threads > 1) {
            split.parallelProcessing()
                    .executorService(
                            getContext().getExecutorServiceManager().newThreadPool(this, "plain", threads, threads));
        }
        split.marshal()
                .json()
                .setHeader("CamelHttpMethod", constant("PUT"))
                .setHeader("Content-Type", constant("application/json"))
                .setHeader("Authorization", constant("Bearer account:secret"))
                .to(baseUrl + "/v1/Outbound/bench/Lead?connectionsPerRoute=" + threads);
    }

    /** The rows of a CSV file, as bodies of Add Lead. */
    public Iterator<Map<String, Object>> rows(File file) throws IOException {
        return CsvReader.builder().ofNamedCsvRecord(file.toPath()).stream().map(PlainRoute::lead).iterator();
    }

    private static Map<String, Object> lead(NamedCsvRecord row) {
        Map<String, String> callData = new LinkedHashMap<>(row.getFieldsAsMap());
        Map<String, Object> lead = new LinkedHashMap<>();
        for (String field : new String[] {"phoneNumber", "externalId", "timeZoneId"}) {
            lead.put(field, callData.remove(field));
        }
        lead.put("callData", callData);
        return lead;
    }
}
