package dev.orderflow.commandline.operations;

import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;

/// Erasure of a customer's personal data.
@Command(
        name = "customers",
        description = "Show or erase a customer's personal data.",
        subcommands = CustomersCommand.EraseCustomer.class,
        mixinStandardHelpOptions = true,
        footer = {
            "",
            "Preview, then erase:",
            "  ./orderflow customers erase cust-4711",
            "  ./orderflow customers erase cust-4711 --confirm --reason 'request 2026-118'"
        })
final class CustomersCommand extends ParentCommand {

    @Command(
            name = "erase",
            exitCodeListHeading = OperationsApiCommand.EXIT_CODES,
            exitCodeList = {
                OperationsApiCommand.SUCCESS,
                "1:Data of open orders remain, or a service is unavailable: repeat later.",
                OperationsApiCommand.FAILED
            },
            description =
                    "Erase a customer's e-mail address, delivery addresses and payment methods from all tables."
                            + " Orders, payments and stock movements are kept. Data of open orders are erased when the"
                            + " orders are final. Without --confirm nothing is changed.",
            mixinStandardHelpOptions = true)
    static final class EraseCustomer extends OperationsApiCommand {

        @Parameters(paramLabel = "CUSTOMER", description = "The customer reference of the orders.")
        private String customer = "";

        @Option(names = "--confirm", description = "Erase the data. This cannot be undone.")
        private boolean confirmed;

        @Option(
                names = "--reason",
                paramLabel = "TEXT",
                description =
                        "The reason, for the audit trail, without naming the person. Required with --confirm.")
        private @Nullable String reason;

        @Override
        int execute() {
            if (!customer.matches("[A-Za-z0-9_-]{1,64}")) {
                throw new CommandFailedException(
                        "a customer reference must be 1 to 64 letters, digits, _ or -");
            }
            var path = "/internal/operations/customers/" + customer;
            return confirmed ? erase(path) : preview(path);
        }

        private int preview(String path) {
            var preview = get(path + "/personal-data");
            if (json) {
                printJson(preview);
                return 0;
            }
            out().printf(
                            "Orders: %d final with personal data, %d open, %d already erased.%n",
                            preview.path("finalOrders").intValue(),
                            preview.path("openOrders").intValue(),
                            preview.path("erasedOrders").intValue());
            printOrders(preview.path("openOrderIds"));
            out().println("Nothing was changed. Repeat with --confirm to erase.");
            out().flush();
            return 0;
        }

        private int erase(String path) {
            if (reason == null) {
                throw new CommandFailedException("--reason is required, for the audit trail");
            }
            var erasure = post(path + "/erasure", Map.of("reason", reason));
            int left = erasure.path("markedOrders").intValue();
            if (json) {
                printJson(erasure);
            } else {
                out().printf(
                                "order-service: %d orders erased, %d request fingerprints erased.%n",
                                erasure.path("erasedOrders").intValue(),
                                erasure.path("erasedFingerprints").intValue());
                if (left == 0) {
                    out().println("No personal data remain, except in backups until these expire.");
                } else {
                    out().printf("%d open orders will be erased when they are final:%n", left);
                    printOrders(erasure.path("markedOrderIds"));
                }
                out().flush();
            }
            return left == 0 ? 0 : 1;
        }

        private void printOrders(JsonNode ids) {
            ids.forEach(id -> out().println("  " + Table.plain(id.asString(""))));
        }
    }
}
