package dev.pearlroutes.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.util.RawValue;
import dev.pearlroutes.files.DataFolders;
import dev.pearlroutes.ledger.Ledger;
import dev.pearlroutes.ledger.tables.SourceList;
import dev.pearlroutes.model.Source;
import dev.pearlroutes.receipts.Replies;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;

/** The sources, page by page and one by one, and their files. */
public final class SourceReports {
    private static final String PATH = "/api/sources/";

    private static final String RECEIPT = "receipt.json";

    private final Asked asked;
    private final Ledger ledger;
    private final SourceFiles files;
    private final Replies replies;
    private final SourceDescriptions descriptions;
    private final ReceiptSummaries endings;
    private final ObjectMapper json = new ObjectMapper();

    public SourceReports(
            Asked asked, Ledger ledger, DataFolders folders, Replies replies, SourceDescriptions descriptions) {
        this.asked = asked;
        this.ledger = ledger;
        this.files = new SourceFiles(folders);
        this.replies = replies;
        this.endings = new ReceiptSummaries(replies);
        this.descriptions = descriptions;
    }

    /**
     * Lists sources as JSON, the newest first.
     *
     * @param outbound null for all, like {@code operation} and {@code state}
     * @param from the first time or day at which they were taken; null for any
     * @param to the first time or day that is too late; null for none
     * @param after {@code next} of the page before; null at first
     * @param limit null for the usual one
     * @param receipts {@code true} for the receipt and the files of each that is over
     */
    public String list(
            String outbound,
            String operation,
            String state,
            String from,
            String to,
            String after,
            String limit,
            String receipts) {
        String itsOperation = Asked.word(
                "operation",
                operation,
                Stream.of(Source.Operation.values()).map(Source.Operation::word).toList());
        String itsState = Asked.word("state", state, List.of("claimed", "sending", "finished", "failed"));
        SourceList.Wanted wanted = new SourceList.Wanted(
                outbound == null || outbound.isEmpty() ? null : asked.outbound(outbound),
                itsOperation == null ? null : Source.Operation.of(itsOperation),
                itsState == null ? null : Source.State.valueOf(itsState.toUpperCase(Locale.ROOT)),
                Asked.time("from", from, null),
                Asked.time("to", to, null));
        long behind = Asked.number("after", after, Long.MAX_VALUE);
        int most = Asked.limit(limit);
        SourceList.Page page = ledger.read(tx -> tx.sourceList().page(wanted, behind, most));
        ObjectNode answer = json.createObjectNode();
        ArrayNode sources = answer.putArray("sources");
        boolean whole = "true".equals(Asked.word("receipts", receipts, List.of("true", "false")));
        for (Source source : page.sources()) {
            ObjectNode told = sources.addObject();
            descriptions.describe(told, source);
            if (whole) {
                descriptions.describeProgress(told, source);
                describeEnd(told, source);
            }
        }
        if (page.next() != null) {
            answer.put("next", page.next());
        }
        return answer.toString();
    }

    /** Puts in what a source has come to: its receipt without rows, or why it failed, and its files. */
    private void describeEnd(ObjectNode told, Source source) {
        if (source.unfinished()) {
            return;
        }
        Map<String, Path> its = files.of(source);
        if (source.state() == Source.State.FAILED) {
            ledger.read(tx -> tx.sourceDecisions().reason(source.id())).ifPresent(why -> told.put("reason", why));
        } else {
            endings.of(source, its.get(RECEIPT)).ifPresent(receipt -> told.set("receipt", receipt));
        }
        addLinks(told, source, its);
    }

    private static void addLinks(ObjectNode told, Source source, Map<String, Path> its) {
        ArrayNode links = told.putArray("files");
        its.forEach((file, path) -> links.addObject()
                .put("file", file)
                .put("name", path.getFileName().toString())
                .put("bytes", SourceFiles.bytes(path))
                .put("href", PATH + source.id() + "/files/" + file));
    }

    /** Reports one source, as JSON: its receipt, what people have decided, and links to its files. */
    public String one(String id) throws IOException {
        Source source = asked.source(id);
        ObjectNode told = json.createObjectNode();
        descriptions.describe(told, source);
        descriptions.describeProgress(told, source);
        ledger.read(tx -> tx.sourceDecisions().cancelled(source.id()))
                .ifPresent(recall -> told.put("cancelled", recall ? "recall" : "cancel"));
        if (source.state() == Source.State.FAILED) {
            ledger.read(tx -> tx.sourceDecisions().reason(source.id())).ifPresent(why -> told.put("reason", why));
        }
        Map<String, Path> its = files.of(source);
        if (source.request()) {
            told.set("receipt", replies.ofRequest(source));
        } else if (source.message() && source.state() == Source.State.FINISHED) {
            told.putRawValue("receipt", new RawValue(replies.of(source)));
        } else if (its.containsKey(RECEIPT)) {
            JsonNode receipt = json.readTree(its.get(RECEIPT).toFile());
            told.set("receipt", receipt);
        }
        addLinks(told, source, its);
        return told.toString();
    }

    /**
     * Hands out a file of a source.
     *
     * @param file {@code original}, or what stands behind the name of that and a point, such as {@code outcomes.csv}
     */
    public Download file(String id, String file) {
        Path path = files.find(asked.source(id), file).orElseThrow(() -> Asked.unknown("file of this source"));
        return new Download(path.toFile(), SourceFiles.type(file));
    }
}
