import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.Locale;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/**
 * What an Excel workbook of many rows takes of the packaged program, with 128 MB of heap: each row has an id and a name of its own in the
 * table of texts, and its number as a number. The API is a loopback server here that accepts every lead.
 *
 * <pre>java src/bench/Workbook.java [rows, 200000]</pre>
 */
public final class Workbook {
    private static final Duration PATIENCE = Duration.ofMinutes(15);
    private static final Path PROGRAM = Path.of("target", "pearl-routes", "bin", "pearl-routes");
    private static final String MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
    private static final String RELATED = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";

    private Workbook() {}

    public static void main(String[] args) throws Exception {
        int rows = args.length > 0 ? Integer.parseInt(args[0]) : 200_000;
        Path folder = Files.createTempDirectory("workbook");
        AtomicInteger leads = new AtomicInteger();
        ExecutorService threads = Executors.newCachedThreadPool();
        HttpServer api = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        api.setExecutor(threads);
        api.createContext("/", exchange -> answer(exchange, leads));
        api.start();
        Process program = start(folder, "http://127.0.0.1:" + api.getAddress().getPort());
        try {
            Path inbox = folder.resolve("data").resolve("inbox").resolve("bench");
            await(program, inbox);
            Path aside = folder.resolve("list.xlsx");
            write(aside, rows);
            long size = Files.size(aside);
            long begun = System.nanoTime();
            Files.move(aside, inbox.resolve("list.xlsx"));
            Path receipt = folder.resolve("data").resolve("done").resolve("bench").resolve("list.xlsx.receipt.json");
            await(program, receipt);
            double seconds = (System.nanoTime() - begun) / 1e9;
            System.out.printf(
                    Locale.ROOT,
                    "%,d rows in a workbook of %.1f MB, -Xmx128m: %,d leads at the API, %.0f s, a peak of %d MB. %s%n",
                    rows,
                    size / 1e6,
                    leads.get(),
                    seconds,
                    peak(program),
                    Files.readString(receipt).replaceAll("\\s+", " "));
        } finally {
            program.destroy();
            program.waitFor();
            api.stop(0);
            threads.shutdownNow();
            delete(folder);
        }
    }

    private static void answer(HttpExchange exchange, AtomicInteger leads) throws IOException {
        exchange.getRequestBody().readAllBytes();
        String answer = exchange.getRequestMethod().equals("PUT")
                ? "{\"leadId\":\"lead-" + leads.incrementAndGet() + "\"}"
                : "{\"count\":0,\"results\":[]}";
        byte[] bytes = answer.getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Content-Type", "application/json");
        exchange.sendResponseHeaders(200, bytes.length);
        exchange.getResponseBody().write(bytes);
        exchange.close();
    }

    private static void await(Process program, Path file) throws InterruptedException {
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (!Files.exists(file)) {
            if (!program.isAlive() || System.nanoTime() > end) {
                throw new IllegalStateException(file + " does not appear");
            }
            TimeUnit.MILLISECONDS.sleep(100);
        }
    }

    private static long peak(Process program) throws IOException {
        return Files.readAllLines(Path.of("/proc/" + program.pid() + "/status")).stream()
                .filter(line -> line.startsWith("VmHWM"))
                .mapToLong(line -> Long.parseLong(line.replaceAll("[^0-9]", "")) / 1024)
                .findFirst()
                .orElseThrow();
    }

    private static Process start(Path folder, String api) throws IOException {
        Files.createDirectory(folder.resolve("config"));
        Files.writeString(
                folder.resolve("config").resolve("application.properties"),
                String.join(
                        "\n",
                        "nlpearl.sandbox=false",
                        "nlpearl.base-url=" + api,
                        "nlpearl.token=account:secret",
                        "nlpearl.max-per-second=0",
                        "outbound.bench.id=bench",
                        "outbound.bench.default-region=US",
                        "http.port=0"));
        ProcessBuilder builder = new ProcessBuilder(PROGRAM.toAbsolutePath().toString());
        builder.directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("log").toFile());
        builder.environment().put("CONFIG_DIR", folder.resolve("config").toString());
        builder.environment().put("DATA_DIR", folder.resolve("data").toString());
        builder.environment().put("JAVA_OPTS", "-Xmx128m");
        return builder.start();
    }

    private static void write(Path file, int rows) throws IOException {
        try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(file));
                Writer out = new BufferedWriter(new OutputStreamWriter(zip, StandardCharsets.UTF_8))) {
            part(zip, out, "[Content_Types].xml");
            out.write("<Types xmlns=\"http://schemas.openxmlformats.org/package/2006/content-types\">"
                    + "<Default Extension=\"rels\" ContentType=\"application/vnd.openxmlformats-package.relationships+xml\"/>"
                    + "<Default Extension=\"xml\" ContentType=\"application/xml\"/>"
                    + "<Override PartName=\"/xl/workbook.xml\" ContentType="
                    + "\"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml\"/></Types>");
            part(zip, out, "_rels/.rels");
            relationships(out, "officeDocument", "xl/workbook.xml");
            part(zip, out, "xl/workbook.xml");
            out.write("<workbook xmlns=\"" + MAIN + "\" xmlns:r=\"" + RELATED
                    + "\"><sheets><sheet name=\"Leads\" sheetId=\"1\" r:id=\"rId1\"/></sheets></workbook>");
            part(zip, out, "xl/_rels/workbook.xml.rels");
            relationships(out, "worksheet", "worksheets/sheet1.xml", "sharedStrings", "sharedStrings.xml");
            part(zip, out, "xl/sharedStrings.xml");
            out.write("<sst xmlns=\"" + MAIN + "\"><si><t>externalId</t></si><si><t>phoneNumber</t></si><si><t>name</t></si>");
            for (int row = 0; row < rows; row++) {
                out.write("<si><t>crm-" + row + "</t></si><si><t>Person number " + row + " of the list</t></si>");
            }
            out.write("</sst>");
            part(zip, out, "xl/worksheets/sheet1.xml");
            out.write("<worksheet xmlns=\"" + MAIN + "\"><sheetData><row r=\"1\"><c r=\"A1\" t=\"s\"><v>0</v></c>"
                    + "<c r=\"B1\" t=\"s\"><v>1</v></c><c r=\"C1\" t=\"s\"><v>2</v></c></row>");
            for (int row = 0; row < rows; row++) {
                int r = row + 2;
                out.write("<row r=\"" + r + "\"><c r=\"A" + r + "\" t=\"s\"><v>" + (3 + 2 * row) + "</v></c><c r=\"B" + r
                        + "\"><v>" + (4_152_000_000L + row) + "</v></c><c r=\"C" + r + "\" t=\"s\"><v>" + (4 + 2 * row)
                        + "</v></c></row>");
            }
            out.write("</sheetData></worksheet>");
            out.flush();
            zip.closeEntry();
        }
    }

    private static void part(ZipOutputStream zip, Writer out, String name) throws IOException {
        out.flush();
        zip.putNextEntry(new ZipEntry(name));
    }

    private static void relationships(Writer out, String... typesAndTargets) throws IOException {
        out.write("<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\">");
        for (int i = 0; i < typesAndTargets.length; i += 2) {
            out.write("<Relationship Id=\"rId" + (i / 2 + 1) + "\" Type=\"" + RELATED + "/" + typesAndTargets[i]
                    + "\" Target=\"" + typesAndTargets[i + 1] + "\"/>");
        }
        out.write("</Relationships>");
    }

    private static void delete(Path folder) throws IOException {
        try (Stream<Path> found = Files.walk(folder)) {
            for (Path path : found.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        }
    }
}
