package speed;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.List;

/** The API that the leads go to: the {@link Api} in a process of its own, or one that runs elsewhere. */
final class Server implements AutoCloseable {
    private final ObjectMapper json = new ObjectMapper();
    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final URI url;
    /** Null when it is not ours. */
    private final Process process;

    private Server(URI url, Process process) {
        this.url = url;
        this.process = process;
    }

    /** @param elsewhere null to start one */
    static Server start(URI elsewhere) throws IOException {
        if (elsewhere != null) {
            return new Server(elsewhere, null);
        }
        Process process = new ProcessBuilder(Jvm.command(List.of("-Xmx512m", "-XX:+UseSerialGC"), Api.class))
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        String port = new BufferedReader(new InputStreamReader(process.getInputStream())).readLine();
        return new Server(URI.create("http://127.0.0.1:" + port), process);
    }

    URI url() {
        return url;
    }

    /** @param settings such as {@code latency=5} */
    void reset(String settings) throws IOException, InterruptedException {
        ask(HttpRequest.newBuilder(url.resolve("/__reset?" + settings)).POST(HttpRequest.BodyPublishers.noBody()));
    }

    Stats stats() throws IOException, InterruptedException {
        return new Stats(json.readTree(ask(HttpRequest.newBuilder(url.resolve("/__stats")))));
    }

    private String ask(HttpRequest.Builder request) throws IOException, InterruptedException {
        HttpResponse<String> answer = client.send(request.build(), HttpResponse.BodyHandlers.ofString());
        if (answer.statusCode() != 200) {
            throw new IOException(answer.uri() + " answers " + answer.statusCode());
        }
        return answer.body();
    }

    @Override
    public void close() {
        if (process != null) {
            process.destroy();
        }
    }
}
