package dev.orderflow.commandline.operations;

import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;

/// Customers who are to be forgotten.
@Command(
        name = "customers",
        description = "Show or erase a customer's personal data.",
        subcommands = CustomersCommand.EraseCustomer.class,
        mixinStandardHelpOptions = true,
        footer = {
            "",
            "First look, then do it:",
            "  ./orderflow customers erase cust-4711",
            "  ./orderflow customers erase cust-4711 --confirm --reason 'request 2026-118'",
            "",
            "Exit codes: 0 all was erased, 1 something is left until orders end, or did not answer: run it again;",
            "2 wrong call or nobody answers."
        })
final class CustomersCommand extends ParentCommand {

    @Command(
            name = "erase",
            description =
                    "Erases a customer's e-mail address, delivery addresses and payment methods everywhere they are"
                            + " held. Orders, payments and stock stay in the books. Orders under way are erased when"
                            + " they have ended. Without --confirm nothing is changed.",
            mixinStandardHelpOptions = true)
    static final class EraseCustomer extends OperationsApiCommand {

        @Parameters(
                paramLabel = "CUSTOMER",
                description = "The customer's reference, as the orders have it.")
        private String customer = "";

        @Option(names = "--confirm", description = "Do it. It cannot be undone.")
        private boolean confirmed;

        @Option(
                names = "--reason",
                paramLabel = "TEXT",
                description =
                        "Why, for the audit trail, without naming the person. Required with --confirm.")
        private @Nullable String reason;

        @Option(
                names = "--by",
                paramLabel = "NAME",
                defaultValue = "${sys:user.name}",
                description = "Who, for the audit trail. Default: ${DEFAULT-VALUE}.")
        private String by = "";

        @Override
        int execute() {
            if (!customer.matches("[A-Za-z0-9_-]{1,64}")) {
                throw new CommandFailedException(
                        "a customer's reference is 1 to 64 letters, digits, _ or -");
            }
            var path = "/internal/operations/customers/" + customer;
            return confirmed ? erase(path) : preview(path);
        }

        private int preview(String path) {
            var holding = get(path + "/personal-data");
            if (json) {
                printJson(holding);
                return 0;
            }
            out().printf(
                            "%d orders that have ended hold personal data, %d are under way, %d hold none any more.%n",
                            holding.path("ended").intValue(),
                            holding.path("underWay").intValue(),
                            holding.path("erased").intValue());
            printOpenOrders(holding);
            out().println("Nothing was changed. --confirm erases it.");
            out().flush();
            return 0;
        }

        private int erase(String path) {
            if (reason == null) {
                throw new CommandFailedException("--reason is required, for the audit trail");
            }
            var erasure = post(path + "/erasure", Map.of("by", by, "reason", reason));
            int left = erasure.path("underWay").intValue();
            if (json) {
                printJson(erasure);
            } else {
                out().printf(
                                "order-service: %d orders erased, %d remembered requests forgotten.%n",
                                erasure.path("erased").intValue(),
                                erasure.path("requests").intValue());
                if (left == 0) {
                    out().println("Nothing personal is left, but in backups until they expire.");
                } else {
                    out().printf("%d are under way and will be erased when they end:%n", left);
                    printOpenOrders(erasure);
                }
                out().flush();
            }
            return left == 0 ? 0 : 1;
        }

        private void printOpenOrders(JsonNode answer) {
            answer.path("orders").forEach(id -> out().println("  " + Table.plain(id.asString(""))));
        }
    }
}
