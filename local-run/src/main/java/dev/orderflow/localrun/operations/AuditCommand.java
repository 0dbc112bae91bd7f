package dev.orderflow.localrun.operations;

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
        var findings = answer.path("findings");
        if (json) {
            printJson(answer);
        } else if (findings.isEmpty()) {
            out().printf(
                            "Nothing found. All that had changed up to %s ago was compared.%n",
                            Table.ago(answer, "comparedUntil"));
            out().flush();
        } else {
            var table = new Table("INVARIANT", "SUBJECT", "SINCE", "WHAT WAS FOUND");
            for (var finding : findings) {
                table.row(
                        Table.text(finding, "invariant"),
                        Table.text(finding, "subject"),
                        Table.ago(finding, "firstSeen"),
                        Table.text(finding, "detail"));
            }
            table.print(out());
            if (answer.has("next")) {
                out().println("There are more; --json shows where the next page begins.");
                out().flush();
            }
        }
        return findings.isEmpty() ? 0 : 1;
    }
}
