package dev.pearlroutes.http;

import java.io.File;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;

/** A file that is handed out. It is not read into memory. */
public record Download(File file, String type) {
    /** The header that has it saved under its own name instead of shown (RFC 6266). */
    public String disposition() {
        String name = URLEncoder.encode(file.getName(), StandardCharsets.UTF_8).replace("+", "%20");
        return "attachment; filename*=UTF-8''" + name;
    }
}
