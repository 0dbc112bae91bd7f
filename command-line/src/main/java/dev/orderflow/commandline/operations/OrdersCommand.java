package dev.orderflow.commandline.operations;

import dev.orderflow.contracts.value.OrderStateCode;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;

/// Orders.
@Command(
        name = "orders",
        description =
                "Search orders, show what happened to one, cancel it on behalf of its customer, or start its"
                        + " missing workflow.",
        subcommands = {
            OrdersCommand.SearchOrders.class,
            OrdersCommand.ShowOrder.class,
            OrdersCommand.WatchOrder.class,
            OrdersCommand.CancelOrder.class,
            OrdersCommand.StartWorkflow.class
        },
        mixinStandardHelpOptions = true,
        footer = {
            "",
            "For example:",
            "  ./orderflow orders search --work-item ANY",
            "  ./orderflow orders show 0a9d3a4e-5ad5-4c63-9d5e-7a4f0d0c7f11",
            "  ./orderflow orders cancel 0a9d3a4e-5ad5-4c63-9d5e-7a4f0d0c7f11 --reason 'the customer called'"
        })
final class OrdersCommand extends ParentCommand {

    private static final String PATH = "/internal/operations/orders";

    @Command(
            name = "search",
            description = "List the orders that match all of the given options, newest first.",
            mixinStandardHelpOptions = true)
    static final class SearchOrders extends OperationsApiCommand {

        @Option(
                names = "--state",
                paramLabel = "STATE",
                description =
                        "PENDING, CONFIRMED, DISPATCHING, CANCEL_REQUESTED, SHIPPED, REJECTED or CANCELLED.")
        private @Nullable String state;

        @Option(
                names = "--work-item",
                paramLabel = "KIND",
                description = "Orders with an open work item of this kind, or ANY.")
        private @Nullable String workItem;

        @Option(
                names = "--older-than",
                paramLabel = "MINUTES",
                description = "Orders that were placed at least so many minutes ago.")
        private @Nullable Long olderThan;

        @Option(
                names = "--newer-than",
                paramLabel = "MINUTES",
                description = "Orders that were placed at most so many minutes ago.")
        private @Nullable Long newerThan;

        @Option(names = "--sku", paramLabel = "SKU", description = "Orders of this article.")
        private @Nullable String sku;

        @Option(
                names = "--min-amount",
                paramLabel = "AMOUNT",
                description = "Orders of at least this total; needs --currency.")
        private @Nullable BigDecimal minAmount;

        @Option(
                names = "--max-amount",
                paramLabel = "AMOUNT",
                description = "Orders of at most this total; needs --currency.")
        private @Nullable BigDecimal maxAmount;

        @Option(names = "--currency", paramLabel = "CODE", description = "Orders in this currency.")
        private @Nullable String currency;

        @Option(
                names = "--reason",
                paramLabel = "REASON",
                description = "Orders that were rejected for this reason.")
        private @Nullable String reason;

        @Option(
                names = "--customer",
                paramLabel = "REF",
                description = "Orders of the customer with this reference.")
        private @Nullable String customer;

        @Mixin private PageOption page = new PageOption();

        @Option(
                names = "--limit",
                paramLabel = "N",
                defaultValue = "50",
                description = "Maximum number, 1 to 200. Default: ${DEFAULT-VALUE}.")
        private int limit;

        @Override
        int execute() {
            var query =
                    new QueryString()
                            .with("state", state)
                            .with("workItem", workItem)
                            .with("placedBefore", minutesAgo("--older-than", olderThan))
                            .with("placedAfter", minutesAgo("--newer-than", newerThan))
                            .with("sku", sku)
                            .with("minAmount", minAmount == null ? null : minAmount.toPlainString())
                            .with("maxAmount", maxAmount == null ? null : maxAmount.toPlainString())
                            .with("currency", currency)
                            .with("reason", reason)
                            .with("customerRef", customer)
                            .with("cursor", page.cursor())
                            .with("limit", limit);
            var answer = get(PATH + query);
            return showList(
                    answer,
                    "orders",
                    new Table("ORDER", "STATE", "REASON", "TOTAL", "AGE", "WORK ITEMS"),
                    order ->
                            List.of(
                                    Table.text(order, "orderId"),
                                    Table.text(order, "state"),
                                    Table.text(order, "reason"),
                                    Table.money(order, "total"),
                                    Table.ago(order, "placedAt"),
                                    workItems(order)),
                    "No order matches.");
        }

        private static String workItems(JsonNode order) {
            var items =
                    order.path("workItems").valueStream().map(item -> item.asString("")).toList();
            return items.isEmpty() ? "-" : String.join(", ", items);
        }
    }

    @Command(
            name = "show",
            description = {
                "Show the case file of an order: what every part of the system knows about it, in one timeline,",
                "what it waited for, and which part did not respond."
            },
            mixinStandardHelpOptions = true,
            exitCodeListHeading = OperationsApiCommand.EXIT_CODES,
            exitCodeList = {
                OperationsApiCommand.SUCCESS,
                "1:A part of the system did not respond.",
                OperationsApiCommand.FAILED
            })
    static final class ShowOrder extends OperationsApiCommand {

        @Parameters(paramLabel = "ORDER", description = "The order's id.")
        private UUID order = new UUID(0, 0);

        @Option(
                names = "--limit",
                paramLabel = "N",
                defaultValue = "500",
                description =
                        "Maximum number of entries, 10 to 2000; of a longer timeline the middle is left out."
                                + " Default: ${DEFAULT-VALUE}.")
        private int limit;

        @Override
        int execute() {
            var file = get(PATH + "/" + order + "?limit=" + limit);
            if (json) {
                printJson(file);
            } else {
                CaseFilePrinter.print(file, out());
            }
            return CaseFilePrinter.allPartsResponded(file) ? 0 : NOT_DONE;
        }
    }

    @Command(
            name = "watch",
            description = "Print what happens to an order as it happens, until the order is final.",
            mixinStandardHelpOptions = true,
            exitCodeListHeading = OperationsApiCommand.EXIT_CODES,
            exitCodeList = {
                OperationsApiCommand.SUCCESS,
                "1:The order is not final after the time-out.",
                OperationsApiCommand.FAILED
            })
    static final class WatchOrder extends OperationsApiCommand {

        @Parameters(paramLabel = "ORDER", description = "The order's id.")
        private UUID order = new UUID(0, 0);

        @Option(
                names = "--timeout",
                paramLabel = "SECONDS",
                defaultValue = "600",
                description = "How long to watch, 1 to 86400. Default: ${DEFAULT-VALUE}.")
        private int timeout;

        @Option(
                names = "--interval",
                paramLabel = "SECONDS",
                defaultValue = "2",
                description = "How often to look, 1 to 600. Default: ${DEFAULT-VALUE}.")
        private int interval;

        @Override
        int execute() {
            if (timeout < 1 || timeout > 86_400 || interval < 1 || interval > 600) {
                throw new CommandFailedException(
                        "--timeout must be 1 to 86400 and --interval 1 to 600 seconds");
            }
            long end = System.nanoTime() + Duration.ofSeconds(timeout).toNanos();
            var printed = new HashSet<JsonNode>();
            while (true) {
                var file = get(PATH + "/" + order + "?limit=2000");
                for (var entry : file.path("timeline")) {
                    if (printed.add(entry)) {
                        if (json) {
                            out().println(entry);
                        } else {
                            CaseFilePrinter.printEntry(entry, out());
                        }
                    }
                }
                out().flush();
                if (isFinal(file)) {
                    return 0;
                }
                if (System.nanoTime() - end >= 0) {
                    return NOT_DONE;
                }
                pause();
            }
        }

        private static boolean isFinal(JsonNode file) {
            return file.path("states")
                    .valueStream()
                    .filter(state -> Table.text(state, "participant").equals("order-service"))
                    .flatMap(state -> OrderStateCode.of(Table.text(state, "state")).stream())
                    .anyMatch(OrderStateCode::isFinal);
        }

        private void pause() {
            try {
                Thread.sleep(Duration.ofSeconds(interval));
            } catch (InterruptedException _) {
                Thread.currentThread().interrupt();
                throw new CommandFailedException("interrupted");
            }
        }
    }

    @Command(
            name = "cancel",
            description = {
                "Cancel an order on behalf of its customer, until shipping has the dispatch permit. The workflow voids",
                "the payment and releases the stock. This cannot be undone. Repeating it changes nothing; after the",
                "permit it is refused."
            },
            mixinStandardHelpOptions = true,
            exitCodeListHeading = OperationsApiCommand.EXIT_CODES,
            exitCodeList = {
                "0:The cancellation is accepted, now or by an earlier request.",
                "1:A service is unavailable: repeat later.",
                OperationsApiCommand.FAILED
            })
    static final class CancelOrder extends OperationsApiCommand {

        @Parameters(paramLabel = "ORDER", description = "The order's id.")
        private UUID order = new UUID(0, 0);

        @Option(
                names = "--reason",
                paramLabel = "TEXT",
                required = true,
                description = "The reason, for the audit trail, without naming the customer.")
        private String reason = "";

        @Override
        int execute() {
            return show(post(PATH + "/" + order + "/cancellation", Map.of("reason", reason)));
        }
    }

    @Command(
            name = "start-workflow",
            description =
                    "Start the workflow of an order whose event was lost. An order that has a workflow, in"
                            + " whatever state, never gets a second one.",
            mixinStandardHelpOptions = true)
    static final class StartWorkflow extends OperationsApiCommand {

        @Parameters(paramLabel = "ORDER", description = "The order's id.")
        private UUID order = new UUID(0, 0);

        @Override
        TargetService service() {
            return TargetService.ORDERS;
        }

        @Override
        int execute() {
            return show(post("/internal/orders/" + order + "/workflow/start", Map.of()));
        }
    }
}
