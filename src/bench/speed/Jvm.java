package speed;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** How a part of the benchmark is started in a process of its own. */
final class Jvm {
    private Jvm() {}

    static List<String> command(List<String> options, Class<?> main, Object... arguments) {
        return command(Path.of(System.getProperty("java.home")), options, main, arguments);
    }

    static List<String> command(Path home, List<String> options, Class<?> main, Object... arguments) {
        List<String> command = new ArrayList<>();
        command.add(home.resolve("bin").resolve("java").toString());
        command.addAll(options);
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), main.getName()));
        Stream.of(arguments).map(String::valueOf).forEach(command::add);
        return command;
    }
}
