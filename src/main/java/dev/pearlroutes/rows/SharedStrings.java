package dev.pearlroutes.rows;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The table of the texts of a workbook, to which its cells refer by number. A small one is held in memory. A large one lies in a file without a
 * name, which no kill leaves behind, and is read in blocks: cells mostly refer to texts in the order of the table.
 */
final class SharedStrings implements AutoCloseable {
    /** Bytes that are held in memory. */
    private static final int IN_MEMORY = 1 << 20;
    /** Bytes after which a block is full. */
    private static final int BLOCK = 8 << 10;

    private static final int CACHED_BLOCKS = 64;
    /** In the place of a length: the text is beyond the bound of a cell, and is not kept. */
    private static final int TOO_LONG = -1;

    private final Path scratch;
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private final DataOutputStream out = new DataOutputStream(bytes);
    private final Map<Integer, List<String>> cache = new LinkedHashMap<>(CACHED_BLOCKS, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Integer, List<String>> eldest) {
            return size() > CACHED_BLOCKS;
        }
    };

    private FileChannel file;
    private byte[] memory;
    /** By block: the number of its first text, and where it begins. */
    private int[] firsts = new int[16];

    private long[] starts = new long[16];
    private int blocks;
    private int count;
    private long written;

    /** @param scratch folder for a large table; made when it is needed */
    SharedStrings(Path scratch) {
        this.scratch = scratch;
    }

    /** Adds the next text. {@link #end} must follow the last one. */
    void add(CharSequence text) throws IOException {
        long position = written + bytes.size();
        if (blocks == 0 || position - starts[blocks - 1] >= BLOCK) {
            beginBlock(position);
        }
        if (text.length() > RowReader.MAX_CELL) {
            out.writeInt(TOO_LONG);
        } else {
            byte[] encoded = text.toString().getBytes(StandardCharsets.UTF_8);
            out.writeInt(encoded.length);
            out.write(encoded);
        }
        count++;
        if (bytes.size() >= IN_MEMORY) {
            spill();
        }
    }

    void end() throws IOException {
        if (file == null) {
            memory = bytes.toByteArray();
        } else {
            spill();
        }
    }

    /** Returns a text by its number, from 0. @return null when it is too long for a cell */
    String get(int number) throws IOException {
        int found = Arrays.binarySearch(firsts, 0, blocks, number);
        int block = found >= 0 ? found : -found - 2;
        List<String> texts = cache.get(block);
        if (texts == null) {
            texts = read(block);
            cache.put(block, texts);
        }
        return texts.get(number - firsts[block]);
    }

    /** Returns how many texts there are. */
    int size() {
        return count;
    }

    @Override
    public void close() throws IOException {
        if (file != null) {
            file.close();
        }
    }

    private void beginBlock(long position) {
        if (blocks == starts.length) {
            starts = Arrays.copyOf(starts, blocks * 2);
            firsts = Arrays.copyOf(firsts, blocks * 2);
        }
        starts[blocks] = position;
        firsts[blocks] = count;
        blocks++;
    }

    private void spill() throws IOException {
        if (file == null) {
            Files.createDirectories(scratch);
            // Only its owner may read what is made as a temporary file.
            Path path = Files.createTempFile(scratch, "texts-", ".tmp");
            try {
                // By this option it has no name from here on, so that the system deletes it with this process.
                file = FileChannel.open(
                        path, StandardOpenOption.READ, StandardOpenOption.WRITE, StandardOpenOption.DELETE_ON_CLOSE);
            } catch (IOException e) {
                Files.deleteIfExists(path);
                throw e;
            }
        }
        ByteBuffer buffer = ByteBuffer.wrap(bytes.toByteArray());
        while (buffer.hasRemaining()) {
            written += file.write(buffer, written);
        }
        bytes.reset();
    }

    private List<String> read(int block) throws IOException {
        long end = block + 1 < blocks ? starts[block + 1] : memory == null ? written : memory.length;
        int texts = (block + 1 < blocks ? firsts[block + 1] : count) - firsts[block];
        byte[] content = new byte[(int) (end - starts[block])];
        if (memory != null) {
            System.arraycopy(memory, (int) starts[block], content, 0, content.length);
        } else {
            ByteBuffer buffer = ByteBuffer.wrap(content);
            while (buffer.hasRemaining() && file.read(buffer, starts[block] + buffer.position()) >= 0) {
                // Goes on until the block is whole.
            }
        }
        List<String> read = new ArrayList<>(texts);
        DataInputStream in = new DataInputStream(new ByteArrayInputStream(content));
        for (int i = 0; i < texts; i++) {
            int length = in.readInt();
            read.add(length == TOO_LONG ? null : new String(in.readNBytes(length), StandardCharsets.UTF_8));
        }
        return read;
    }
}
