package dev.orderflow.localcloud.stepfunctions;

import dev.orderflow.localcloud.ports.Authorizer;
import dev.orderflow.localcloud.ports.ConnectionPort;
import dev.orderflow.localcloud.ports.EventBusPort;
import dev.orderflow.localcloud.ports.MetricPort;
import dev.orderflow.localcloud.ports.QueuePort;
import dev.orderflow.localcloud.ports.StateMachinePort;
import dev.orderflow.localcloud.ports.TopicPort;
import dev.orderflow.localcloud.time.CloudClock;
import dev.orderflow.localcloud.wire.AwsErrorException;
import dev.orderflow.localcloud.wire.AwsRequest;
import dev.orderflow.localcloud.wire.AwsService;
import java.net.URI;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/// The Step Functions API.
///
/// Execution names are reserved for 90 days, as on AWS: the same name with the same input while it
/// runs returns the same execution, any other reuse fails with `ExecutionAlreadyExists`. So
/// starting a workflow can be retried safely.
public final class StepFunctions implements AwsService, StateMachinePort, AutoCloseable {

    private final ExecutionService executions;
    private final StateMachineRepository machines;

    /// @param queues called by tasks, like the other services
    /// @param authorizer authorises the calls of a state machine's role
    /// @param names maps the URL of an HTTP task to its actual host
    public StepFunctions(
            CloudClock clock,
            QueuePort queues,
            EventBusPort buses,
            TopicPort topics,
            ConnectionPort connections,
            MetricPort metrics,
            Authorizer authorizer,
            UnaryOperator<URI> names) {
        this(
                clock,
                queues,
                buses,
                topics,
                connections,
                metrics,
                authorizer,
                names,
                ExecutionRepository.FINISHED);
    }

    StepFunctions(
            CloudClock clock,
            QueuePort queues,
            EventBusPort buses,
            TopicPort topics,
            ConnectionPort connections,
            MetricPort metrics,
            Authorizer authorizer,
            UnaryOperator<URI> names,
            int finishedKept) {
        executions =
                new ExecutionService(
                        clock,
                        queues,
                        buses,
                        topics,
                        connections,
                        metrics,
                        authorizer,
                        names,
                        finishedKept);
        machines = executions.machines();
    }

    @Override
    public String signingName() {
        return "states";
    }

    @Override
    public ObjectNode handle(AwsRequest request) {
        StepFunctionsRequest.requireKinds(request.operation(), request.input());
        var in = new StepFunctionsRequest(request.input());
        return switch (request.operation()) {
            case "CreateStateMachine" -> machines.create(in, request.context());
            case "UpdateStateMachine" -> machines.update(in);
            case "DescribeStateMachine" -> machines.describe(in);
            case "DeleteStateMachine" -> machines.delete(in);
            case "ListStateMachines" -> machines.list(in);
            case "ValidateStateMachineDefinition" -> StateMachineRepository.validate(in);
            case "PublishStateMachineVersion" -> machines.publishVersion(in);
            case "ListStateMachineVersions" -> machines.listVersions(in);
            case "DeleteStateMachineVersion" -> machines.versions().deleteVersion(in);
            case "CreateStateMachineAlias" -> machines.versions().createAlias(in);
            case "UpdateStateMachineAlias" -> machines.versions().updateAlias(in);
            case "DescribeStateMachineAlias" -> machines.versions().describeAlias(in);
            case "ListStateMachineAliases" -> machines.listAliases(in);
            case "DeleteStateMachineAlias" -> machines.versions().deleteAlias(in);
            case "TagResource" -> machines.tag(in);
            case "UntagResource" -> machines.untag(in);
            case "ListTagsForResource" -> machines.listTags(in);
            case "StartExecution" -> executions.start(in);
            case "DescribeExecution" -> executions.queries().describe(in);
            case "DescribeStateMachineForExecution" -> executions.queries().describeMachine(in);
            case "ListExecutions" -> executions.queries().list(in);
            case "GetExecutionHistory" -> executions.queries().history(in);
            case "StopExecution" -> executions.stop(in);
            case "RedriveExecution" -> executions.redrive(in);
            case "SendTaskSuccess" -> executions.tokenOperations().succeed(in);
            case "SendTaskFailure" -> executions.tokenOperations().fail(in);
            case "SendTaskHeartbeat" -> executions.tokenOperations().sendHeartbeat(in);
            default -> throw AwsErrorException.unknownOperation(request.operation());
        };
    }

    @Override
    public String startExecution(String stateMachineArn, @Nullable String name, String input) {
        return executions.start(stateMachineArn, name, input).arn;
    }

    /// The ARN of the state machine whose task waits for this token; empty if none does.
    public Optional<String> stateMachineOf(String taskToken) {
        return executions.stateMachineOf(taskToken);
    }

    /// Ends every execution.
    @Override
    public void close() {
        executions.close();
    }
}
