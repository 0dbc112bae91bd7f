package dev.orderflow.benchmarks;

import dev.orderflow.benchmarks.BenchCommand.BenchmarkSettings;
import dev.orderflow.localrun.Component;
import dev.orderflow.localrun.LocalRun;
import dev.orderflow.localrun.LocalRun.LocalRunSettings;
import dev.orderflow.localrun.ProgressTicker;
import java.io.IOException;
import java.net.CookieManager;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/// How long the pages of the console take when its index holds many dead letters. Each is requested
/// by a person who is signed in, over HTTP, one request after the other.
final class ConsoleBenchmark {

    private static final int LETTERS_IN_A_GROUP = 100;
    private static final int REQUESTS_IN_A_ROUND = 20;
    private static final Duration TIMEOUT = Duration.ofMinutes(2);
    private static final String ORDER = "0198a6f2-0000-7000-8000-00000000000a";

    /// The pages with the longest queries, each with what it shows.
    private static final List<MeasuredPage> PAGES =
            List.of(
                    new MeasuredPage("/dead-letters", "all groups"),
                    new MeasuredPage(
                            "/dead-letters?fingerprint=00000000002a", "the messages of a group"),
                    new MeasuredPage(
                            "/dead-letters?queue=analytics-dlq", "the messages of a queue"),
                    new MeasuredPage(
                            "/dead-letters?reason=reason+42", "the messages with a reason"),
                    new MeasuredPage("/dead-letters?orderId=" + ORDER, "the messages of an order"),
                    new MeasuredPage("/", "the first page"));

    /// @param path with the query
    /// @param content what it shows
    private record MeasuredPage(String path, String content) {}

    private static final class PageMeasurement {
        private double first;
        private int bytes;
        private final Samples milliseconds = new Samples();
    }

    private final LocalRun system;
    private final HttpClient http =
            HttpClient.newBuilder()
                    .version(HttpClient.Version.HTTP_1_1)
                    .cookieHandler(new CookieManager())
                    .followRedirects(HttpClient.Redirect.NORMAL)
                    .build();
    private final Map<MeasuredPage, PageMeasurement> results = new LinkedHashMap<>();

    private ConsoleBenchmark(LocalRun system) {
        this.system = system;
    }

    /// @throws BenchmarkFailedException when a page is not shown
    static BenchmarkReport run(BenchmarkSettings settings, ProgressTicker progress) {
        progress.print("starting the system");
        try (var system = LocalRun.start(LocalRunSettings.forTests())) {
            var benchmark = new ConsoleBenchmark(system);
            progress.print("storing %d dead letters".formatted(settings.deadLetters()));
            benchmark.storeDeadLetters(settings.deadLetters());
            benchmark.signIn();
            for (int round = 1; round <= settings.rounds(); round++) {
                progress.print("round %d of %d".formatted(round, settings.rounds()));
                for (var page : PAGES) {
                    benchmark.measure(page);
                }
            }
            return benchmark.report(settings);
        }
    }

    /// As scans would have stored them. The queues themselves are empty, so this holds the leases
    /// of all scans, which would find that.
    private void storeDeadLetters(int number) {
        var queues =
                "ARRAY['analytics-dlq','notifications-dlq','order-progress-dlq','undelivered-events']";
        execute(
                """
                INSERT INTO dead_letter_scan (queue, lease_owner, lease_expires_at, complete_at, message_count)
                SELECT queue, gen_random_uuid(), 'infinity', now(), %d / 4 FROM unnest(%s) AS queue
                ON CONFLICT ON CONSTRAINT dead_letter_scan_key DO UPDATE
                   SET lease_owner = excluded.lease_owner, lease_expires_at = excluded.lease_expires_at,
                       complete_at = excluded.complete_at, message_count = excluded.message_count
                """
                        .formatted(number, queues));
        execute(
                """
                INSERT INTO dead_letter (queue, message_id, order_id, type, fingerprint, reason, reported_by,
                                         sent_at, seen_at)
                SELECT (%2$s)[1 + n %% %3$d %% 4], gen_random_uuid(),
                       CASE WHEN n %% 5000 = 0 THEN '%4$s'::uuid ELSE gen_random_uuid() END,
                       'OrderShipped', lpad(to_hex(n %% %3$d), 12, '0'),
                       'reason ' || n %% %3$d || ': the consumer does not know what this message means',
                       'CONSUMER', now() - n * interval '1 second', now()
                  FROM generate_series(1, %1$d) AS n
                """
                        .formatted(number, queues, groups(number), ORDER));
        execute("ANALYZE dead_letter");
    }

    private static int groups(int deadLetters) {
        return Math.max(1, deadLetters / LETTERS_IN_A_GROUP);
    }

    private void execute(String sql) {
        try (var connection = system.connect(Component.OPERATIONS_CONSOLE);
                var statement = connection.createStatement()) {
            statement.execute(sql);
        } catch (SQLException failed) {
            throw new BenchmarkFailedException("cannot store the dead letters", failed);
        }
    }

    /// Follows the links of a browser, and chooses a person on the page of the issuer.
    private void signIn() {
        var issuer = get(pages().resolve("/login"));
        var back = get(URI.create(issuer.uri() + "&operator=oskar"));
        if (!back.body().contains("Signed in")) {
            throw new BenchmarkFailedException("the sign-in ended at " + back.uri());
        }
    }

    private URI pages() {
        return system.url(Component.OPERATIONS_CONSOLE_PAGES);
    }

    private void measure(MeasuredPage page) {
        var result = results.get(page);
        if (result == null) {
            result = new PageMeasurement();
            result.first = milliseconds(page, result);
            results.put(page, result);
        }
        for (int request = 0; request < REQUESTS_IN_A_ROUND; request++) {
            result.milliseconds.add(milliseconds(page, result));
        }
    }

    private double milliseconds(MeasuredPage page, PageMeasurement result) {
        long startedAt = System.nanoTime();
        var response = get(pages().resolve(page.path()));
        double elapsed = (System.nanoTime() - startedAt) / 1e6;
        result.bytes = response.body().length();
        return elapsed;
    }

    private HttpResponse<String> get(URI url) {
        try {
            var response =
                    http.send(
                            HttpRequest.newBuilder(url).timeout(TIMEOUT).build(),
                            BodyHandlers.ofString());
            if (response.statusCode() != 200) {
                throw new BenchmarkFailedException(
                        "%s answered %d".formatted(url, response.statusCode()));
            }
            return response;
        } catch (IOException failed) {
            throw new BenchmarkFailedException(url + " does not respond", failed);
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            throw new BenchmarkFailedException("stopped", stopped);
        }
    }

    private BenchmarkReport report(BenchmarkSettings settings) {
        var page =
                BenchmarkReport.startPage(
                        "Pages of the console with %,d dead letters in %,d groups"
                                .formatted(settings.deadLetters(), groups(settings.deadLetters())),
                        List.of("all services in one JVM"));
        page.append(
                """
                %d rounds of %d requests; median (least–greatest). "First" is the first request for the page after the start of the
                system.

                """
                        .formatted(settings.rounds(), REQUESTS_IN_A_ROUND));
        var rows = new ArrayList<List<String>>();
        results.forEach(
                (measured, result) ->
                        rows.add(
                                List.of(
                                        "`%s`: %s".formatted(measured.path(), measured.content()),
                                        String.format(Locale.ROOT, "%.0f", result.first),
                                        result.milliseconds.format("%.0f"),
                                        String.valueOf(result.bytes / 1024))));
        page.append(BenchmarkReport.table(List.of("page", "first ms", "ms", "KiB of HTML"), rows));
        return new BenchmarkReport("console", page.toString(), Map.of());
    }
}
