package dev.orderflow.localcloud.sqs;

import dev.orderflow.localcloud.wire.HttpGateway;
import dev.orderflow.localcloud.wire.RequestContext;
import java.net.URI;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/// The queues of the account, by name.
final class SqsQueueDirectory {

    /// The form of an AWS account id.
    static final Pattern ACCOUNT_ID = Pattern.compile("[0-9]{12}");

    private final Map<String, SqsQueue> byName = new ConcurrentSkipListMap<>();

    /// All queues, sorted by name.
    Collection<SqsQueue> all() {
        return byName.values();
    }

    /// The queue with this ARN or URL, null if it does not exist.
    @Nullable SqsQueue find(String arnOrUrl) {
        return byName.get(queueName(arnOrUrl));
    }

    /// Adds a queue unless its name is taken.
    ///
    /// @return the existing queue of that name, null if the queue was added
    @Nullable SqsQueue add(SqsQueue queue) {
        return byName.putIfAbsent(queue.name(), queue);
    }

    void remove(SqsQueue queue) {
        byName.remove(queue.name(), queue);
    }

    /// The queues whose redrive policy names this dead-letter queue.
    List<SqsQueue> sourcesOf(SqsQueue target) {
        return byName.values().stream()
                .filter(
                        queue -> {
                            var redrive = queue.redrive();
                            return redrive != null && redrive.arn().equals(target.arn());
                        })
                .toList();
    }

    /// The queue at the `QueueUrl` of a request.
    SqsQueue fromUrl(ObjectNode input) {
        var url = SqsInput.required(input, "QueueUrl");
        String path;
        try {
            path = URI.create(url).getPath();
        } catch (IllegalArgumentException _) {
            throw SqsErrors.invalidAddress(url);
        }
        var steps = path == null ? new String[0] : path.split("/");
        if (steps.length < 3 || !ACCOUNT_ID.matcher(steps[steps.length - 2]).matches()) {
            throw SqsErrors.invalidAddress(url);
        }
        return requireQueue(queueName(path));
    }

    /// The queue with the `QueueName` of a request.
    SqsQueue byName(ObjectNode input) {
        var account = input.path("QueueOwnerAWSAccountId").asString("");
        var name = SqsInput.required(input, "QueueName");
        if (!account.isEmpty() && !account.equals(HttpGateway.ACCOUNT)) {
            throw SqsErrors.noSuchQueue();
        }
        return requireQueue(name);
    }

    /// The queue with this ARN.
    ///
    /// @param parameter parameter of the request, for the error message
    SqsQueue byArn(String arn, String parameter) {
        var queue = byName.get(queueName(arn));
        if (queue == null || !arn.startsWith("arn:")) {
            throw SqsErrors.notFound(
                    "The resource that you specified for the %s parameter doesn't exist."
                            .formatted(parameter));
        }
        return queue;
    }

    /// The queue with this name.
    SqsQueue requireQueue(String name) {
        var queue = byName.get(name);
        if (queue == null) {
            throw SqsErrors.noSuchQueue();
        }
        return queue;
    }

    /// The URL of a queue at the address that the caller used.
    static String url(String name, RequestContext context) {
        return context.endpoint() + "/" + HttpGateway.ACCOUNT + "/" + name;
    }

    /// The name in an ARN or URL of a queue, or the name itself. Empty, which is no queue's name,
    /// for another service or account.
    static String queueName(String queue) {
        if (queue.startsWith("arn:")) {
            var parts = queue.split(":", 6);
            return parts.length == 6
                            && parts[2].equals("sqs")
                            && parts[4].equals(HttpGateway.ACCOUNT)
                    ? parts[5]
                    : "";
        }
        int slash = queue.lastIndexOf('/');
        return slash < 0 || queue.substring(0, slash).endsWith("/" + HttpGateway.ACCOUNT)
                ? queue.substring(slash + 1)
                : "";
    }
}
