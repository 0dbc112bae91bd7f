package dev.orderflow.localrun.operations;

import java.util.LinkedHashSet;
import java.util.Locale;
import java.util.Map;
import picocli.CommandLine.Command;

/// What the auditor found.
@Command(
        name = "audit",
        description =
                "What the auditor found when it compared orders, payments, gateway, stock and shipments."
                        + " Exit code 1 when it found something.",
        mixinStandardHelpOptions = true)
final class AuditCommand extends Asking {

    @Override
    int ask() {
        var answer = get("/internal/operations/findings");
        var findings =
                answer.isArray()
                        ? answer
                        : answer.propertyStream()
                                .filter(field -> field.getValue().isArray())
                                .map(Map.Entry::getValue)
                                .findFirst()
                                .orElse(answer.path("findings"));
        if (json) {
            printJson(answer);
        } else if (findings.isEmpty()) {
            out().println("Nothing found.");
            out().flush();
        } else {
            var columns = new LinkedHashSet<String>();
            findings.forEach(finding -> columns.addAll(finding.propertyNames()));
            var table =
                    new Table(
                            columns.stream()
                                    .map(name -> name.toUpperCase(Locale.ROOT))
                                    .toArray(String[]::new));
            findings.forEach(
                    finding ->
                            table.row(
                                    columns.stream()
                                            .map(name -> Table.text(finding, name))
                                            .toArray()));
            table.print(out());
        }
        return findings.isEmpty() ? 0 : 1;
    }
}
