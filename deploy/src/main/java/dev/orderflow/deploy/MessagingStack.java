package dev.orderflow.deploy;

import dev.orderflow.topology.Topology;
import java.util.Map;
import java.util.TreeMap;
import software.amazon.awscdk.Duration;
import software.amazon.awscdk.Stack;
import software.amazon.awscdk.StackProps;
import software.amazon.awscdk.services.events.EventBus;
import software.amazon.awscdk.services.events.IEventBus;
import software.amazon.awscdk.services.kms.IKey;
import software.amazon.awscdk.services.kms.Key;
import software.amazon.awscdk.services.sns.ITopic;
import software.amazon.awscdk.services.sns.Topic;
import software.amazon.awscdk.services.sqs.DeadLetterQueue;
import software.amazon.awscdk.services.sqs.IQueue;
import software.amazon.awscdk.services.sqs.Queue;
import software.amazon.awscdk.services.sqs.QueueEncryption;
import software.constructs.Construct;

/// Bus, rules, queues and topics, as the topology says.
final class MessagingStack extends Stack {

    private final Key key;
    private final EventBus bus;
    private final Map<String, IQueue> queues = new TreeMap<>();
    private final Map<String, ITopic> topics = new TreeMap<>();

    MessagingStack(Construct app, StackProps here, Topology topology) {
        super(app, "orderflow-messaging", here);
        key =
                Key.Builder.create(this, "key")
                        .description("What is on its way: queues, topics and the bus")
                        .enableKeyRotation(true)
                        .build();
        bus = EventBus.Builder.create(this, "bus").eventBusName(topology.bus()).build();
        topology.topics()
                .forEach(
                        topic ->
                                topics.put(
                                        topic.name(),
                                        Topic.Builder.create(this, topic.name())
                                                .topicName(topic.name())
                                                .masterKey(key)
                                                .build()));
        topology.queues().forEach(this::createQueue);
    }

    private void createQueue(Topology.Queue queue) {
        var dead =
                Queue.Builder.create(this, queue.deadLetter().queue())
                        .queueName(queue.deadLetter().queue())
                        .retentionPeriod(Duration.days(14))
                        .encryption(QueueEncryption.KMS)
                        .encryptionMasterKey(key)
                        .enforceSsl(true)
                        .build();
        queues.put(queue.deadLetter().queue(), dead);
        queues.put(
                queue.name(),
                Queue.Builder.create(this, queue.name())
                        .queueName(queue.name())
                        .visibilityTimeout(Duration.seconds(queue.visibilityTimeoutSeconds()))
                        .encryption(QueueEncryption.KMS)
                        .encryptionMasterKey(key)
                        .enforceSsl(true)
                        .deadLetterQueue(
                                DeadLetterQueue.builder()
                                        .queue(dead)
                                        .maxReceiveCount(queue.deadLetter().maxReceiveCount())
                                        .build())
                        .build());
    }

    /// Encrypts what is on its way.
    IKey key() {
        return key;
    }

    IEventBus bus() {
        return bus;
    }

    /// A queue of the topology, dead-letter queues included.
    IQueue queue(String name) {
        var queue = queues.get(name);
        if (queue == null) {
            throw new IllegalArgumentException("the topology has no queue " + name);
        }
        return queue;
    }

    ITopic topic(String name) {
        var topic = topics.get(name);
        if (topic == null) {
            throw new IllegalArgumentException("the topology has no topic " + name);
        }
        return topic;
    }
}
