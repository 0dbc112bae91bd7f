package dev.orderflow.operations.pages;

import dev.orderflow.defaults.text.Sha256;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Objects;

/// The addresses of the static files, which change with their contents.
public final class PageAssets {

    /// The style sheet.
    public static final String STYLE = address("console.css");

    /// The script.
    public static final String SCRIPT = address("console.js");

    /// htmx, of the version in the POM.
    public static final String HTMX = "/webjars/htmx.org/2.0.8/dist/htmx.min.js";

    private PageAssets() {}

    private static String address(String file) {
        try (var contents =
                Objects.requireNonNull(
                        PageAssets.class.getResourceAsStream("/operations-console/assets/" + file),
                        file)) {
            var text = new String(contents.readAllBytes(), StandardCharsets.UTF_8);
            return "/assets/%s?v=%s".formatted(file, Sha256.hex(text).substring(0, 12));
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }
}
