package dev.orderflow.browsertests;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserType.LaunchOptions;
import com.microsoft.playwright.Playwright;
import dev.orderflow.contracts.fixture.LongTimeoutExtension;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/// The browser of this JVM. It starts when the first test needs it.
final class Chromium {

    /// The environment variable with the path of the browser, where it is not on the `PATH`.
    static final String VARIABLE = "CHROMIUM";

    private static final List<String> NAMES =
            List.of("chromium", "chromium-browser", "google-chrome");

    private Chromium() {}

    private static final class ChromiumHolder {

        static final Browser BROWSER = start();

        private static Browser start() {
            var playwright =
                    Playwright.create(
                            new Playwright.CreateOptions()
                                    .setEnv(Map.of("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1")));
            // Both end with this process, whose end of the pipe is closed then.
            return playwright
                    .chromium()
                    .launch(
                            new LaunchOptions()
                                    .setExecutablePath(find().orElseThrow())
                                    // Root has no sandbox; the pages are our own.
                                    .setArgs(
                                            List.of(
                                                    "--no-sandbox",
                                                    "--disable-background-networking",
                                                    "--disable-dev-shm-usage"))
                                    .setTimeout(LongTimeoutExtension.TIMEOUT.toMillis()));
        }
    }

    static boolean isInstalled() {
        return find().isPresent();
    }

    static Browser browser() {
        return ChromiumHolder.BROWSER;
    }

    private static Optional<Path> find() {
        return find(System.getenv());
    }

    /// @throws IllegalStateException when the variable names a file that cannot be executed
    static Optional<Path> find(Map<String, String> environment) {
        var named = environment.get(VARIABLE);
        if (named != null) {
            var path = Path.of(named);
            if (!Files.isExecutable(path)) {
                throw new IllegalStateException(VARIABLE + " names no program: " + named);
            }
            return Optional.of(path);
        }
        return Stream.of(environment.getOrDefault("PATH", "").split(":"))
                .filter(folder -> !folder.isEmpty())
                .flatMap(folder -> NAMES.stream().map(name -> Path.of(folder, name)))
                .filter(Files::isExecutable)
                .findFirst();
    }
}
