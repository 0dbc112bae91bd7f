package dev.orderflow.localcloud.iam;

import dev.orderflow.localcloud.ports.Authorizer;
import dev.orderflow.localcloud.ports.Authorizer.Principal;
import dev.orderflow.localcloud.ports.ConnectionPort;
import dev.orderflow.localcloud.ports.EventBusPort;
import dev.orderflow.localcloud.ports.QueuePort;
import dev.orderflow.localcloud.ports.TopicPort;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// Decorators of the ports that authorise each call.
public final class AuthorizedPorts {

    private final Authorizer authorizer;
    private final String arnPrefix;

    /// @param region region of queues and buses that are named without one
    public AuthorizedPorts(Authorizer authorizer, String region, String account) {
        this.authorizer = authorizer;
        this.arnPrefix = "%s:%s:".formatted(region, account);
    }

    /// Queues that authorise the principal set by [QueuePort#withCaller].
    public QueuePort queues(QueuePort queues) {
        return new AuthorizedQueues(queues, null);
    }

    /// Topics that authorise the principal set by [TopicPort#withCaller].
    public Supplier<TopicPort> topics(Supplier<TopicPort> topics) {
        return () -> new AuthorizedTopics(topics.get(), null);
    }

    /// Buses that authorise the principal set by [EventBusPort#withCaller].
    public EventBusPort buses(EventBusPort buses) {
        return new AuthorizedBuses(buses, null);
    }

    /// Connections that authorise the principal set by [ConnectionPort#forCaller].
    public ConnectionPort connections(ConnectionPort connections) {
        return new AuthorizedConnections(connections, null);
    }

    private final class AuthorizedQueues implements QueuePort {

        private final QueuePort queues;
        private final @Nullable Principal caller;

        private AuthorizedQueues(QueuePort queues, @Nullable Principal caller) {
            this.queues = queues;
            this.caller = caller;
        }

        @Override
        public QueuePort withCaller(Principal other) {
            return new AuthorizedQueues(queues, other);
        }

        @Override
        public String send(
                String queueArn,
                String body,
                Map<String, String> attributes,
                @Nullable String messageGroupId) {
            require(queueArn);
            return queues.send(queueArn, body, attributes, messageGroupId);
        }

        @Override
        public String sendTyped(
                String queueArn,
                String body,
                Map<String, TypedAttribute> attributes,
                @Nullable String messageGroupId) {
            require(queueArn);
            return queues.sendTyped(queueArn, body, attributes, messageGroupId);
        }

        @Override
        public ObjectNode sendMessage(String queue, ObjectNode parameters) {
            require(queue);
            return queues.sendMessage(queue, parameters);
        }

        private void require(String queue) {
            if (caller != null) {
                var arn =
                        queue.startsWith("arn:")
                                ? queue
                                : "arn:aws:sqs:"
                                        + arnPrefix
                                        + queue.substring(queue.lastIndexOf('/') + 1);
                authorizer.require(caller, "sqs:SendMessage", arn);
            }
        }

        @Override
        public boolean exists(String queueArn) {
            return queues.exists(queueArn);
        }
    }

    private final class AuthorizedTopics implements TopicPort {

        private final TopicPort topics;
        private final @Nullable Principal caller;

        private AuthorizedTopics(TopicPort topics, @Nullable Principal caller) {
            this.topics = topics;
            this.caller = caller;
        }

        @Override
        public TopicPort withCaller(Principal other) {
            return new AuthorizedTopics(topics, other);
        }

        @Override
        public ObjectNode publishMessage(ObjectNode parameters) {
            if (caller != null) {
                authorizer.require(
                        caller,
                        "sns:Publish",
                        parameters
                                .path("TopicArn")
                                .asString(parameters.path("TargetArn").asString("*")));
            }
            return topics.publishMessage(parameters);
        }

        @Override
        public String publish(
                String topicArn,
                @Nullable String subject,
                String message,
                Map<String, String> attributes) {
            if (caller != null) {
                authorizer.require(caller, "sns:Publish", topicArn);
            }
            return topics.publish(topicArn, subject, message, attributes);
        }
    }

    private final class AuthorizedBuses implements EventBusPort {

        private final EventBusPort buses;
        private final @Nullable Principal caller;

        private AuthorizedBuses(EventBusPort buses, @Nullable Principal caller) {
            this.buses = buses;
            this.caller = caller;
        }

        @Override
        public EventBusPort withCaller(Principal other) {
            return new AuthorizedBuses(buses, other);
        }

        @Override
        public ObjectNode putEvents(ArrayNode entries) {
            if (caller != null) {
                for (var entry : entries) {
                    var bus = entry.path("EventBusName").asString("default");
                    authorizer.require(
                            caller,
                            "events:PutEvents",
                            bus.startsWith("arn:")
                                    ? bus
                                    : "arn:aws:events:" + arnPrefix + "event-bus/" + bus,
                            Map.of(
                                    "events:source", entry.path("Source").asString(""),
                                    "events:detail-type", entry.path("DetailType").asString("")));
                }
            }
            return buses.putEvents(entries);
        }

        @Override
        public void publishServiceEvent(
                String source, String detailType, List<String> resources, ObjectNode detail) {
            buses.publishServiceEvent(source, detailType, resources, detail);
        }
    }

    private final class AuthorizedConnections implements ConnectionPort {

        private final ConnectionPort connections;
        private final @Nullable Principal caller;

        private AuthorizedConnections(ConnectionPort connections, @Nullable Principal caller) {
            this.connections = connections;
            this.caller = caller;
        }

        @Override
        public ConnectionPort forCaller(Principal other) {
            return new AuthorizedConnections(connections, other);
        }

        /// The role of an HTTP task needs [these
        /// permissions](https://docs.aws.amazon.com/step-functions/latest/dg/call-https-apis.html).
        @Override
        public ConnectionSecret authorize(String connectionArn) {
            if (caller != null) {
                authorizer.require(caller, "events:RetrieveConnectionCredentials", connectionArn);
                var secret = connections.secretOf(connectionArn);
                authorizer.require(caller, "secretsmanager:DescribeSecret", secret);
                authorizer.require(caller, "secretsmanager:GetSecretValue", secret);
            }
            return connections.authorize(connectionArn);
        }

        @Override
        public void deauthorize(String connectionArn) {
            connections.deauthorize(connectionArn);
        }

        @Override
        public String secretOf(String connectionArn) {
            return connections.secretOf(connectionArn);
        }
    }
}
