package dev.orderflow.commandline.operations;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import tools.jackson.databind.json.JsonMapper;

/// Events that the outbox relay parked.
@Command(
        name = "outbox",
        description = "List and release parked events: those that EventBridge rejected repeatedly.",
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
                    "List parked events with their order and EventBridge's error, the oldest first.",
            mixinStandardHelpOptions = true)
    static final class ListParkedEvents extends OperationsApiCommand {

        @Override
        TargetService service() {
            return TargetService.ORDERS;
        }

        @Override
        int execute() {
            return showList(
                    get(PATH),
                    "events",
                    new Table("ORDER", "EVENT", "ATTEMPTS", "PARKED", "REASON"),
                    event ->
                            List.of(
                                    Table.text(event, "orderId"),
                                    Table.text(event, "type"),
                                    event.path("attempts").asString(),
                                    Table.ago(event, "parkedAt"),
                                    Table.text(event, "reason")),
                    "No event is parked.");
        }
    }

    /// Selects parked events.
    static final class ParkedEventSelection {

        @Option(names = "--all", required = true, description = "All parked events.")
        private boolean all;

        @Option(
                names = "--reason",
                required = true,
                paramLabel = "TEXT",
                description =
                        "Events whose reason starts with this text; see 'outbox parked --json'.")
        private @Nullable String reason;

        @Option(
                names = "--order",
                required = true,
                paramLabel = "ID",
                description = "Events of this order.")
        private @Nullable UUID order;

        boolean matches(String parkedFor) {
            return all || reason != null && parkedFor.startsWith(reason);
        }
    }

    @Command(
            name = "release",
            description =
                    "Publish parked events again, in sequence for each order. Consumers discard duplicates, so"
                            + " releasing an event twice is safe.",
            mixinStandardHelpOptions = true)
    static final class ReleaseParkedEvents extends OperationsApiCommand {

        @ArgGroup(multiplicity = "1")
        private ParkedEventSelection selected = new ParkedEventSelection();

        @Option(
                names = "--note",
                paramLabel = "TEXT",
                description = "Why they are released, for the audit trail.")
        private @Nullable String note;

        @Override
        TargetService service() {
            return TargetService.ORDERS;
        }

        @Override
        int execute() {
            if (selected.order != null) {
                var released = post(PATH + "/" + selected.order + "/release", noted(Map.of()));
                return printReleased(1, released.path("events").intValue());
            }
            int orders = 0;
            int events = 0;
            for (var reason : get(PATH + "/reasons").path("reasons")) {
                var parkedFor = Table.text(reason, "reason");
                if (selected.matches(parkedFor)) {
                    var released = post(PATH + "/release", noted(Map.of("reason", parkedFor)));
                    orders += released.path("orders").intValue();
                    events += released.path("events").intValue();
                }
            }
            return printReleased(orders, events);
        }

        private Map<String, Object> noted(Map<String, String> request) {
            var body = new HashMap<String, Object>(request);
            if (note != null) {
                body.put("note", note);
            }
            return body;
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
