package dev.orderflow.localcloud.eventbridge;

import dev.orderflow.localcloud.delivery.DeliveryAttempt;
import dev.orderflow.localcloud.delivery.DeliveryWorker;
import dev.orderflow.localcloud.delivery.Exhausted;
import dev.orderflow.localcloud.delivery.PendingDelivery;
import dev.orderflow.localcloud.delivery.RetryPolicy;
import dev.orderflow.localcloud.ports.Authorizer;
import dev.orderflow.localcloud.ports.MetricPort;
import dev.orderflow.localcloud.ports.QueuePort;
import dev.orderflow.localcloud.ports.StateMachinePort;
import dev.orderflow.localcloud.ports.TopicPort;
import dev.orderflow.localcloud.time.CloudClock;
import dev.orderflow.localcloud.wire.AwsErrorException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Brings events to targets, and what a target will not take to its dead-letter queue.
final class TargetDispatcher {

    private static final Logger log = LoggerFactory.getLogger(TargetDispatcher.class);
    private static final String NAMESPACE = "AWS/Events";

    private final CloudClock clock;
    private final DeliveryWorker courier;
    private final QueuePort queues;
    private final Supplier<TopicPort> topics;
    private final Supplier<StateMachinePort> stateMachines;
    private final MetricPort metrics;

    TargetDispatcher(
            CloudClock clock,
            DeliveryWorker courier,
            QueuePort queues,
            Supplier<TopicPort> topics,
            Supplier<StateMachinePort> stateMachines,
            MetricPort metrics) {
        this.clock = clock;
        this.courier = courier;
        this.queues = queues;
        this.topics = topics;
        this.stateMachines = stateMachines;
        this.metrics = metrics;
    }

    /// Hands an event to all targets of a rule it matched.
    ///
    /// @param tried run for each target, once, after its first attempt
    void deliver(BusEvent event, EventRule rule, Runnable tried) {
        byRule(rule, "MatchedEvents");
        everywhere(rule, "TriggeredRules", 1);
        for (RuleTarget target : rule.targets().values()) {
            courier.take(new TargetDelivery(event, rule, target, tried));
        }
    }

    /// A sample by rule only, which is how AWS publishes the failures.
    private void byRule(EventRule rule, String name) {
        metrics.record(NAMESPACE, name, rule.dimensions(), 1);
    }

    /// A sample by rule, by bus and over all.
    private void everywhere(EventRule rule, String name, double value) {
        metrics.record(NAMESPACE, name, rule.dimensions(), value);
        metrics.record(NAMESPACE, name, Map.of("EventBusName", rule.bus()), value);
        metrics.record(NAMESPACE, name, Map.of(), value);
    }

    private void invoked(EventRule rule) {
        metrics.record(NAMESPACE, "Invocations", rule.dimensions(), 1);
        metrics.record(NAMESPACE, "Invocations", Map.of(), 1);
    }

    private final class TargetDelivery implements PendingDelivery {

        private final BusEvent event;
        private final EventRule rule;
        private final RuleTarget target;
        private final Runnable tried;

        private TargetDelivery(BusEvent event, EventRule rule, RuleTarget target, Runnable tried) {
            this.event = event;
            this.rule = rule;
            this.target = target;
            this.tried = tried;
        }

        @Override
        public String label() {
            return "event %s for target %s of rule %s"
                    .formatted(event.id(), target.id(), rule.name());
        }

        @Override
        public String lane() {
            return target.arn();
        }

        @Override
        public RetryPolicy patience() {
            return target.patience();
        }

        @Override
        public DeliveryAttempt attempt(int retry) {
            everywhere(rule, "InvocationAttempts", 1);
            if (retry > 0) {
                everywhere(rule, "RetryInvocationAttempts", 1);
            }
            try {
                return send();
            } finally {
                if (retry == 0) {
                    tried.run();
                }
            }
        }

        private DeliveryAttempt send() {
            try {
                invoke(target.input().render(event, rule));
            } catch (TargetInput.InvalidTargetInputException e) {
                return new DeliveryAttempt.PermanentFailure(
                        "INVALID_JSON", String.valueOf(e.getMessage()));
            } catch (AwsErrorException e) {
                return judge(e);
            }
            everywhere(rule, "SuccessfulInvocationAttempts", 1);
            invoked(rule);
            everywhere(
                    rule,
                    "IngestionToInvocationSuccessLatency",
                    Duration.between(event.ingested(), clock.instant()).toMillis());
            return new DeliveryAttempt.Delivered();
        }

        private void invoke(String input) {
            switch (target.destination()) {
                case TargetDestination.QueueDestination(var arn, var groupId) ->
                        queues.as(caller()).send(arn, input, Map.of(), groupId);
                case TargetDestination.TopicDestination(var arn) ->
                        topics.get().as(caller()).publish(arn, null, input, Map.of());
                case TargetDestination.StateMachineDestination(var arn) ->
                        stateMachines
                                .get()
                                .startExecution(arn, event.id() + "_" + UUID.randomUUID(), input);
            }
        }

        private Authorizer.Principal caller() {
            return new Authorizer.Principal.Service("events.amazonaws.com", rule.arn());
        }

        @Override
        public void givenUp(Exhausted why) {
            invoked(rule);
            byRule(rule, "FailedInvocations");
            var queue = target.deadLetterQueue();
            if (queue == null) {
                log.warn("{} is dropped, its target has no dead-letter queue: {}", label(), why);
                return;
            }
            var attributes = new LinkedHashMap<String, String>();
            attributes.put("RULE_ARN", rule.arn());
            attributes.put("TARGET_ARN", target.arn());
            attributes.put("ERROR_CODE", why.code());
            attributes.put("ERROR_MESSAGE", why.message().isEmpty() ? why.code() : why.message());
            attributes.put("RETRY_ATTEMPTS", Integer.toString(why.retries()));
            switch (why.cause()) {
                case RETRIES_USED ->
                        attributes.put("EXHAUSTED_RETRY_CONDITION", "MaximumRetryAttempts");
                case TOO_OLD ->
                        attributes.put("EXHAUSTED_RETRY_CONDITION", "MaximumEventAgeInSeconds");
                case REFUSED, CLOSING -> {}
            }
            try {
                queues.as(caller()).send(queue, event.json(), attributes, null);
                byRule(rule, "InvocationsSentToDlq");
            } catch (AwsErrorException e) {
                byRule(rule, "InvocationsFailedToBeSentToDlq");
                log.warn("{} is dropped, {} refused it: {}", label(), queue, e.getMessage());
            }
        }
    }

    /// Which errors of a target are worth a retry: its own failures and throttling, not the
    /// caller's mistakes and not what is gone.
    private static DeliveryAttempt judge(AwsErrorException error) {
        var code = error.code().toLowerCase(Locale.ROOT);
        var message = String.valueOf(error.getMessage());
        if (code.contains("throttl") || code.contains("limitexceeded") || error.status() == 429) {
            return new DeliveryAttempt.RetryableFailure("THROTTLING", message);
        }
        if (error.status() >= 500) {
            return new DeliveryAttempt.RetryableFailure("ERROR_FROM_TARGET", message);
        }
        if (code.contains("nonexistent")
                || code.contains("notexist")
                || code.contains("notfound")) {
            return new DeliveryAttempt.PermanentFailure("NO_RESOURCE", message);
        }
        if (code.contains("accessdenied") || code.contains("authorization")) {
            return new DeliveryAttempt.PermanentFailure("NO_PERMISSIONS", message);
        }
        if (code.contains("alreadyexists")) {
            return new DeliveryAttempt.PermanentFailure("RESOURCE_ALREADY_EXISTS", message);
        }
        if (code.equals("invalidexecutioninput")) {
            return new DeliveryAttempt.PermanentFailure("INVALID_JSON", message);
        }
        if (code.contains("invalid") || code.contains("parameter") || code.contains("validation")) {
            return new DeliveryAttempt.PermanentFailure("INVALID_PARAMETER", message);
        }
        return new DeliveryAttempt.PermanentFailure("SDK_CLIENT_ERROR", message);
    }
}
