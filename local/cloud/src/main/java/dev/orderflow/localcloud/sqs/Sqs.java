package dev.orderflow.localcloud.sqs;

import dev.orderflow.localcloud.ports.QueuePort;
import dev.orderflow.localcloud.sqs.SqsMessage.SqsMessageContent;
import dev.orderflow.localcloud.time.CloudClock;
import dev.orderflow.localcloud.wire.AwsErrorException;
import dev.orderflow.localcloud.wire.AwsProtocol;
import dev.orderflow.localcloud.wire.AwsRequest;
import dev.orderflow.localcloud.wire.AwsService;
import dev.orderflow.localcloud.wire.HttpGateway;
import dev.orderflow.localcloud.wire.RequestContext;
import dev.orderflow.localcloud.wire.TagRules;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// The SQS API.
public final class Sqs implements AwsService, HttpGateway.DiagnosticPage, QueuePort, AutoCloseable {

    private static final JsonMapper JSON = JsonMapper.shared();

    private static final int MOST_IN_A_BATCH = 10;
    private static final int LARGEST_BATCH = 1_048_576;
    private static final int LONGEST_INVISIBILITY = 43_200;
    private static final int LONGEST_DELAY = 900;
    private static final int LONGEST_POLL_SECONDS = 20;
    private static final int MOST_LISTED = 1_000;
    private static final int MOST_TAGS = 50;

    private static final Pattern STANDARD_NAME = Pattern.compile("[A-Za-z0-9_-]{1,80}");
    private static final Pattern FIFO_NAME = Pattern.compile("[A-Za-z0-9_-]{1,75}\\.fifo");
    private static final Pattern ENTRY_ID = Pattern.compile("[A-Za-z0-9_-]{1,80}");
    private static final Pattern GROUP_ID =
            Pattern.compile("[A-Za-z0-9!\"#$%&'()*+,\\-./:;<=>?@\\[\\\\\\]^_`{|}~]{1,128}");

    /// The sender id that receivers see.
    private static final String SENDER = "AIDAIT2UOQQY3AUEKVGXU";

    private static final List<String> MESSAGE_ATTRIBUTES =
            List.of(
                    "SenderId",
                    "SentTimestamp",
                    "ApproximateReceiveCount",
                    "ApproximateFirstReceiveTimestamp",
                    "SequenceNumber",
                    "MessageDeduplicationId",
                    "MessageGroupId",
                    "AWSTraceHeader",
                    "DeadLetterQueueSourceArn");

    private final Map<String, LongAdder> requests = new ConcurrentSkipListMap<>();
    private final CloudClock clock;
    private final Map<String, SqsQueue> queues = new ConcurrentSkipListMap<>();
    private final MessageMoveTasks moves;
    private volatile boolean closed;

    public Sqs(CloudClock clock) {
        this.clock = clock;
        this.moves = new MessageMoveTasks(clock, arn -> queues.get(queueName(arn)));
    }

    @Override
    public String signingName() {
        return "sqs";
    }

    @Override
    public ObjectNode handle(AwsRequest request) {
        var input = request.input();
        if (request.protocol() == AwsProtocol.QUERY) {
            input = SqsQueryParameters.toJson(input);
        }
        SqsRequestShapes.require(request.operation(), input, request.protocol());
        var context = request.context();
        var answer =
                switch (request.operation()) {
                    case "CreateQueue" -> createQueue(input, context);
                    case "DeleteQueue" -> deleteQueue(input);
                    case "GetQueueUrl" ->
                            JSON.createObjectNode()
                                    .put("QueueUrl", url(byName(input).name(), context));
                    case "ListQueues" -> listQueues(input, context);
                    case "ListDeadLetterSourceQueues" -> listSources(input, context);
                    case "GetQueueAttributes" -> getAttributes(input);
                    case "SetQueueAttributes" -> setAttributes(input);
                    case "AddPermission" -> addPermission(input);
                    case "RemovePermission" -> removePermission(input);
                    case "TagQueue" -> tag(input);
                    case "UntagQueue" -> untag(input);
                    case "ListQueueTags" -> listTags(input);
                    case "PurgeQueue" -> {
                        queue(input).purge();
                        yield JSON.createObjectNode();
                    }
                    case "SendMessage" -> send(queue(input), input);
                    case "SendMessageBatch" -> sendBatch(input);
                    case "ReceiveMessage" -> receive(input);
                    case "DeleteMessage" -> {
                        queue(input).delete(required(input, "ReceiptHandle"));
                        yield JSON.createObjectNode();
                    }
                    case "DeleteMessageBatch" -> {
                        var queue = queue(input);
                        yield batch(
                                input,
                                "DeleteMessageBatch",
                                entry -> {
                                    queue.delete(required(entry, "ReceiptHandle"));
                                    return JSON.createObjectNode();
                                });
                    }
                    case "ChangeMessageVisibility" -> changeVisibility(queue(input), input);
                    case "ChangeMessageVisibilityBatch" -> {
                        var queue = queue(input);
                        yield batch(
                                input,
                                "ChangeMessageVisibilityBatch",
                                entry -> changeVisibility(queue, entry));
                    }
                    case "StartMessageMoveTask" -> startMove(input);
                    case "CancelMessageMoveTask" ->
                            JSON.createObjectNode()
                                    .put(
                                            "ApproximateNumberOfMessagesMoved",
                                            moves.cancel(required(input, "TaskHandle")));
                    case "ListMessageMoveTasks" -> listMoves(input);
                    default ->
                            throw request.protocol() == AwsProtocol.QUERY
                                    ? AwsErrorException.client(
                                            "InvalidAction",
                                            "The action %s is not valid for this endpoint."
                                                    .formatted(request.operation()))
                                    : AwsErrorException.unknownOperation(request.operation());
                };
        boolean nothing = request.operation().equals("ReceiveMessage") && !answer.has("Messages");
        count(nothing ? "EmptyReceive" : request.operation());
        return answer;
    }

    // Queues

    private ObjectNode createQueue(ObjectNode input, RequestContext context) {
        var name = required(input, "QueueName");
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
        requireDeadLetterQueue(attributes, arn, fifo);
        var tags =
                texts(input.path("tags").isMissingNode() ? input.path("Tags") : input.path("tags"));
        TagRules.require(tags, SqsErrors::invalidParameter);
        requireTags(tags.size());
        var made = new SqsQueue(clock, name, arn, attributes);
        made.tags().putAll(tags);
        var there = queues.putIfAbsent(name, made);
        if (there != null) {
            attributes.forEach(
                    (attribute, value) -> {
                        if (!SqsQueueAttributes.areEquivalent(
                                attribute, value, there.attribute(attribute))) {
                            throw SqsErrors.queueExists(attribute);
                        }
                    });
        }
        return JSON.createObjectNode().put("QueueUrl", url(name, context));
    }

    private void requireDeadLetterQueue(
            Map<String, String> attributes, String sourceArn, boolean fifo) {
        var redrive = SqsQueueAttributes.redrive(attributes.get(SqsQueueAttributes.REDRIVE));
        if (redrive == null) {
            return;
        }
        var policy = attributes.getOrDefault(SqsQueueAttributes.REDRIVE, "");
        var target = queues.get(queueName(redrive.arn()));
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

    private ObjectNode deleteQueue(ObjectNode input) {
        var queue = queue(input);
        queues.remove(queue.name(), queue);
        queue.close();
        return JSON.createObjectNode();
    }

    private ObjectNode listQueues(ObjectNode input, RequestContext context) {
        var prefix = input.path("QueueNamePrefix").asString("");
        return page(
                input,
                "QueueUrls",
                queues.values().stream().filter(queue -> queue.name().startsWith(prefix)).toList(),
                context);
    }

    private ObjectNode listSources(ObjectNode input, RequestContext context) {
        var target = queue(input);
        return page(input, "queueUrls", sourcesOf(target), context);
    }

    private List<SqsQueue> sourcesOf(SqsQueue target) {
        return queues.values().stream()
                .filter(
                        queue -> {
                            var redrive = queue.redrive();
                            return redrive != null && redrive.arn().equals(target.arn());
                        })
                .toList();
    }

    /// `NextToken` is returned only when the request sets `MaxResults`.
    private static ObjectNode page(
            ObjectNode input, String member, List<SqsQueue> all, RequestContext context) {
        var asked = integer(input, "MaxResults");
        if (asked != null && (asked < 1 || asked > MOST_LISTED)) {
            throw SqsErrors.invalidParameter(
                    "Value for parameter MaxResults is invalid. Reason: MaxResults must be an integer between 1 and 1000.");
        }
        int most = asked == null ? MOST_LISTED : asked;
        var after = token(input.path("NextToken").asString(""));
        var left = all.stream().filter(queue -> queue.name().compareTo(after) > 0).toList();
        var answer = JSON.createObjectNode();
        var page = left.subList(0, Math.min(most, left.size()));
        if (!page.isEmpty()) {
            var urls = answer.putArray(member);
            page.forEach(queue -> urls.add(url(queue.name(), context)));
        }
        if (asked != null && page.size() < left.size()) {
            answer.put(
                    "NextToken",
                    Base64.getEncoder()
                            .encodeToString(
                                    page.getLast().name().getBytes(StandardCharsets.UTF_8)));
        }
        return answer;
    }

    private static String token(String token) {
        try {
            return new String(Base64.getDecoder().decode(token), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException _) {
            throw SqsErrors.invalidParameter("Invalid or expired next token.");
        }
    }

    private ObjectNode getAttributes(ObjectNode input) {
        var queue = queue(input);
        var names = strings(input, "AttributeNames");
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

    private ObjectNode setAttributes(ObjectNode input) {
        var queue = queue(input);
        if (input.path("Attributes").isEmpty()) {
            throw SqsErrors.missingParameter("Attribute.Name");
        }
        if (input.path("Attributes").has(SqsQueueAttributes.FIFO)) {
            throw SqsErrors.unknownAttribute(SqsQueueAttributes.FIFO);
        }
        var attributes = SqsQueueAttributes.read(input.path("Attributes"), queue.fifo());
        requireDeadLetterQueue(attributes, queue.arn(), queue.fifo());
        queue.updateAttributes(attributes);
        return JSON.createObjectNode();
    }

    // Permissions

    private ObjectNode addPermission(ObjectNode input) {
        var queue = queue(input);
        var label = required(input, "Label");
        var accounts = strings(input, "AWSAccountIds");
        var actions = strings(input, "Actions");
        if (accounts.isEmpty()) {
            throw SqsErrors.missingParameter("AWSAccountIds");
        }
        if (actions.isEmpty()) {
            throw SqsErrors.missingParameter("Actions");
        }
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

    private ObjectNode removePermission(ObjectNode input) {
        var queue = queue(input);
        var label = required(input, "Label");
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

    // Tags

    private ObjectNode tag(ObjectNode input) {
        var queue = queue(input);
        var tags = texts(input.path("Tags"));
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

    private ObjectNode untag(ObjectNode input) {
        var queue = queue(input);
        var keys = strings(input, "TagKeys");
        if (keys.isEmpty()) {
            throw SqsErrors.missingParameter("TagKeys");
        }
        queue.tags().keySet().removeAll(keys);
        return JSON.createObjectNode();
    }

    private ObjectNode listTags(ObjectNode input) {
        var queue = queue(input);
        var answer = JSON.createObjectNode();
        Map.copyOf(queue.tags()).entrySet().stream()
                .sorted(Map.Entry.comparingByKey())
                .forEach(tag -> answer.withObject("/Tags").put(tag.getKey(), tag.getValue()));
        return answer;
    }

    // Messages

    private ObjectNode send(SqsQueue queue, ObjectNode input) {
        var body = requiredBody(input);
        var content = content(queue, input, body);
        requireSize(queue, size(content));
        var delay = integer(input, SqsQueueAttributes.DELAY);
        if (delay != null) {
            if (delay < 0 || delay > LONGEST_DELAY) {
                throw SqsErrors.invalidParameter(
                        SqsQueueAttributes.DELAY, delay, "DelaySeconds must be >= 0 and <= 900.");
            }
            if (queue.fifo() && delay > 0) {
                throw SqsErrors.invalidParameter(
                        SqsQueueAttributes.DELAY,
                        delay,
                        "The request include parameter that is not valid for this queue type.");
            }
        }
        var sent = queue.send(content, queue.fifo() ? null : delay);
        var answer =
                JSON.createObjectNode()
                        .put("MessageId", sent.messageId())
                        .put("MD5OfMessageBody", SqsMessageAttributes.md5(body));
        if (!content.attributes().isEmpty()) {
            answer.put("MD5OfMessageAttributes", SqsMessageAttributes.md5(content.attributes()));
        }
        if (!content.systemAttributes().isEmpty()) {
            answer.put(
                    "MD5OfMessageSystemAttributes",
                    SqsMessageAttributes.md5(content.systemAttributes()));
        }
        if (sent.sequenceNumber() != null) {
            answer.put("SequenceNumber", sent.sequenceNumber());
        }
        return answer;
    }

    private static String requiredBody(ObjectNode input) {
        var body = required(input, "MessageBody");
        if (!SqsMessageAttributes.isValidText(body)) {
            throw SqsErrors.invalidContents();
        }
        return body;
    }

    private static SqsMessageContent content(SqsQueue queue, ObjectNode input, String body) {
        var group = input.path("MessageGroupId").asString(null);
        var deduplication = input.path("MessageDeduplicationId").asString(null);
        if (group != null && !GROUP_ID.matcher(group).matches()) {
            throw SqsErrors.invalidParameter(
                    "MessageGroupId",
                    group,
                    "MessageGroupId can only include alphanumeric and punctuation characters. 1 to 128 in length.");
        }
        if (deduplication != null) {
            if (!queue.fifo()) {
                throw SqsErrors.invalidParameter(
                        "MessageDeduplicationId",
                        deduplication,
                        "The request include parameter that is not valid for this queue type.");
            }
            if (!GROUP_ID.matcher(deduplication).matches()) {
                throw SqsErrors.invalidParameter(
                        "MessageDeduplicationId",
                        deduplication,
                        "MessageDeduplicationId can only include alphanumeric and punctuation characters. 1 to 128 in length.");
            }
        }
        if (queue.fifo()) {
            if (group == null) {
                throw SqsErrors.missingParameter("MessageGroupId");
            }
            if (deduplication == null
                    && !"true".equals(queue.attribute(SqsQueueAttributes.CONTENT_DEDUPLICATION))) {
                throw SqsErrors.invalidParameter(
                        "The queue should either have ContentBasedDeduplication enabled or MessageDeduplicationId provided explicitly");
            }
        }
        return new SqsMessageContent(
                body,
                SqsMessageAttributes.read(input.path("MessageAttributes")),
                SqsMessageAttributes.readSystem(input.path("MessageSystemAttributes")),
                group,
                deduplication);
    }

    private static int size(SqsMessageContent content) {
        return content.body().getBytes(StandardCharsets.UTF_8).length
                + SqsMessageAttributes.size(content.attributes());
    }

    private static void requireSize(SqsQueue queue, int size) {
        int most =
                Integer.parseInt(
                        String.valueOf(queue.attribute(SqsQueueAttributes.LARGEST_MESSAGE)));
        if (size > most) {
            throw SqsErrors.invalidParameter(
                    "One or more parameters are invalid. Reason: Message must be shorter than %d bytes."
                            .formatted(most));
        }
    }

    private ObjectNode sendBatch(ObjectNode input) {
        var queue = queue(input);
        var entries = entries(input, "SendMessageBatch");
        long size = 0;
        for (var entry : entries) {
            size += entry.path("MessageBody").asString("").getBytes(StandardCharsets.UTF_8).length;
            for (var attribute : entry.path("MessageAttributes").properties()) {
                size += attribute.getKey().length();
                for (var part : attribute.getValue()) {
                    size += part.isString() ? part.stringValue().length() : 0;
                }
            }
        }
        if (size > LARGEST_BATCH) {
            throw SqsErrors.named(
                    "BatchRequestTooLong",
                    "Batch requests cannot be longer than %d bytes. You have sent %d bytes."
                            .formatted(LARGEST_BATCH, size));
        }
        if (queue.fifo()) {
            // AWS rejects the whole request, not the entry.
            for (var entry : entries) {
                if (!entry.path("MessageGroupId").isString()) {
                    throw SqsErrors.missingParameter("MessageGroupId");
                }
            }
        }
        return batch(input, "SendMessageBatch", entry -> send(queue, entry));
    }

    private static List<ObjectNode> entries(ObjectNode input, String operation) {
        var entries = new ArrayList<ObjectNode>();
        for (var entry : input.path("Entries")) {
            if (entry instanceof ObjectNode structure) {
                entries.add(structure);
            }
        }
        if (entries.isEmpty()) {
            throw SqsErrors.named(
                    "EmptyBatchRequest",
                    "There should be at least one %sRequestEntry in the request."
                            .formatted(operation));
        }
        if (entries.size() > MOST_IN_A_BATCH) {
            throw SqsErrors.named(
                    "TooManyEntriesInBatchRequest",
                    "Maximum number of entries per request are %d. You have sent %d."
                            .formatted(MOST_IN_A_BATCH, entries.size()));
        }
        var ids = new HashSet<String>();
        for (var entry : entries) {
            var id = required(entry, "Id");
            if (!ENTRY_ID.matcher(id).matches()) {
                throw SqsErrors.named(
                        "InvalidBatchEntryId",
                        "A batch entry id can only contain alphanumeric characters, hyphens and underscores. It can be at most 80 letters long.");
            }
            if (!ids.add(id)) {
                throw SqsErrors.named("BatchEntryIdsNotDistinct", "Id " + id + " repeated.");
            }
        }
        return entries;
    }

    private static ObjectNode batch(
            ObjectNode input, String operation, Function<ObjectNode, ObjectNode> call) {
        var successful = JSON.createArrayNode();
        var failed = JSON.createArrayNode();
        for (var entry : entries(input, operation)) {
            var id = entry.path("Id").asString();
            try {
                var done = call.apply(entry);
                var result = successful.addObject().put("Id", id);
                done.properties().forEach(member -> result.set(member.getKey(), member.getValue()));
            } catch (AwsErrorException refused) {
                failed.addObject()
                        .put("Id", id)
                        .put("SenderFault", true)
                        .put("Code", refused.code())
                        .put("Message", String.valueOf(refused.getMessage()));
            }
        }
        var answer = JSON.createObjectNode();
        putUnlessEmpty(answer, "Successful", successful);
        putUnlessEmpty(answer, "Failed", failed);
        return answer;
    }

    private static void putUnlessEmpty(ObjectNode answer, String member, ArrayNode list) {
        if (!list.isEmpty()) {
            answer.set(member, list);
        }
    }

    private ObjectNode receive(ObjectNode input) {
        var queue = queue(input);
        var most = integer(input, "MaxNumberOfMessages");
        if (most != null && (most < 1 || most > MOST_IN_A_BATCH)) {
            throw SqsErrors.invalidParameter(
                    "MaxNumberOfMessages", most, "Must be between 1 and 10, if provided.");
        }
        var wait = integer(input, "WaitTimeSeconds");
        if (wait != null && (wait < 0 || wait > LONGEST_POLL_SECONDS)) {
            throw SqsErrors.invalidParameter(
                    "WaitTimeSeconds", wait, "Must be >= 0 and <= 20, if provided.");
        }
        var visibility = integer(input, SqsQueueAttributes.VISIBILITY);
        if (visibility != null && (visibility < 0 || visibility > LONGEST_INVISIBILITY)) {
            throw SqsErrors.invalidParameter(
                    SqsQueueAttributes.VISIBILITY,
                    visibility,
                    "Must be >= 0 and <= 43200, if provided.");
        }
        var system = new HashSet<>(strings(input, "AttributeNames"));
        system.addAll(strings(input, "MessageSystemAttributeNames"));
        for (var name : system) {
            if (!name.equals("All") && !MESSAGE_ATTRIBUTES.contains(name)) {
                throw SqsErrors.unknownAttribute(name);
            }
        }
        var wanted = strings(input, "MessageAttributeNames");
        var answer = JSON.createObjectNode();
        for (var message :
                receive(
                        queue,
                        most == null ? 1 : most,
                        visibility,
                        wait == null
                                ? Integer.parseInt(
                                        String.valueOf(queue.attribute(SqsQueueAttributes.WAIT)))
                                : wait)) {
            describe(
                    queue,
                    message,
                    name -> system.contains("All") || system.contains(name),
                    wanted,
                    answer.withArray("/Messages").addObject());
        }
        return answer;
    }

    private List<SqsMessage> receive(
            SqsQueue queue, int most, @Nullable Integer visibility, int waitSeconds) {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(waitSeconds);
        while (true) {
            if (closed) {
                return List.of();
            }
            var received = queue.receive(most, visibility, deadline);
            if (!received.exhausted().isEmpty()) {
                deadLetter(queue, received.exhausted());
            }
            if (!received.messages().isEmpty() || received.exhausted().isEmpty()) {
                if (received.messages().isEmpty()) {
                    queue.emptyReceives.increment();
                }
                return received.messages();
            }
        }
    }

    /// Without the lock of the source queue: a dead-letter queue may have its own dead-letter
    /// queue.
    private void deadLetter(SqsQueue source, List<SqsMessage> exhausted) {
        var redrive = source.redrive();
        var target = redrive == null ? null : queues.get(queueName(redrive.arn()));
        for (var message : exhausted) {
            if (target == null) {
                source.restore(message);
            } else {
                target.addDeadLetter(message, source.arn());
            }
        }
    }

    private static void describe(
            SqsQueue queue,
            SqsMessage message,
            Predicate<String> wantsSystem,
            List<String> wanted,
            ObjectNode into) {
        var content = message.content;
        into.put("MessageId", message.id)
                .put("ReceiptHandle", queue.receiptHandle(message))
                .put("MD5OfBody", SqsMessageAttributes.md5(content.body()))
                .put("Body", content.body());
        var system = systemAttributes(queue, message);
        system.keySet().removeIf(wantsSystem.negate());
        if (!system.isEmpty()) {
            var attributes = into.putObject("Attributes");
            system.forEach(attributes::put);
        }
        var attributes = new LinkedHashMap<String, JsonNode>();
        content.attributes()
                .forEach(
                        (name, value) -> {
                            if (isWanted(name, wanted)) {
                                attributes.put(name, value);
                            }
                        });
        if (!attributes.isEmpty()) {
            into.put("MD5OfMessageAttributes", SqsMessageAttributes.md5(attributes));
            var all = into.putObject("MessageAttributes");
            attributes.forEach(all::set);
        }
    }

    private static boolean isWanted(String name, List<String> wanted) {
        return wanted.stream()
                .anyMatch(
                        pattern ->
                                pattern.equals("All")
                                        || pattern.equals(name)
                                        || pattern.endsWith(".*")
                                                && name.startsWith(
                                                        pattern.substring(
                                                                0, pattern.length() - 2)));
    }

    private static Map<String, String> systemAttributes(SqsQueue queue, SqsMessage message) {
        var content = message.content;
        var all = new LinkedHashMap<String, String>();
        all.put("SenderId", SENDER);
        all.put("SentTimestamp", Long.toString(message.sentMillis));
        all.put("ApproximateReceiveCount", Integer.toString(message.receiveCount));
        all.put("ApproximateFirstReceiveTimestamp", Long.toString(message.firstReceivedMillis));
        if (queue.fifo()) {
            all.put("SequenceNumber", SqsQueue.sequenceNumber(message));
            all.put(
                    "MessageDeduplicationId",
                    content.deduplicationId() == null
                            ? SqsMessageAttributes.sha256(content.body())
                            : content.deduplicationId());
        }
        if (content.groupId() != null) {
            all.put("MessageGroupId", content.groupId());
        }
        content.systemAttributes()
                .forEach((name, value) -> all.put(name, value.path("StringValue").asString()));
        if (message.deadLetterSourceArn != null) {
            all.put("DeadLetterQueueSourceArn", message.deadLetterSourceArn);
        }
        return all;
    }

    private static ObjectNode changeVisibility(SqsQueue queue, ObjectNode input) {
        var handle = required(input, "ReceiptHandle");
        var seconds = integer(input, SqsQueueAttributes.VISIBILITY);
        if (seconds == null) {
            throw SqsErrors.missingParameter(SqsQueueAttributes.VISIBILITY);
        }
        if (seconds < 0 || seconds > LONGEST_INVISIBILITY) {
            throw SqsErrors.invalidParameter(
                    SqsQueueAttributes.VISIBILITY,
                    seconds,
                    "VisibilityTimeout must be an integer between 0 and 43200.");
        }
        queue.changeVisibility(handle, seconds);
        return JSON.createObjectNode();
    }

    // Moves

    private ObjectNode startMove(ObjectNode input) {
        var sourceArn = required(input, "SourceArn");
        var source = byArn(sourceArn, "SourceArn");
        var destination = input.path("DestinationArn").asString(null);
        if (destination != null) {
            byArn(destination, "DestinationArn");
            if (destination.equals(sourceArn)) {
                throw SqsErrors.invalidParameter(
                        "Source queue arn and destination queue arn cannot be the same.");
            }
        }
        if (sourcesOf(source).isEmpty()) {
            throw SqsErrors.invalidParameter(
                    "Source queue must be configured as a Dead Letter Queue.");
        }
        var perSecond = integer(input, "MaxNumberOfMessagesPerSecond");
        if (perSecond != null && (perSecond < 1 || perSecond > 500)) {
            throw SqsErrors.invalidParameter(
                    "Value for parameter MaxNumberOfMessagesPerSecond is invalid. Reason: You must specify a value between 1 and 500.");
        }
        return JSON.createObjectNode()
                .put("TaskHandle", moves.start(source, destination, perSecond));
    }

    private ObjectNode listMoves(ObjectNode input) {
        var source = byArn(required(input, "SourceArn"), "SourceArn");
        var most = integer(input, "MaxResults");
        if (most != null && (most < 1 || most > MOST_IN_A_BATCH)) {
            throw SqsErrors.invalidParameter(
                    "Value for parameter MaxResults is invalid. Reason: You must specify a value between 1 and 10.");
        }
        var answer = JSON.createObjectNode();
        for (var task : moves.findBySource(source.arn(), most == null ? 1 : most)) {
            var result = answer.withArray("/Results").addObject();
            if (task.status == MessageMoveTasks.MoveTaskStatus.RUNNING) {
                result.put("TaskHandle", task.handle);
            }
            result.put("Status", task.status.name()).put("SourceArn", task.sourceArn);
            if (task.destinationArn != null) {
                result.put("DestinationArn", task.destinationArn);
            }
            if (task.perSecond != null) {
                result.put("MaxNumberOfMessagesPerSecond", task.perSecond);
            }
            result.put("ApproximateNumberOfMessagesMoved", task.moved.get())
                    .put("ApproximateNumberOfMessagesToMove", task.toMove)
                    .put("StartedTimestamp", task.startedMillis);
            if (task.failure != null) {
                result.put("FailureReason", task.failure);
            }
        }
        return answer;
    }

    // Queue lookup

    private SqsQueue queue(ObjectNode input) {
        var url = required(input, "QueueUrl");
        String path;
        try {
            path = URI.create(url).getPath();
        } catch (IllegalArgumentException _) {
            throw SqsErrors.invalidAddress(url);
        }
        var steps = path == null ? new String[0] : path.split("/");
        if (steps.length < 3) {
            throw SqsErrors.invalidAddress(url);
        }
        return requireQueue(steps[steps.length - 1]);
    }

    private SqsQueue byName(ObjectNode input) {
        var account = input.path("QueueOwnerAWSAccountId").asString("");
        var name = required(input, "QueueName");
        if (!account.isEmpty() && !account.equals(HttpGateway.ACCOUNT)) {
            throw SqsErrors.noSuchQueue();
        }
        return requireQueue(name);
    }

    private SqsQueue byArn(String arn, String parameter) {
        var queue = queues.get(queueName(arn));
        if (queue == null || !arn.startsWith("arn:")) {
            throw SqsErrors.notFound(
                    "The resource that you specified for the %s parameter doesn't exist."
                            .formatted(parameter));
        }
        return queue;
    }

    private SqsQueue requireQueue(String name) {
        var queue = queues.get(name);
        if (queue == null) {
            throw SqsErrors.noSuchQueue();
        }
        return queue;
    }

    private static String url(String name, RequestContext context) {
        return context.endpoint() + "/" + HttpGateway.ACCOUNT + "/" + name;
    }

    private static String queueName(String queue) {
        return queue.substring(Math.max(queue.lastIndexOf(':'), queue.lastIndexOf('/')) + 1);
    }

    private static String required(ObjectNode input, String name) {
        var value = input.path(name).asString("");
        if (value.isEmpty()) {
            throw SqsErrors.missingParameter(name);
        }
        return value;
    }

    private static @Nullable Integer integer(ObjectNode input, String name) {
        var value = input.path(name);
        if (value.isMissingNode() || value.isNull()) {
            return null;
        }
        if (value.isInt()) {
            return value.intValue();
        }
        try {
            return Integer.valueOf(value.asString(""));
        } catch (NumberFormatException _) {
            throw SqsErrors.invalidParameter(name, value.asString(""), "Must be an integer.");
        }
    }

    private static List<String> strings(ObjectNode input, String name) {
        return input.path(name).valueStream().map(text -> text.asString("")).toList();
    }

    private static Map<String, String> texts(JsonNode map) {
        return map.properties().stream()
                .collect(
                        Collectors.toMap(
                                Map.Entry::getKey,
                                entry -> entry.getValue().asString(""),
                                (first, _) -> first,
                                LinkedHashMap::new));
    }

    // Calls of other services

    @Override
    public String send(
            String queueArn,
            String body,
            Map<String, String> attributes,
            @Nullable String messageGroupId) {
        var typed = new LinkedHashMap<String, TypedAttribute>();
        attributes.forEach((name, value) -> typed.put(name, new TypedAttribute("String", value)));
        return sendTyped(queueArn, body, typed, messageGroupId);
    }

    @Override
    public String sendTyped(
            String queueArn,
            String body,
            Map<String, TypedAttribute> attributes,
            @Nullable String messageGroupId) {
        var input = JSON.createObjectNode().put("MessageBody", body);
        if (messageGroupId != null) {
            input.put("MessageGroupId", messageGroupId);
        }
        attributes.forEach(
                (name, attribute) ->
                        input.withObject("/MessageAttributes")
                                .putObject(name)
                                .put("DataType", attribute.type())
                                .put(
                                        attribute.type().startsWith("Binary")
                                                ? "BinaryValue"
                                                : "StringValue",
                                        attribute.value()));
        return sendMessage(queueArn, input).path("MessageId").asString();
    }

    @Override
    public ObjectNode sendMessage(String queue, ObjectNode parameters) {
        var sent = send(requireQueue(queueName(queue)), parameters);
        count("SendMessage");
        return sent;
    }

    @Override
    public boolean exists(String queueArn) {
        return queues.containsKey(queueName(queueArn));
    }

    /// The metrics of a queue, sampled every minute.
    ///
    /// @param sent count since the previous sample, as are the other counts
    public record QueueSample(
            String name,
            int visible,
            int inFlight,
            int delayed,
            long ageSeconds,
            long sent,
            long received,
            long deleted,
            long emptyReceives) {}

    /// Samples all queues and resets their counts.
    public void sample(Consumer<QueueSample> reader) {
        for (var queue : queues.values()) {
            var depth = queue.depth();
            reader.accept(
                    new QueueSample(
                            queue.name(),
                            depth.visible(),
                            depth.inFlight(),
                            depth.delayed(),
                            depth.ageSeconds(),
                            queue.sent.sumThenReset(),
                            queue.received.sumThenReset(),
                            queue.deleted.sumThenReset(),
                            queue.emptyReceives.sumThenReset()));
        }
    }

    private void count(String operation) {
        requests.computeIfAbsent(operation, _ -> new LongAdder()).increment();
    }

    /// The number of successful requests by operation, as AWS would bill them: of clients and of
    /// other services. A receive without messages counts as `EmptyReceive`.
    @Override
    public JsonNode render(String method, String query) {
        var answer = JSON.createObjectNode();
        requests.forEach((operation, count) -> answer.put(operation, count.sum()));
        return answer;
    }

    /// Ends all waiting long polls with an empty response.
    @Override
    public void close() {
        closed = true;
        queues.values().forEach(SqsQueue::close);
        moves.close();
    }
}
