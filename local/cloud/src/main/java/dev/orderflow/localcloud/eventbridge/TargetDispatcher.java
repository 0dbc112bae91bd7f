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

/// Delivers events to targets, and undeliverable ones to the dead-letter queue of the target.
final class TargetDispatcher {

    private static final Logger log = LoggerFactory.getLogger(TargetDispatcher.class);
    private static final String NAMESPACE = "AWS/Events";

    private final CloudClock clock;
    private final DeliveryWorker deliveryWorker;
    private final QueuePort queues;
    private final Supplier<TopicPort> topics;
    private final Supplier<StateMachinePort> stateMachines;
    private final MetricPort metrics;

    TargetDispatcher(
            CloudClock clock,
            DeliveryWorker deliveryWorker,
            QueuePort queues,
            Supplier<TopicPort> topics,
            Supplier<StateMachinePort> stateMachines,
            MetricPort metrics) {
        this.clock = clock;
        this.deliveryWorker = deliveryWorker;
        this.queues = queues;
        this.topics = topics;
        this.stateMachines = stateMachines;
        this.metrics = metrics;
    }

    /// Submits a delivery for every target of a matched rule.
    ///
    /// @param tried called once for each target, after its first attempt
    void deliver(BusEvent event, EventRule rule, Runnable tried) {
        recordByRule(rule, "MatchedEvents");
        recordAtEveryLevel(rule, "TriggeredRules", 1);
        for (RuleTarget target : rule.targets().values()) {
            deliveryWorker.submit(new TargetDelivery(event, rule, target, tried));
        }
    }

    /// Records a metric by rule only, as AWS publishes failures.
    private void recordByRule(EventRule rule, String name) {
        metrics.record(NAMESPACE, name, rule.dimensions(), 1);
    }

    /// Records a metric by rule, by bus and in total.
    private void recordAtEveryLevel(EventRule rule, String name, double value) {
        metrics.record(NAMESPACE, name, rule.dimensions(), value);
        metrics.record(NAMESPACE, name, Map.of("EventBusName", rule.bus()), value);
        metrics.record(NAMESPACE, name, Map.of(), value);
    }

    private void recordInvocation(EventRule rule) {
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
        public String description() {
            return "event %s for target %s of rule %s"
                    .formatted(event.id(), target.id(), rule.name());
        }

        @Override
        public String destinationKey() {
            return target.arn();
        }

        @Override
        public RetryPolicy retryPolicy() {
            return target.retryPolicy();
        }

        @Override
        public DeliveryAttempt attempt(int retry) {
            recordAtEveryLevel(rule, "InvocationAttempts", 1);
            if (retry > 0) {
                recordAtEveryLevel(rule, "RetryInvocationAttempts", 1);
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
                return classify(e);
            }
            recordAtEveryLevel(rule, "SuccessfulInvocationAttempts", 1);
            recordInvocation(rule);
            recordAtEveryLevel(
                    rule,
                    "IngestionToInvocationSuccessLatency",
                    Duration.between(event.ingested(), clock.instant()).toMillis());
            return new DeliveryAttempt.Delivered();
        }

        private void invoke(String input) {
            switch (target.destination()) {
                case TargetDestination.QueueDestination(var arn, var groupId) ->
                        queues.withCaller(caller()).send(arn, input, Map.of(), groupId);
                case TargetDestination.TopicDestination(var arn) ->
                        topics.get().withCaller(caller()).publish(arn, null, input, Map.of());
                case TargetDestination.StateMachineDestination(var arn) ->
                        stateMachines
                                .get()
                                .startExecution(arn, event.id() + "_" + UUID.randomUUID(), input);
            }
        }

        private Authorizer.Principal caller() {
            return new Authorizer.Principal.ServicePrincipal("events.amazonaws.com", rule.arn());
        }

        @Override
        public void onExhausted(Exhausted exhausted) {
            recordInvocation(rule);
            recordByRule(rule, "FailedInvocations");
            var queue = target.deadLetterQueue();
            if (queue == null) {
                log.warn(
                        "{} dropped, no dead-letter queue configured: {}",
                        description(),
                        exhausted);
                return;
            }
            var attributes = new LinkedHashMap<String, String>();
            attributes.put("RULE_ARN", rule.arn());
            attributes.put("TARGET_ARN", target.arn());
            attributes.put("ERROR_CODE", exhausted.code());
            attributes.put(
                    "ERROR_MESSAGE",
                    exhausted.message().isEmpty() ? exhausted.code() : exhausted.message());
            attributes.put("RETRY_ATTEMPTS", Integer.toString(exhausted.retries()));
            switch (exhausted.reason()) {
                case RETRIES_USED ->
                        attributes.put("EXHAUSTED_RETRY_CONDITION", "MaximumRetryAttempts");
                case EXPIRED ->
                        attributes.put("EXHAUSTED_RETRY_CONDITION", "MaximumEventAgeInSeconds");
                case PERMANENT_FAILURE, CLOSING -> {}
            }
            try {
                queues.withCaller(caller()).send(queue, event.json(), attributes, null);
                recordByRule(rule, "InvocationsSentToDlq");
            } catch (AwsErrorException e) {
                recordByRule(rule, "InvocationsFailedToBeSentToDlq");
                log.warn(
                        "{} dropped, dead-letter queue {} refused it: {}",
                        description(),
                        queue,
                        e.getMessage());
            }
        }
    }

    /// Classifies the error of a target: its own failures and throttling are retryable, client
    /// errors and missing resources are not.
    private static DeliveryAttempt classify(AwsErrorException error) {
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
