package dev.orderflow.crashtests;

import dev.orderflow.localrun.Component;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;

/// Every injected fault that touched an order is visible in the case file of that order.
final class CaseFileCheck {

    private static final Set<String> VISIBLE_OUTCOMES = Set.of("FAILED", "REPEATED", "UNKNOWN");
    private static final Set<String> VISIBLE_WAITS =
            Set.of(
                    "MESSAGE_WAITED",
                    "ATTEMPT_DEFERRED",
                    "STEP_BACK_OFF",
                    "CARRIER_CIRCUIT_OPEN",
                    "WorkflowStartedLate");

    private final ServiceProcesses serviceProcesses;
    private final SystemProbe probe;
    private final Map<String, JsonNode> files = new HashMap<>();

    CaseFileCheck(ServiceProcesses serviceProcesses, SystemProbe probe) {
        this.serviceProcesses = serviceProcesses;
        this.probe = probe;
    }

    /// An order that a fault touched, and whether its case file shows it.
    record TouchedOrder(String description, boolean isVisible) {}

    List<TouchedOrder> check(
            List<InjectedFault> injections, Iterable<OrderLoad.AcceptedOrder> orders) {
        var touched = new ArrayList<TouchedOrder>();
        for (var injection : injections) {
            // The console does not ask analytics-service.
            if (!injection.absorbedBy().isEmpty()
                    || injection.fault().caller().equals("analytics-service")) {
                continue;
            }
            for (var order : orders) {
                if (injection.names().contains(order.id())
                        || injection.names().contains(order.email())) {
                    var file = caseFile(order.id());
                    touched.add(
                            new TouchedOrder(
                                    "%s at order %s left no trace: %s"
                                            .formatted(
                                                    injection.fault().point(),
                                                    order.id(),
                                                    summary(file)),
                                    isVisible(injection.fault(), file)));
                }
            }
        }
        return touched;
    }

    private JsonNode caseFile(String order) {
        return files.computeIfAbsent(
                order,
                id ->
                        probe.get(
                                serviceProcesses.directUrl(Component.OPERATIONS_CONSOLE),
                                "/internal/operations/orders/" + id));
    }

    /// A killed process is noticed by whoever waits for it.
    private static boolean isVisible(Fault fault, JsonNode file) {
        var parts = Set.of(partOf(fault.caller()), partOf(fault.callee()));
        return file.path("timeline")
                .valueStream()
                .filter(
                        entry ->
                                fault.kind().kills()
                                        || parts.contains(entry.path("part").asString("")))
                .anyMatch(
                        entry ->
                                VISIBLE_OUTCOMES.contains(entry.path("outcome").asString(""))
                                        || VISIBLE_WAITS.contains(entry.path("type").asString("")));
    }

    private static String summary(JsonNode file) {
        return file.path("timeline")
                .valueStream()
                .map(
                        entry ->
                                entry.path("part").asString("")
                                        + " "
                                        + entry.path("type").asString("")
                                        + " "
                                        + entry.path("outcome").asString(""))
                .collect(Collectors.joining(", "));
    }

    private static String partOf(String label) {
        return label.equals(ServiceProcesses.WORKFLOW) ? "Step Functions" : label;
    }
}
