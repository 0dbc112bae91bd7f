package dev.orderflow.systemtests;

import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import software.amazon.awssdk.services.sns.SnsClient;
import tools.jackson.databind.json.JsonMapper;

/// Subscribes to the alarm topic and records every alarm that is raised, even briefly.
final class AlarmSubscriber implements AutoCloseable {

    private static final JsonMapper JSON = JsonMapper.shared();

    /// Several times half an hour of the accelerated cloud.
    static final Duration TIMEOUT = Duration.ofMinutes(10);

    private final String ear = "on-call-" + UUID.randomUUID();
    private final Queues queues;
    private final SnsClient topics;
    private final String subscription;
    private final Set<String> received = new TreeSet<>();

    AlarmSubscriber(RunningSystem system) {
        queues = new Queues(system);
        topics = system.client(SnsClient.builder());
        var arn = queues.create(ear);
        var topic =
                new Alarms(system).get("workflow-failed").alarmActions().getFirst(); // as of all
        subscription =
                topics.subscribe(
                                subscribe ->
                                        subscribe
                                                .topicArn(topic)
                                                .protocol("sqs")
                                                .endpoint(arn)
                                                .attributes(Map.of("RawMessageDelivery", "true"))
                                                .returnSubscriptionArn(true))
                        .subscriptionArn();
    }

    /// Waits until an alarm is raised, or was raised since the last call for it.
    void awaitNotification(String alarm) {
        await(alarm + " to go off")
                .atMost(TIMEOUT)
                .until(
                        () -> {
                            listen();
                            return received.remove(alarm);
                        });
    }

    private void listen() {
        var url = queues.url(ear);
        var messages =
                queues.client()
                        .receiveMessage(receive -> receive.queueUrl(url).maxNumberOfMessages(10))
                        .messages();
        for (var message : messages) {
            var change = JSON.readTree(message.body());
            if (change.path("NewStateValue").asString().equals("ALARM")) {
                received.add(change.path("AlarmName").asString());
            }
            queues.client()
                    .deleteMessage(
                            delete -> delete.queueUrl(url).receiptHandle(message.receiptHandle()));
        }
    }

    @Override
    public void close() {
        topics.unsubscribe(unsubscribe -> unsubscribe.subscriptionArn(subscription));
        queues.delete(ear);
        topics.close();
    }
}
