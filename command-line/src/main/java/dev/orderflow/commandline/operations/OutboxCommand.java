package dev.orderflow.commandline.operations;

import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import tools.jackson.databind.json.JsonMapper;

/// Events that the relay gave up.
@Command(
        name = "outbox",
        description =
                "Events that EventBridge refused until they were parked: list them, release them.",
        subcommands = {
            OutboxCommand.ListParkedEvents.class,
            OutboxCommand.ReleaseParkedEvents.class
        },
        mixinStandardHelpOptions = true)
final class OutboxCommand extends ParentCommand {

    private static final String PATH = "/internal/outbox/parked";

    @Command(
            name = "parked",
            description =
                    "Each parked event with its order and the reason EventBridge gave, the oldest first.",
            mixinStandardHelpOptions = true)
    static final class ListParkedEvents extends OperationsApiCommand {

        @Override
        TargetService service() {
            return TargetService.ORDERS;
        }

        @Override
        int execute() {
            var answer = get(PATH);
            if (json) {
                printJson(answer);
                return 0;
            }
            var table = new Table("ORDER", "EVENT", "ATTEMPTS", "PARKED", "REASON");
            for (var event : answer.path("events")) {
                table.row(
                        Table.text(event, "orderId"),
                        Table.text(event, "type"),
                        event.path("attempts").asString(),
                        Table.ago(event, "parkedAt"),
                        Table.text(event, "reason"));
            }
            table.print(out(), "No event is parked.");
            return 0;
        }
    }

    /// Which events.
    static final class ParkedEventSelection {

        @Option(names = "--all", required = true, description = "All parked events.")
        private boolean all;

        @Option(
                names = "--reason",
                required = true,
                paramLabel = "TEXT",
                description =
                        "Those parked for this reason, as 'outbox parked --json' has it, or that begins so.")
        private @Nullable String reason;

        @Option(
                names = "--order",
                required = true,
                paramLabel = "ID",
                description = "Those of this order.")
        private @Nullable UUID order;

        boolean takes(String parkedFor) {
            return all || reason != null && parkedFor.startsWith(reason);
        }
    }

    @Command(
            name = "release",
            description =
                    "Puts parked events back to be published, each order's in their sequence. Consumers recognise"
                            + " what they have seen, so releasing twice does no harm.",
            mixinStandardHelpOptions = true)
    static final class ReleaseParkedEvents extends OperationsApiCommand {

        @ArgGroup(multiplicity = "1")
        private ParkedEventSelection selected = new ParkedEventSelection();

        @Override
        TargetService service() {
            return TargetService.ORDERS;
        }

        @Override
        int execute() {
            if (selected.order != null) {
                var released = post(PATH + "/" + selected.order + "/release", Map.of());
                return printReleased(1, released.path("events").intValue());
            }
            int orders = 0;
            int events = 0;
            for (var reason : get(PATH + "/reasons").path("reasons")) {
                var parkedFor = Table.text(reason, "reason");
                if (selected.takes(parkedFor)) {
                    var released = post(PATH + "/release", Map.of("reason", parkedFor));
                    orders += released.path("orders").intValue();
                    events += released.path("events").intValue();
                }
            }
            return printReleased(orders, events);
        }

        private int printReleased(int orders, int events) {
            if (json) {
                var answer = JsonMapper.shared().createObjectNode();
                printJson(answer.put("orders", orders).put("events", events));
            } else {
                out().printf("Released: %d events of %d orders.%n", events, orders);
                out().flush();
            }
            return 0;
        }
    }
}
