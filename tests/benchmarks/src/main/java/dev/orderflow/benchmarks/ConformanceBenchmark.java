package dev.orderflow.benchmarks;

import dev.orderflow.benchmarks.BenchCommand.BenchmarkSettings;
import dev.orderflow.localmachine.UserFolder;
import dev.orderflow.localrun.ProgressTicker;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/// The outboxes' test kit, run against other outboxes.
final class ConformanceBenchmark {

    private static final String MAIN = "dev.orderflow.outboxpeers.ConformanceMain";

    private ConformanceBenchmark() {}

    /// @throws BenchmarkFailedException when the suite cannot be run
    static BenchmarkReport run(BenchmarkSettings settings, ProgressTicker progress) {
        try {
            var table = Files.createTempFile("conformance", ".md");
            var log = UserFolder.temporary().resolve("bench-conformance.log");
            progress.print("running the suite; what it logs is in " + log);
            var arguments = new ArrayList<>(List.of(table.toString()));
            settings.outboxes().stream()
                    .filter(each -> each != RelayContestant.debezium)
                    .forEach(each -> arguments.add(each.name().toUpperCase(Locale.ROOT)));
            var process = PeerProcess.start(MAIN, log, arguments, true);
            try {
                if (process.waitFor() != 0) {
                    throw new BenchmarkFailedException("the suite did not end; its log is " + log);
                }
            } finally {
                process.destroy();
            }
            var page = BenchmarkReport.startPage("Conformance of outboxes", List.of());
            page.append(Files.readString(table));
            Files.delete(table);
            return new BenchmarkReport("conformance", page.toString(), Map.of());
        } catch (IOException failed) {
            throw new BenchmarkFailedException("the suite cannot be run", failed);
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            throw new BenchmarkFailedException("stopped", stopped);
        }
    }
}
