package dev.orderflow.localcloud.stepfunctions;

import dev.orderflow.localcloud.time.CloudClock;
import dev.orderflow.localcloud.wire.AwsErrorException;
import java.util.List;
import java.util.function.Predicate;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// The operations that read executions.
final class ExecutionQueries {

    private final CloudClock clock;
    private final ExecutionRepository executions;
    private final StateMachineRepository machines;

    ExecutionQueries(
            CloudClock clock, ExecutionRepository executions, StateMachineRepository machines) {
        this.clock = clock;
        this.executions = executions;
        this.machines = machines;
    }

    ObjectNode describe(StepFunctionsRequest in) {
        in.allow("executionArn", "includedData");
        Execution execution = executions.require(in.required("executionArn"));
        boolean withData = in.wantsData();
        Execution.ExecutionView view = execution.view();
        ObjectNode answer = StepFunctionsJson.object();
        answer.put("executionArn", execution.arn);
        answer.put("stateMachineArn", execution.machine.arn());
        execution.qualified.describe(answer);
        answer.put("name", execution.name);
        answer.put("status", view.status().name());
        answer.put("startDate", StepFunctionsJson.seconds(execution.startedAt));
        if (view.stoppedAt() != null) {
            answer.put("stopDate", StepFunctionsJson.seconds(view.stoppedAt()));
        }
        if (withData) {
            answer.put("input", execution.input);
            answer.putObject("inputDetails").put("included", true);
            if (view.output() != null) {
                answer.put("output", view.output());
                answer.putObject("outputDetails").put("included", true);
            }
            ExecutionHistory.failure(answer, view.error(), view.cause());
        }
        if (execution.traceHeader != null) {
            answer.put("traceHeader", execution.traceHeader);
        }
        answer.put("redriveCount", view.redriveCount());
        if (view.redrivenAt() != null) {
            answer.put("redriveDate", StepFunctionsJson.seconds(view.redrivenAt()));
        }
        String reason = view.redriveObstacle(clock.instant());
        answer.put("redriveStatus", reason == null ? "REDRIVABLE" : "NOT_REDRIVABLE");
        if (reason != null) {
            answer.put("redriveStatusReason", reason);
        }
        return answer;
    }

    ObjectNode describeMachine(StepFunctionsRequest in) {
        in.allow("executionArn", "includedData");
        Execution execution = executions.require(in.required("executionArn"));
        ObjectNode answer =
                StateMachineRepository.toDescription(
                        execution.machine, "updateDate", in.wantsData());
        answer.remove(List.of("status", "type"));
        return answer;
    }

    ObjectNode list(StepFunctionsRequest in) {
        in.allow(
                "stateMachineArn",
                "statusFilter",
                "maxResults",
                "nextToken",
                "mapRunArn",
                "redriveFilter");
        if (in.optional("mapRunArn") != null) {
            throw AwsErrorException.validation(
                    "local-cloud does not support distributed Map: mapRunArn");
        }
        String machineArn = in.required("stateMachineArn");
        StateMachine machine = machines.resolve(machineArn).machine();
        String status =
                in.optionalOneOf(
                        "statusFilter",
                        List.of(
                                "RUNNING",
                                "SUCCEEDED",
                                "FAILED",
                                "TIMED_OUT",
                                "ABORTED",
                                "PENDING_REDRIVE"));
        String redriven = in.optionalOneOf("redriveFilter", List.of("REDRIVEN", "NOT_REDRIVEN"));
        Predicate<Execution> filter =
                execution -> {
                    Execution.ExecutionView view = execution.view();
                    return (machineArn.equals(machine.arn())
                                    || machineArn.equals(execution.qualified.versionArn())
                                    || machineArn.equals(execution.qualified.aliasArn()))
                            && (status == null || view.status().name().equals(status))
                            && (redriven == null
                                    || redriven.equals("REDRIVEN") == view.redriveCount() > 0);
                };
        List<Execution> all = executions.ofMachine(machine.arn()).stream().filter(filter).toList();
        return in.page("executions", all, this::summary);
    }

    private ObjectNode summary(Execution execution) {
        Execution.ExecutionView view = execution.view();
        ObjectNode one = StepFunctionsJson.object();
        one.put("executionArn", execution.arn);
        one.put("stateMachineArn", execution.machine.arn());
        execution.qualified.describe(one);
        one.put("name", execution.name);
        one.put("status", view.status().name());
        one.put("startDate", StepFunctionsJson.seconds(execution.startedAt));
        if (view.stoppedAt() != null) {
            one.put("stopDate", StepFunctionsJson.seconds(view.stoppedAt()));
        }
        one.put("redriveCount", view.redriveCount());
        if (view.redrivenAt() != null) {
            one.put("redriveDate", StepFunctionsJson.seconds(view.redrivenAt()));
        }
        return one;
    }

    ObjectNode history(StepFunctionsRequest in) {
        in.allow("executionArn", "maxResults", "reverseOrder", "nextToken", "includeExecutionData");
        Execution execution = executions.require(in.required("executionArn"));
        boolean withData = in.flag("includeExecutionData", true);
        List<ExecutionHistory.HistoryEvent> events = execution.withLock(execution.history::events);
        if (in.flag("reverseOrder", false)) {
            events = events.reversed();
        }
        return in.page("events", events, event -> toEventJson(event, withData));
    }

    private static ObjectNode toEventJson(ExecutionHistory.HistoryEvent event, boolean withData) {
        ObjectNode one = StepFunctionsJson.object();
        one.put("timestamp", StepFunctionsJson.seconds(event.at()));
        one.put("type", event.type());
        one.put("id", event.id());
        one.put("previousEventId", event.previousId());
        String field = event.detailsField();
        if (field != null) {
            JsonNode details = StepFunctionsJson.parse(event.details());
            if (!withData && details instanceof ObjectNode object) {
                object.remove(
                        List.of(
                                "input",
                                "output",
                                "parameters",
                                "inputDetails",
                                "outputDetails",
                                "error",
                                "cause",
                                "assignedVariables",
                                "assignedVariablesDetails"));
            }
            one.set(field, details);
        }
        return one;
    }
}
