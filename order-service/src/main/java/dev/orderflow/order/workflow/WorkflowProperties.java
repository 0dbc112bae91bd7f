package dev.orderflow.order.workflow;

import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.regex.Pattern;
import org.hibernate.validator.constraints.time.DurationMax;
import org.hibernate.validator.constraints.time.DurationMin;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/// How workflows are started.
///
/// @param stateMachineArn the state machine of orders, or an alias of it: then new orders get the
///     version that the alias points to
/// @param callTimeout the time-out of a call of Step Functions, 100 ms to 15 s; two calls must end
///     within the visibility time-out of the queues, so that no message is handled twice at the
///     same time
@Validated
@ConfigurationProperties("orderflow.order.workflow")
record WorkflowProperties(
        String stateMachineArn,
        @DefaultValue("10s") @DurationMin(millis = 100) @DurationMax(seconds = 15)
                Duration callTimeout) {

    private static final Pattern ARN =
            Pattern.compile(
                    "arn:aws[\\w-]*:states:[a-z0-9-]+:\\d{12}:stateMachine:[^:\\s]{1,80}(:[^:\\s]{1,80})?");

    WorkflowProperties {
        if (stateMachineArn == null || !ARN.matcher(stateMachineArn).matches()) {
            throw new IllegalArgumentException(
                    "orderflow.order.workflow.state-machine-arn must be the ARN of a state machine"
                            + " but was "
                            + stateMachineArn);
        }
    }

    /// The ARN without alias or version, as Step Functions puts it into the events of executions.
    String unqualifiedStateMachineArn() {
        var parts = stateMachineArn.split(":", -1);
        return String.join(":", List.of(parts).subList(0, 7));
    }

    /// The ARN of an order's execution. It contains the state machine's name without the alias that
    /// the execution was started with.
    String executionArn(UUID orderId) {
        var parts = stateMachineArn.split(":", -1);
        return "%s:%s:%s:%s:%s:execution:%s:%s"
                .formatted(parts[0], parts[1], parts[2], parts[3], parts[4], parts[6], orderId);
    }
}
