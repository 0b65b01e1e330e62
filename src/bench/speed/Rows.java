package speed;

import static speed.Row.Target.atLeast;
import static speed.Row.Target.atMost;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The rows of the table. */
final class Rows {
    private static final String PEARL = "pearl-routes/s";
    private static final String LIMIT = "limit/s";
    private static final String PLAIN = "plain/s";
    private static final String OF_LIMIT = "of the limit";
    private static final String TIMES_PLAIN = "times plain";

    private final Lab lab;
    private final Options options;

    Rows(Lab lab, Options options) {
        this.lab = lab;
        this.options = options;
    }

    List<Row> all() {
        return List.of(
                new Row(
                        "latency-50",
                        "32 in flight, 50 ms, from the first to the last PUT",
                        List.of(atLeast(OF_LIMIT, 0.97)),
                        () -> latency(50, 20_000, false)),
                new Row(
                        "latency-5",
                        "32 in flight, 5 ms, second half of the file",
                        List.of(atLeast(OF_LIMIT, 0.93)),
                        () -> latency(5, 150_000, true)),
                new Row(
                        "latency-0",
                        "32 in flight, 0 ms, second half of the file; plain: 32 threads",
                        List.of(atLeast(TIMES_PLAIN, 2)),
                        this::noLatency),
                new Row(
                        "cpu",
                        "CPU a lead, 0 ms, from the start of the process to the receipt; plain: one thread",
                        List.of(atMost(TIMES_PLAIN, 1)),
                        this::cpu),
                new Row(
                        "start-1000",
                        "from the start of the process to the first PUT, file of 1,000 rows",
                        List.of(atMost(TIMES_PLAIN, 0.6)),
                        () -> start(1_000)),
                new Row(
                        "start-100000",
                        "the same, file of 100,000 rows, which is scanned whole first",
                        List.of(atMost(TIMES_PLAIN, 1)),
                        () -> start(100_000)),
                new Row(
                        "memory",
                        "1,000,000 rows with -Xmx128m against 100,000",
                        List.of(atMost("peak, times that of a tenth", 1.1), atLeast("last tenth/first tenth", 0.9)),
                        this::memory),
                new Row(
                        "rate-limit",
                        "API with a token bucket of 200/s and Retry-After, latency 50 ms, three minutes from the first to the last PUT",
                        List.of(atLeast(OF_LIMIT, 0.97), atMost("refused %", 1)),
                        this::rateLimit),
                new Row(
                        "many-files",
                        "10,000 files of 10 rows against one file, 0 ms",
                        List.of(atLeast("times one file", 0.5)),
                        this::manyFiles),
                new Row(
                        "ledger",
                        "a ledger of 10,000,000 accepted leads against one of 100,000: plan of a batch of 64, start to first PUT",
                        List.of(atMost("plan, times the small one's", 1.5), atMost("start, times the small one's", 2)),
                        this::ledger),
                new Row(
                        "export",
                        "100,000 calls by pages of 100, 5 ms a page, -Xmx128m, against one loop of requests",
                        List.of(atLeast("times the loop", 1.5)),
                        this::export));
    }

    private Map<String, Double> latency(int ms, int leads, boolean warm) throws Exception {
        String server = "latency=" + ms;
        double limit = lab.limit(server);
        Outcome pearl = lab.pearl(Job.of(options.leads(leads), server));
        Outcome plain = lab.plain(Job.of(options.leads(leads), server), Lab.IN_FLIGHT);
        Map<String, Double> figures = new LinkedHashMap<>();
        figures.put(LIMIT, limit);
        figures.put(PEARL, rate(pearl, warm));
        figures.put(PLAIN, rate(plain, warm));
        figures.put(OF_LIMIT, rate(pearl, warm) / limit);
        figures.put("plain of the limit", rate(plain, warm) / limit);
        return figures;
    }

    private static double rate(Outcome outcome, boolean warm) {
        return warm ? outcome.stats().perSecondWarm() : outcome.stats().perSecond();
    }

    private Map<String, Double> noLatency() throws Exception {
        double limit = lab.limit("latency=0");
        Job job = Job.of(options.leads(200_000), "latency=0");
        Outcome pearl = lab.pearl(job);
        Outcome plain = lab.plain(job, Lab.IN_FLIGHT);
        Map<String, Double> figures = new LinkedHashMap<>();
        figures.put(LIMIT, limit);
        figures.put(PEARL, pearl.stats().perSecondWarm());
        figures.put(PLAIN, plain.stats().perSecondWarm());
        figures.put(TIMES_PLAIN, pearl.stats().perSecondWarm() / plain.stats().perSecondWarm());
        figures.put("warm CPU, µs", pearl.warmCpu());
        figures.put("plain, µs", plain.warmCpu());
        return figures;
    }

    private Map<String, Double> cpu() throws Exception {
        Job job = Job.of(options.leads(100_000), "latency=0");
        Outcome pearl = lab.pearl(job);
        Outcome plain = lab.plain(job, 1);
        Map<String, Double> figures = new LinkedHashMap<>();
        figures.put("µs", pearl.cpu());
        figures.put("plain, µs", plain.cpu());
        figures.put(TIMES_PLAIN, pearl.cpu() / plain.cpu());
        figures.put("second half, µs", pearl.warmCpu());
        figures.put("plain, second half, µs", plain.warmCpu());
        return figures;
    }

    private Map<String, Double> start(int leads) throws Exception {
        Job job = Job.of(leads, "latency=5");
        double pearl = lab.pearlToFirstPut(job);
        double plain = lab.plainToFirstPut(job);
        Map<String, Double> figures = new LinkedHashMap<>();
        figures.put("s", pearl);
        figures.put("plain, s", plain);
        figures.put(TIMES_PLAIN, pearl / plain);
        return figures;
    }

    private Map<String, Double> memory() throws Exception {
        int leads = options.leads(1_000_000);
        int tenth = leads / 10;
        Outcome few = lab.pearl(Job.of(tenth, "latency=0").withJavaOpts("-Xmx128m"));
        Outcome many = lab.pearl(Job.of(leads, "latency=0").withJavaOpts("-Xmx128m"));
        int marks = many.stats().marks();
        double first = many.stats().perSecond(0, marks / 10);
        double last = many.stats().perSecond(marks - marks / 10, marks);
        Map<String, Double> figures = new LinkedHashMap<>();
        figures.put("peak, MB", (double) many.peakMegabytes());
        figures.put("peak of a tenth, MB", (double) few.peakMegabytes());
        figures.put("peak, times that of a tenth", many.peakMegabytes() / (double) few.peakMegabytes());
        figures.put("first tenth/s", first);
        figures.put("last tenth/s", last);
        figures.put("last tenth/first tenth", last / first);
        return figures;
    }

    private Map<String, Double> rateLimit() throws Exception {
        Job job = Job.of(options.leads(36_000), "latency=50&rate=200&burst=20&retry-after=1");
        Stats stats = lab.pearl(job).stats();
        Map<String, Double> figures = new LinkedHashMap<>();
        figures.put(PEARL, stats.perSecond());
        figures.put(OF_LIMIT, stats.perSecond() / 200);
        figures.put("of the limit in the first half", stats.perSecond(0, stats.marks() / 2) / 200);
        figures.put("refused %", 100.0 * stats.limited() / (stats.limited() + stats.accepted()));
        return figures;
    }

    private Map<String, Double> ledger() throws Exception {
        LedgerSize small = LedgerSize.of(Lab.FOLDER, options.leads(100_000));
        LedgerSize large = LedgerSize.of(Lab.FOLDER, options.leads(10_000_000));
        double smallStart = lab.pearlToFirstPut(Job.of(1, "latency=0").withLedger(small.url()));
        double largeStart = lab.pearlToFirstPut(Job.of(1, "latency=0").withLedger(large.url()));
        double smallPlan = small.planMillis();
        double largePlan = large.planMillis();
        Map<String, Double> figures = new LinkedHashMap<>();
        figures.put("plan, ms", largePlan);
        figures.put("small, ms", smallPlan);
        figures.put("plan, times the small one's", largePlan / smallPlan);
        figures.put("start, s", largeStart);
        figures.put("small, s", smallStart);
        figures.put("start, times the small one's", largeStart / smallStart);
        return figures;
    }

    private Map<String, Double> export() throws Exception {
        String report = lab.export(options.leads(100_000));
        Map<String, Double> figures = new LinkedHashMap<>();
        figures.put("pages/s", figure(report, "program ([\\d,]+) pages/s"));
        figures.put("loop, pages/s", figure(report, "plain loop ([\\d,]+) pages/s"));
        figures.put("times the loop", figures.get("pages/s") / figures.get("loop, pages/s"));
        return figures;
    }

    private static double figure(String text, String pattern) {
        Matcher matcher = Pattern.compile(pattern).matcher(text);
        if (!matcher.find()) {
            throw new IllegalStateException("no " + pattern + " in: " + text);
        }
        return Double.parseDouble(matcher.group(1).replace(",", ""));
    }

    private Map<String, Double> manyFiles() throws Exception {
        int files = options.leads(10_000);
        double one = lab.pearl(Job.of(10 * files, "latency=0")).stats().perSecond();
        double many = lab.pearl(Job.of(10 * files, "latency=0").inFiles(files)).stats().perSecond();
        Map<String, Double> figures = new LinkedHashMap<>();
        figures.put("one file/s", one);
        figures.put("many files/s", many);
        figures.put("times one file", many / one);
        return figures;
    }
}
