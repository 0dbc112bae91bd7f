package dev.orderflow.commandline.operations;

import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import tools.jackson.databind.JsonNode;

/// Violations of invariants that the auditor found or finds now.
@Command(
        name = "audit",
        exitCodeListHeading = OperationsApiCommand.EXIT_CODES,
        exitCodeList = {
            OperationsApiCommand.SUCCESS,
            "1:There are violations.",
            OperationsApiCommand.FAILED
        },
        description =
                "List violations of invariants across orders, payments, gateway, stock, shipments"
                        + " and e-mails.",
        mixinStandardHelpOptions = true)
final class AuditCommand extends OperationsApiCommand {

    @Option(
            names = "--now",
            description =
                    "Audit all orders and all stock now, instead of listing the latest violations.")
    private boolean now;

    @Option(names = "--order", paramLabel = "ID", description = "Audit this order only, now.")
    private @Nullable UUID order;

    @Mixin private PageOption page = new PageOption();

    @Override
    int execute() {
        return now || order != null ? compare() : list();
    }

    private int compare() {
        var answer =
                post(
                        "/internal/operations/audit",
                        order == null ? Map.of() : Map.of("orderId", order.toString()));
        var violations = answer.path("violations");
        if (json) {
            printJson(answer);
        } else {
            print(
                    violations,
                    "No violations in %d orders and %d articles."
                            .formatted(
                                    answer.path("orders").intValue(),
                                    answer.path("articles").intValue()));
        }
        return violations.isEmpty() ? 0 : NOT_DONE;
    }

    private int list() {
        var answer = get(page.addTo("/internal/operations/violations"));
        var violations = answer.path("violations");
        if (json) {
            printJson(answer);
        } else {
            print(
                    violations,
                    "No violations. Data current to %s ago."
                            .formatted(Table.ago(answer, "comparedUntil")));
            PageOption.printNext(answer, out());
        }
        return violations.isEmpty() ? 0 : NOT_DONE;
    }

    /// A violation is a sentence, too long for a column, so each has lines of its own.
    private void print(JsonNode violations, String none) {
        if (violations.isEmpty()) {
            out().println(none);
        }
        for (var violation : violations) {
            out().println(
                            Table.plain(
                                    "%s  %s%s"
                                            .formatted(
                                                    Table.text(violation, "invariant"),
                                                    Table.text(violation, "subject"),
                                                    violation.has("firstSeen")
                                                            ? "  for "
                                                                    + Table.ago(
                                                                            violation, "firstSeen")
                                                            : "")));
            out().println(Table.plain("  found: " + Table.text(violation, "detail")));
            if (violation.has("statement")) {
                out().println(Table.plain("  must be: " + Table.text(violation, "statement")));
            }
        }
        out().flush();
    }
}
