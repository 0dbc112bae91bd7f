package dev.orderflow.crashtests;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import software.amazon.awssdk.services.sfn.SfnClient;
import software.amazon.awssdk.services.sfn.model.ExecutionStatus;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sqs.model.Message;
import software.amazon.awssdk.services.sqs.model.QueueAttributeName;

/// Redrives dead letters and failed executions after the faults, as an operator does.
final class RedriveOperator implements AutoCloseable {

    /// A message or an execution that still fails after this many redrives is a violation.
    private static final int MAX_REDRIVES = 4;

    private final SqsClient sqs;
    private final SfnClient states;
    private final String stateMachineArn;
    private final List<String> queues = new ArrayList<>();
    private final Map<String, String> urls = new HashMap<>();
    private final Map<String, Integer> redriven = new HashMap<>();
    private final List<String> reasons = new ArrayList<>();
    private int messages;
    private int executions;

    RedriveOperator(ServiceProcesses serviceProcesses) {
        this.sqs = serviceProcesses.client(SqsClient.builder());
        this.states = serviceProcesses.client(SfnClient.builder());
        this.stateMachineArn = serviceProcesses.stateMachineArn();
        for (var url : sqs.listQueues().queueUrls()) {
            var name = url.substring(url.lastIndexOf('/') + 1);
            queues.add(name);
            urls.put(name, url);
        }
    }

    /// Queues with a consumer.
    private List<String> consumerQueues() {
        return queues.stream().filter(name -> urls.containsKey(name + "-dlq")).toList();
    }

    /// The number of waiting and in-flight messages in all queues with a consumer.
    int waitingMessages() {
        int depth = 0;
        for (var queue : consumerQueues()) {
            depth += depth(queue);
        }
        return depth;
    }

    /// The number of messages in each dead-letter queue that is not empty.
    Map<String, Integer> deadLetterCounts() {
        var dead = new HashMap<String, Integer>();
        for (var queue : queues) {
            if (queue.endsWith("-dlq") || queue.equals("undelivered-events")) {
                int depth = depth(queue);
                if (depth > 0) {
                    dead.put(queue, depth);
                }
            }
        }
        return dead;
    }

    private int depth(String queue) {
        return sqs
                .getQueueAttributes(
                        get ->
                                get.queueUrl(urls.get(queue))
                                        .attributeNames(
                                                QueueAttributeName.APPROXIMATE_NUMBER_OF_MESSAGES,
                                                QueueAttributeName
                                                        .APPROXIMATE_NUMBER_OF_MESSAGES_NOT_VISIBLE,
                                                QueueAttributeName
                                                        .APPROXIMATE_NUMBER_OF_MESSAGES_DELAYED))
                .attributes()
                .values()
                .stream()
                .mapToInt(Integer::parseInt)
                .sum();
    }

    int runningExecutions() {
        return states.listExecutions(
                        list ->
                                list.stateMachineArn(stateMachineArn)
                                        .statusFilter(ExecutionStatus.RUNNING)
                                        .maxResults(100))
                .executions()
                .size();
    }

    /// Redrives all dead letters and failed executions once.
    ///
    /// @return how many were redriven
    int redriveAll() {
        int done = 0;
        for (var queue : consumerQueues()) {
            if (depth(queue + "-dlq") > 0) {
                done += redrive(queue);
            }
        }
        for (var status :
                List.of(
                        ExecutionStatus.FAILED,
                        ExecutionStatus.TIMED_OUT,
                        ExecutionStatus.ABORTED)) {
            for (var execution :
                    states.listExecutions(
                                    list ->
                                            list.stateMachineArn(stateMachineArn)
                                                    .statusFilter(status)
                                                    .maxResults(100))
                            .executions()) {
                if (mayRedrive(execution.executionArn())) {
                    states.redriveExecution(
                            redrive -> redrive.executionArn(execution.executionArn()));
                    executions++;
                    done++;
                }
            }
        }
        return done;
    }

    private int redrive(String queue) {
        int done = 0;
        var from = urls.get(queue + "-dlq");
        List<Message> found;
        do {
            found =
                    sqs.receiveMessage(
                                    receive ->
                                            receive.queueUrl(from)
                                                    .maxNumberOfMessages(10)
                                                    .visibilityTimeout(20)
                                                    .messageAttributeNames("All"))
                            .messages();
            for (var message : found) {
                if (!mayRedrive(queue + Integer.toHexString(message.body().hashCode()))) {
                    continue;
                }
                var reason = message.messageAttributes().get("reason");
                reasons.add(
                        queue
                                + ": "
                                + (reason == null
                                        ? "receive count exceeded"
                                        : reason.stringValue()));
                sqs.sendMessage(send -> send.queueUrl(urls.get(queue)).messageBody(message.body()));
                sqs.deleteMessage(
                        delete -> delete.queueUrl(from).receiptHandle(message.receiptHandle()));
                messages++;
                done++;
            }
        } while (!found.isEmpty());
        return done;
    }

    private boolean mayRedrive(String what) {
        return redriven.merge(what, 1, Integer::sum) <= MAX_REDRIVES;
    }

    int messages() {
        return messages;
    }

    int executions() {
        return executions;
    }

    /// The reasons of dead-lettered messages.
    List<String> reasons() {
        return List.copyOf(reasons);
    }

    @Override
    public void close() {
        sqs.close();
        states.close();
    }
}
