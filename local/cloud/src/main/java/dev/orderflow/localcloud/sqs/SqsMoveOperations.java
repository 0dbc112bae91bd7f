package dev.orderflow.localcloud.sqs;

import dev.orderflow.localcloud.time.CloudClock;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// The operations on message move tasks.
final class SqsMoveOperations implements AutoCloseable {

    private static final JsonMapper JSON = JsonMapper.shared();
    private static final int MOST_LISTED = 10;

    private final SqsQueueDirectory queues;
    private final MessageMoveTasks tasks;

    SqsMoveOperations(CloudClock clock, SqsQueueDirectory queues) {
        this.queues = queues;
        this.tasks = new MessageMoveTasks(clock, queues::find);
    }

    ObjectNode start(ObjectNode input) {
        var sourceArn = SqsInput.required(input, "SourceArn");
        var source = queues.byArn(sourceArn, "SourceArn");
        var destination = input.path("DestinationArn").asString(null);
        if (destination != null) {
            queues.byArn(destination, "DestinationArn");
            if (destination.equals(sourceArn)) {
                throw SqsErrors.invalidParameter(
                        "Source queue arn and destination queue arn cannot be the same.");
            }
        }
        if (queues.sourcesOf(source).isEmpty()) {
            throw SqsErrors.invalidParameter(
                    "Source queue must be configured as a Dead Letter Queue.");
        }
        var perSecond = SqsInput.integer(input, "MaxNumberOfMessagesPerSecond");
        if (perSecond != null && (perSecond < 1 || perSecond > 500)) {
            throw SqsErrors.invalidParameter(
                    "Value for parameter MaxNumberOfMessagesPerSecond is invalid. Reason: You must specify a value between 1 and 500.");
        }
        return JSON.createObjectNode()
                .put("TaskHandle", tasks.start(source, destination, perSecond));
    }

    ObjectNode list(ObjectNode input) {
        var source = queues.byArn(SqsInput.required(input, "SourceArn"), "SourceArn");
        var most = SqsInput.integer(input, "MaxResults");
        if (most != null && (most < 1 || most > MOST_LISTED)) {
            throw SqsErrors.invalidParameter(
                    "Value for parameter MaxResults is invalid. Reason: You must specify a value between 1 and 10.");
        }
        var answer = JSON.createObjectNode();
        for (var task : tasks.findBySource(source.arn(), most == null ? 1 : most)) {
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

    ObjectNode cancel(ObjectNode input) {
        return JSON.createObjectNode()
                .put(
                        "ApproximateNumberOfMessagesMoved",
                        tasks.cancel(SqsInput.required(input, "TaskHandle")));
    }

    @Override
    public void close() {
        tasks.close();
    }
}
