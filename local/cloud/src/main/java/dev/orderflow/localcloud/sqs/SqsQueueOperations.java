package dev.orderflow.localcloud.sqs;

import dev.orderflow.localcloud.time.CloudClock;
import dev.orderflow.localcloud.wire.AwsErrorException;
import dev.orderflow.localcloud.wire.HttpGateway;
import dev.orderflow.localcloud.wire.RequestContext;
import dev.orderflow.localcloud.wire.ResultPage;
import dev.orderflow.localcloud.wire.TagRules;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Pattern;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// The operations on queues: attributes, permissions and tags.
final class SqsQueueOperations {

    private static final JsonMapper JSON = JsonMapper.shared();
    private static final int MOST_LISTED = 1_000;
    private static final int MOST_TAGS = 50;
    private static final Pattern STANDARD_NAME = Pattern.compile("[A-Za-z0-9_-]{1,80}");
    private static final Pattern FIFO_NAME = Pattern.compile("[A-Za-z0-9_-]{1,75}\\.fifo");

    private static final int MOST_ACTIONS = 7;

    /// Actions that may be granted to another account by its number.
    private static final Set<String> SHARED_ACTIONS =
            Set.of(
                    "*",
                    "SendMessage",
                    "ReceiveMessage",
                    "DeleteMessage",
                    "ChangeMessageVisibility",
                    "GetQueueAttributes",
                    "GetQueueUrl",
                    "ListDeadLetterSourceQueues",
                    "PurgeQueue");

    private final CloudClock clock;
    private final SqsQueueDirectory queues;

    SqsQueueOperations(CloudClock clock, SqsQueueDirectory queues) {
        this.clock = clock;
        this.queues = queues;
    }

    ObjectNode createQueue(ObjectNode input, RequestContext context) {
        var name = SqsInput.required(input, "QueueName");
        var given = input.path("Attributes");
        boolean fifo = given.path(SqsQueueAttributes.FIFO).asString("").equalsIgnoreCase("true");
        if (fifo && !FIFO_NAME.matcher(name).matches()) {
            throw SqsErrors.invalidParameter(
                    "The name of a FIFO queue can only include alphanumeric characters, hyphens, or underscores, must end with .fifo suffix and be 1 to 80 in length.");
        }
        if (!fifo && !STANDARD_NAME.matcher(name).matches()) {
            throw SqsErrors.invalidParameter(
                    "Can only include alphanumeric characters, hyphens, or underscores. 1 to 80 in length");
        }
        var attributes = SqsQueueAttributes.read(given, fifo);
        var arn = "arn:aws:sqs:" + context.region() + ":" + HttpGateway.ACCOUNT + ":" + name;
        requireThroughputLimit(attributes, Map.of());
        requireDeadLetterQueue(attributes, arn, fifo);
        var tags =
                SqsInput.texts(
                        input.path("tags").isMissingNode()
                                ? input.path("Tags")
                                : input.path("tags"));
        TagRules.require(tags, SqsErrors::invalidParameter);
        requireTags(tags.size());
        var made = new SqsQueue(clock, name, arn, attributes);
        made.tags().putAll(tags);
        var there = queues.add(made);
        if (there != null) {
            attributes.forEach(
                    (attribute, value) -> {
                        if (!SqsQueueAttributes.areEquivalent(
                                attribute, value, there.attribute(attribute))) {
                            throw SqsErrors.queueExists(attribute);
                        }
                    });
        }
        return JSON.createObjectNode().put("QueueUrl", SqsQueueDirectory.url(name, context));
    }

    /// `perMessageGroupId` requires deduplication per message group.
    private static void requireThroughputLimit(
            Map<String, String> changes, Map<String, String> current) {
        var all = new LinkedHashMap<>(current);
        all.putAll(changes);
        var limit = all.getOrDefault(SqsQueueAttributes.THROUGHPUT_LIMIT, "");
        if (limit.equals("perMessageGroupId")
                && !"messageGroup".equals(all.get(SqsQueueAttributes.DEDUPLICATION_SCOPE))) {
            throw SqsErrors.invalidParameter(
                    SqsQueueAttributes.THROUGHPUT_LIMIT,
                    limit,
                    "The perMessageGroupId value is allowed only when the value for DeduplicationScope is messageGroup.");
        }
    }

    private void requireDeadLetterQueue(
            Map<String, String> attributes, String sourceArn, boolean fifo) {
        var redrive = SqsQueueAttributes.redrive(attributes.get(SqsQueueAttributes.REDRIVE));
        if (redrive == null) {
            return;
        }
        var policy = attributes.getOrDefault(SqsQueueAttributes.REDRIVE, "");
        var target = queues.find(redrive.arn());
        if (target == null) {
            throw SqsErrors.invalidParameter(
                    SqsQueueAttributes.REDRIVE, policy, "Dead letter target does not exist.");
        }
        if (target.fifo() != fifo) {
            throw SqsErrors.invalidParameter(
                    SqsQueueAttributes.REDRIVE,
                    policy,
                    "Dead-letter queue must be same type of queue as the source.");
        }
        if (!SqsQueueAttributes.allowsRedrive(
                target.attribute(SqsQueueAttributes.REDRIVE_ALLOW), sourceArn)) {
            throw SqsErrors.invalidParameter(
                    SqsQueueAttributes.REDRIVE,
                    policy,
                    "The dead-letter queue's RedriveAllowPolicy does not allow this source queue.");
        }
    }

    ObjectNode deleteQueue(ObjectNode input) {
        var queue = queues.fromUrl(input);
        queues.remove(queue);
        queue.close();
        return JSON.createObjectNode();
    }

    ObjectNode listQueues(ObjectNode input, RequestContext context) {
        var prefix = input.path("QueueNamePrefix").asString("");
        return page(
                input,
                "QueueUrls",
                queues.all().stream().filter(queue -> queue.name().startsWith(prefix)).toList(),
                context);
    }

    ObjectNode listSources(ObjectNode input, RequestContext context) {
        var target = queues.fromUrl(input);
        return page(input, "queueUrls", queues.sourcesOf(target), context);
    }

    /// `NextToken` is returned only when the request sets `MaxResults`.
    private static ObjectNode page(
            ObjectNode input, String member, List<SqsQueue> all, RequestContext context) {
        var maxResults = SqsInput.integer(input, "MaxResults");
        if (maxResults != null && (maxResults < 1 || maxResults > MOST_LISTED)) {
            throw SqsErrors.invalidParameter(
                    "Value for parameter MaxResults is invalid. Reason: MaxResults must be an integer between 1 and 1000.");
        }
        ResultPage<SqsQueue> page;
        try {
            page =
                    ResultPage.of(
                            "sqs:" + member,
                            all,
                            SqsQueue::name,
                            input.path("NextToken").asString(""),
                            maxResults == null ? MOST_LISTED : maxResults);
        } catch (IllegalArgumentException _) {
            throw SqsErrors.invalidParameter("Invalid or expired next token.");
        }
        var answer = JSON.createObjectNode();
        if (!page.items().isEmpty()) {
            var urls = answer.putArray(member);
            page.items().forEach(queue -> urls.add(SqsQueueDirectory.url(queue.name(), context)));
        }
        if (maxResults != null && page.nextToken() != null) {
            answer.put("NextToken", page.nextToken());
        }
        return answer;
    }

    ObjectNode getAttributes(ObjectNode input) {
        var queue = queues.fromUrl(input);
        var names = SqsInput.strings(input, "AttributeNames");
        var answer = JSON.createObjectNode();
        for (var name : names) {
            if (!name.equals("All") && !SqsQueueAttributes.isKnown(name)) {
                throw SqsErrors.unknownAttribute(name);
            }
        }
        var found = JSON.createObjectNode();
        queue.describe()
                .forEach(
                        (name, value) -> {
                            if (names.contains("All") || names.contains(name)) {
                                found.put(name, value);
                            }
                        });
        if (!found.isEmpty()) {
            answer.set("Attributes", found);
        }
        return answer;
    }

    ObjectNode setAttributes(ObjectNode input) {
        var queue = queues.fromUrl(input);
        if (input.path("Attributes").isEmpty()) {
            throw SqsErrors.missingParameter("Attribute.Name");
        }
        if (input.path("Attributes").has(SqsQueueAttributes.FIFO)) {
            throw SqsErrors.unknownAttribute(SqsQueueAttributes.FIFO);
        }
        var attributes = SqsQueueAttributes.read(input.path("Attributes"), queue.fifo());
        requireThroughputLimit(
                attributes,
                Map.of(
                        SqsQueueAttributes.DEDUPLICATION_SCOPE,
                        Objects.requireNonNullElse(
                                queue.attribute(SqsQueueAttributes.DEDUPLICATION_SCOPE), ""),
                        SqsQueueAttributes.THROUGHPUT_LIMIT,
                        Objects.requireNonNullElse(
                                queue.attribute(SqsQueueAttributes.THROUGHPUT_LIMIT), "")));
        requireDeadLetterQueue(attributes, queue.arn(), queue.fifo());
        queue.updateAttributes(attributes);
        return JSON.createObjectNode();
    }

    ObjectNode addPermission(ObjectNode input) {
        var queue = queues.fromUrl(input);
        var label = SqsInput.required(input, "Label");
        var accounts = SqsInput.strings(input, "AWSAccountIds");
        var actions = SqsInput.strings(input, "Actions");
        if (accounts.isEmpty()) {
            throw SqsErrors.missingParameter("AWSAccountIds");
        }
        if (actions.isEmpty()) {
            throw SqsErrors.missingParameter("Actions");
        }
        requirePermission(label, accounts, actions);
        var policy = policyOf(queue);
        var statements = policy.withArray("Statement");
        if (statements.valueStream().anyMatch(s -> s.path("Sid").asString("").equals(label))) {
            throw SqsErrors.invalidParameter("Label", label, "Already exists.");
        }
        var statement = statements.addObject();
        statement.put("Sid", label).put("Effect", "Allow");
        oneOrMore(
                statement.putObject("Principal"),
                "AWS",
                accounts.stream().map(account -> "arn:aws:iam::" + account + ":root").toList());
        oneOrMore(statement, "Action", actions.stream().map(action -> "SQS:" + action).toList());
        statement.put("Resource", queue.arn());
        queue.updateAttributes(Map.of(SqsQueueAttributes.POLICY, policy.toString()));
        return JSON.createObjectNode();
    }

    /// Checks the limits of [AddPermission][1].
    ///
    /// [1]:
    /// https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_AddPermission.html
    private static void requirePermission(
            String label, List<String> accounts, List<String> actions) {
        if (!STANDARD_NAME.matcher(label).matches()) {
            throw SqsErrors.invalidParameter(
                    "Label",
                    label,
                    "Can only include alphanumeric characters, hyphens, or underscores. 1 to 80 in length.");
        }
        for (var account : accounts) {
            if (!SqsQueueDirectory.ACCOUNT_ID.matcher(account).matches()) {
                throw SqsErrors.invalidParameter("PrincipalId", account, "Unable to verify.");
            }
        }
        if (actions.size() > MOST_ACTIONS) {
            throw AwsErrorException.of(
                    403,
                    "OverLimit",
                    "OverLimit",
                    "%d Actions were found, maximum allowed is %d."
                            .formatted(actions.size(), MOST_ACTIONS));
        }
        for (var action : actions) {
            if (!SHARED_ACTIONS.contains(action)) {
                throw SqsErrors.invalidParameter(
                        "ActionName",
                        action,
                        "Please refer to the appropriate WSDL for a list of valid actions.");
            }
        }
    }

    ObjectNode removePermission(ObjectNode input) {
        var queue = queues.fromUrl(input);
        var label = SqsInput.required(input, "Label");
        var policy = policyOf(queue);
        var kept = JSON.createArrayNode();
        for (var statement : policy.path("Statement")) {
            if (!statement.path("Sid").asString("").equals(label)) {
                kept.add(statement);
            }
        }
        if (kept.size() == policy.path("Statement").size()) {
            throw SqsErrors.invalidParameter(
                    "Label", label, "can't find label on existing policy.");
        }
        policy.set("Statement", kept);
        queue.updateAttributes(
                Map.of(SqsQueueAttributes.POLICY, kept.isEmpty() ? "" : policy.toString()));
        return JSON.createObjectNode();
    }

    private static ObjectNode policyOf(SqsQueue queue) {
        var policy = queue.attribute(SqsQueueAttributes.POLICY);
        if (policy != null && JSON.readTree(policy) instanceof ObjectNode there) {
            if (there.path("Statement") instanceof ObjectNode only) {
                there.putArray("Statement").add(only);
            }
            return there;
        }
        return JSON.createObjectNode()
                .put("Version", "2008-10-17")
                .put("Id", queue.arn() + "/SQSDefaultPolicy");
    }

    private static void oneOrMore(ObjectNode into, String member, List<String> values) {
        if (values.size() == 1) {
            into.put(member, values.getFirst());
        } else {
            values.forEach(into.putArray(member)::add);
        }
    }

    ObjectNode tag(ObjectNode input) {
        var queue = queues.fromUrl(input);
        var tags = SqsInput.texts(input.path("Tags"));
        if (tags.isEmpty()) {
            throw SqsErrors.missingParameter("Tags");
        }
        var all = new HashSet<>(queue.tags().keySet());
        all.addAll(tags.keySet());
        TagRules.require(tags, SqsErrors::invalidParameter);
        requireTags(all.size());
        queue.tags().putAll(tags);
        return JSON.createObjectNode();
    }

    private static void requireTags(int count) {
        if (count > MOST_TAGS) {
            throw SqsErrors.invalidParameter("Too many tags added for queue. Maximum is 50.");
        }
    }

    ObjectNode untag(ObjectNode input) {
        var queue = queues.fromUrl(input);
        var keys = SqsInput.strings(input, "TagKeys");
        if (keys.isEmpty()) {
            throw SqsErrors.missingParameter("TagKeys");
        }
        queue.tags().keySet().removeAll(keys);
        return JSON.createObjectNode();
    }

    ObjectNode listTags(ObjectNode input) {
        var queue = queues.fromUrl(input);
        var answer = JSON.createObjectNode();
        Map.copyOf(queue.tags()).entrySet().stream()
                .sorted(Map.Entry.comparingByKey())
                .forEach(tag -> answer.withObject("/Tags").put(tag.getKey(), tag.getValue()));
        return answer;
    }
}
