package dev.pearlroutes.files;

import dev.pearlroutes.model.Source;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Reads and carries out what people drop beside lead files. A control file that is not understood is set aside with the reason. */
public final class ControlFiles {
    private static final Logger LOG = LoggerFactory.getLogger(ControlFiles.class);
    private static final int MOST_BYTES = 100;

    private final DataFolders folders;
    private final AtomicFiles atomicFiles;

    public ControlFiles(DataFolders folders, AtomicFiles atomicFiles) {
        this.folders = folders;
        this.atomicFiles = atomicFiles;
    }

    /** What control files of one kind ask for. Each step can be repeated after a crash. */
    @FunctionalInterface
    public interface Order {
        Result carryOut(ControlFile control) throws IOException;
    }

    /**
     * What came of a control file: done, refused, or neither, and then it is carried out later.
     *
     * @param done what F is by it, such as {@code approved}; null when nothing was done
     * @param refused what is wrong with it; null when nothing is
     */
    public record Result(String done, String refused) {
        public static Result done(String what) {
            return new Result(what, null);
        }

        public static Result refused(String why) {
            return new Result(null, why);
        }

        public static Result later() {
            return new Result(null, null);
        }
    }

    /** Tells whether a dropped file is left to the control file beside it, which takes it: {@code F.cancel} or {@code F.pause}. */
    public boolean takes(Source.Operation operation, File dropped) {
        return operation == Source.Operation.ADD
                && Stream.of(ControlFile.CANCEL, ControlFile.PAUSE)
                        .anyMatch(ending -> new File(dropped.getParentFile(), dropped.getName() + ending).exists());
    }

    /**
     * Carries out a control file, unless it is gone again. It is removed last, or set aside when it is refused.
     *
     * @param ending that it has behind the name of F
     * @param notDone what a refusal adds to its reason
     */
    public void carryOut(String outbound, File file, String ending, String notDone, Order order) throws IOException {
        ControlFile control = read(file, ending);
        if (control == null) {
            return;
        }
        Result result = order.carryOut(control);
        if (result.refused() != null) {
            setAside(outbound, file, result.refused(), notDone);
        } else if (result.done() != null) {
            Files.deleteIfExists(file.toPath());
            LOG.info("{} of {} is {}", LogText.printable(control.name()), outbound, result.done());
        }
    }

    /** @return null when the file is gone again */
    private static ControlFile read(File file, String ending) throws IOException {
        String name = file.getName().substring(0, file.getName().length() - ending.length());
        try {
            String text = Files.size(file.toPath()) > MOST_BYTES
                    ? "more than any of them says"
                    : new String(Files.readAllBytes(file.toPath()), StandardCharsets.ISO_8859_1).strip();
            return new ControlFile(file, name, text);
        } catch (NoSuchFileException e) {
            return null;
        }
    }

    private void setAside(String outbound, File file, String why, String notDone) throws IOException {
        Path failed = folders.failed(outbound, Source.Operation.ADD);
        String printable = LogText.printable(file.getName());
        Path target = failed.resolve(printable);
        atomicFiles.write(target.resolveSibling(printable + ".reason.txt"), why + "; " + notDone + "\n");
        AtomicFiles.move(file.toPath(), target);
        LOG.error("{} of {} {}. It is in {}", printable, outbound, why, failed);
    }
}
