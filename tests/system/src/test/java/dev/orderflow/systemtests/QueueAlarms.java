package dev.orderflow.systemtests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.ResourceLock;
import software.amazon.awssdk.services.cloudwatch.model.MetricAlarm;
import software.amazon.awssdk.services.eventbridge.EventBridgeClient;
import software.amazon.awssdk.services.eventbridge.model.Target;

/// Alarms of queues and rules.
@ResourceLock(RunningSystem.HURRIED)
abstract class QueueAlarms extends AlarmScenarios {

    private static final String ARNS = "arn:aws:sqs:us-east-1:000000000000:";

    /// First the consumer cannot receive, and messages wait; then it receives them and cannot
    /// handle them.
    @Test
    void unreceivedMessagesAndDeadLettersRaiseTheirAlarms() {
        var guarded =
                alarms.all().stream()
                        .map(MetricAlarm::alarmName)
                        .filter(name -> name.endsWith("-backlog"))
                        .map(name -> name.replace("-backlog", ""))
                        .toList();
        assertThat(guarded).containsExactlyInAnyOrderElementsOf(RunningSystem.queueNames());
        var backlogs = guarded.stream().map(queue -> queue + "-backlog").toList();
        var deadLetters = guarded.stream().map(queue -> queue + "-dead-letters").toList();

        try (var _ =
                RunningSystem.cloudInterceptor().closeConnectionsOf("AmazonSQS.ReceiveMessage")) {
            guarded.forEach(queue -> queues.send(queue, "nonsense"));
            raised(backlogs.stream());
        }
        returns(backlogs.stream());
        runbooks.named(alarms.runbookOf(backlogs.getFirst())).look();
        deadLetters.forEach(AlarmScenarios::lasting);
        guarded.forEach(AlarmScenarios::discardAll);
        returns(deadLetters.stream());
    }

    /// SES refuses an e-mail because of its content, which is corrected afterwards.
    @Test
    void aDeadLetterIsRedrivenWhenItsCauseIsFixed() {
        var refusal =
                """
                <ErrorResponse><Error><Type>Sender</Type><Code>MessageRejected</Code>\
                <Message>the content is refused</Message></Error></ErrorResponse>""";
        var recipient = new ShopClient(system);
        String order;
        try (var _ =
                RunningSystem.cloudInterceptor()
                        .refuse(400, refusal, "Action=SendEmail", recipient.customer())) {
            order = recipient.order(recipient.stocked("20.00", 1), 2, ShopClient.VISA);
            recipient.awaitState(order, "REJECTED");
            lasting("notifications-dead-letters");
        }
        var runbook =
                forOrder(runbooks.named("dead-letters.md"), order)
                        .with("queue", "notifications")
                        .with("fingerprint", fingerprint("notifications", order));
        runbook.look();
        runbook.run("./orderflow dlq redrive <queue> --all --dry-run");
        runbook.run("./orderflow dlq redrive <queue> --fingerprint");
        runbook.run("./orderflow redrives list");
        runbook.run("./orderflow dlq groups");
        assertThat(recipient.mails()).hasSize(1);
        returns("notifications-dead-letters");
    }

    private static String fingerprint(String queue, String order) {
        return await().until(
                        () ->
                                shop.internal(
                                                "GET",
                                                system.operations(),
                                                "/internal/operations/dead-letters/" + queue,
                                                null)
                                        .path("messages")
                                        .valueStream()
                                        .filter(
                                                message ->
                                                        message.path("orderId")
                                                                .asString("")
                                                                .equals(order))
                                        .map(message -> message.path("fingerprint").asString(""))
                                        .findFirst()
                                        .orElse(""),
                        found -> !found.isEmpty());
    }

    /// The target of the rule `notify` names a queue of another account.
    @Test
    void anUndeliveredEventIsRedrivenWhenItsRuleIsFixed() {
        var recipient = new ShopClient(system);
        try (var events = system.client(EventBridgeClient.builder())) {
            var usual =
                    events.listTargetsByRule(list -> list.rule("notify").eventBusName(BUS))
                            .targets();
            put(
                    events,
                    "notify",
                    usual.stream()
                            .map(
                                    target ->
                                            target.toBuilder()
                                                    .arn(
                                                            target.arn()
                                                                    .replace(
                                                                            "000000000000",
                                                                            "999999999999"))
                                                    .build())
                            .toArray(Target[]::new));
            try {
                var order = recipient.order(recipient.stocked("20.00", 1), 2, ShopClient.VISA);
                recipient.awaitState(order, "REJECTED");
                lasting("undelivered-events").look();
            } finally {
                put(events, "notify", usual.toArray(Target[]::new));
            }
        }
        runbooks.named("undelivered-events.md").run("./orderflow dlq redrive undelivered-events");
        assertThat(recipient.mails()).hasSize(1);
        returns("undelivered-events");
    }

    /// Each rule gets a second target whose queue and dead-letter queue do not exist.
    @Test
    void lostEventsRaiseTheirAlarms() {
        var lost = RunningSystem.busesByRule();
        var names = lost.keySet().stream().map(rule -> rule + "-events-lost").toList();
        try (var events = system.client(EventBridgeClient.builder())) {
            lost.forEach(
                    (rule, bus) ->
                            events.putTargets(
                                    put ->
                                            put.rule(rule)
                                                    .eventBusName(bus)
                                                    .targets(
                                                            Target.builder()
                                                                    .id("gone")
                                                                    .arn(ARNS + "gone")
                                                                    .deadLetterConfig(
                                                                            dead ->
                                                                                    dead.arn(
                                                                                            ARNS
                                                                                                    + "gone-too"))
                                                                    .build())));
            var shipped = shop.order(shop.stocked("20.00", 5), 1, ShopClient.VISA);
            var cancelled = shop.order(shop.stocked("1500.00", 1), 1, ShopClient.VISA);
            await().until(() -> workflows.exists(cancelled));
            shop.cancel(cancelled);
            workflows.start("broken-" + UUID.randomUUID(), "{}");
            // Before the connection is deauthorized: a command that takes seconds takes longer by
            // the clock of the cloud than a workflow retries its calls.
            shop.awaitState(shipped, "SHIPPED");
            shop.awaitState(cancelled, "CANCELLED");
            WorkflowAlarms.deauthorizeConnection();
            WorkflowAlarms.authorizeConnection();
            raised(names.stream()).look();
            lost.forEach(
                    (rule, bus) ->
                            events.removeTargets(
                                    remove -> remove.rule(rule).eventBusName(bus).ids("gone")));
        }
        returns(names.stream());
    }

    private static void put(EventBridgeClient events, String rule, Target... targets) {
        var answer = events.putTargets(put -> put.rule(rule).eventBusName(BUS).targets(targets));
        assertThat(answer.failedEntries()).isEmpty();
    }
}
