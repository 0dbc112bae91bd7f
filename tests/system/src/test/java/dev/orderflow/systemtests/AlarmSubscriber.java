package dev.orderflow.systemtests;

import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import software.amazon.awssdk.services.cloudwatch.CloudWatchClient;
import software.amazon.awssdk.services.cloudwatch.model.HistoryItemType;
import software.amazon.awssdk.services.sns.SnsClient;
import tools.jackson.databind.json.JsonMapper;

/// Subscribes to the topics of pages and tickets and records every alarm that is raised from then
/// on, even briefly.
final class AlarmSubscriber implements AutoCloseable {

    private static final JsonMapper JSON = JsonMapper.shared();

    /// Several times half an hour of the accelerated cloud.
    static final Duration TIMEOUT = Duration.ofMinutes(10);

    private final String ear = "on-call-" + UUID.randomUUID();
    private final Queues queues;
    private final Alarms alarms;
    private final SnsClient topics;
    private final CloudWatchClient cloudWatch;
    private final List<String> subscriptions = new ArrayList<>();
    private final Set<String> received = new TreeSet<>();
    private final Set<String> raised = new TreeSet<>();
    private final Map<String, Integer> pages = new HashMap<>();
    private final Set<String> seen = new TreeSet<>();
    private Instant seenUpTo = Instant.EPOCH;

    AlarmSubscriber(RunningSystem system) {
        queues = new Queues(system);
        alarms = new Alarms(system);
        topics = system.client(SnsClient.builder());
        cloudWatch = system.client(CloudWatchClient.builder());
        var arn = queues.create(ear);
        var topicArns =
                List.of(
                        alarms.composite("page-outbox").alarmActions().getFirst(),
                        alarms.get("workflow-failed").alarmActions().getFirst());
        for (var topicArn : topicArns) {
            subscriptions.add(
                    topics.subscribe(
                                    subscribe ->
                                            subscribe
                                                    .topicArn(topicArn)
                                                    .protocol("sqs")
                                                    .endpoint(arn)
                                                    .attributes(
                                                            Map.of("RawMessageDelivery", "true"))
                                                    .returnSubscriptionArn(true))
                            .subscriptionArn());
        }
        readHistory();
        raised.clear();
    }

    /// Waits until an alarm is raised, or was raised since the last call for it, and notified: an
    /// alarm of severity `PAGE` by its group, another one by itself.
    void awaitNotification(String alarm) {
        var group = alarms.get(alarm).alarmActions().isEmpty() ? alarms.pageOf(alarm) : null;
        await(alarm + " to go off")
                .atMost(TIMEOUT)
                .until(
                        () -> {
                            listen();
                            return group == null ? received.remove(alarm) : raised.remove(alarm);
                        });
        if (group != null) {
            await(group + " to notify").atMost(TIMEOUT).until(() -> pages(group) > 0);
        }
    }

    /// Waits until an alarm is raised, whether or not it notifies.
    void awaitRaised(String alarm) {
        await(alarm + " to go off")
                .atMost(TIMEOUT)
                .until(
                        () -> {
                            listen();
                            return raised.remove(alarm);
                        });
    }

    /// How many times the composite alarm of a group has notified the topic of pages.
    int pages(String group) {
        listen();
        return pages.getOrDefault(group, 0);
    }

    private void listen() {
        listenToTopics();
        readHistory();
    }

    private void listenToTopics() {
        var url = queues.url(ear);
        var messages =
                queues.client()
                        .receiveMessage(receive -> receive.queueUrl(url).maxNumberOfMessages(10))
                        .messages();
        for (var message : messages) {
            var change = JSON.readTree(message.body());
            if (change.path("NewStateValue").asString().equals("ALARM")) {
                var name = change.path("AlarmName").asString();
                received.add(name);
                pages.merge(name, 1, Integer::sum);
            }
            queues.client()
                    .deleteMessage(
                            delete -> delete.queueUrl(url).receiptHandle(message.receiptHandle()));
        }
    }

    private void readHistory() {
        var changes =
                cloudWatch.describeAlarmHistoryPaginator(
                        describe ->
                                describe.historyItemType(HistoryItemType.STATE_UPDATE)
                                        .startDate(seenUpTo));
        for (var change : changes.alarmHistoryItems()) {
            if (seen.add(change.alarmName() + " " + change.timestamp())
                    && change.historySummary().endsWith("to ALARM")) {
                raised.add(change.alarmName());
            }
            if (change.timestamp().isAfter(seenUpTo)) {
                seenUpTo = change.timestamp();
            }
        }
    }

    @Override
    public void close() {
        for (var subscription : subscriptions) {
            topics.unsubscribe(unsubscribe -> unsubscribe.subscriptionArn(subscription));
        }
        queues.delete(ear);
        topics.close();
        cloudWatch.close();
    }
}
