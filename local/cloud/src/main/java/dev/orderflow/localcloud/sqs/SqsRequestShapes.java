package dev.orderflow.localcloud.sqs;

import dev.orderflow.localcloud.wire.AwsErrorException;
import dev.orderflow.localcloud.wire.AwsProtocol;
import dev.orderflow.localcloud.wire.RequestShape;
import java.util.Map;
import tools.jackson.databind.node.ObjectNode;

/// The parameters of SQS requests and their types. In the query protocol numbers are strings.
final class SqsRequestShapes {

    private static final String QUEUE = "QueueUrl ";
    private static final String ATTRIBUTES =
            ":<DataType StringValue BinaryValue StringListValues:texts BinaryListValues:texts> ";
    private static final String MESSAGE =
            " MessageBody DelaySeconds:whole MessageDeduplicationId MessageGroupId"
                    + " MessageAttributes"
                    + ATTRIBUTES
                    + "MessageSystemAttributes"
                    + ATTRIBUTES;
    private static final String PAGE = " MaxResults:whole NextToken";

    private static final Map<String, RequestShape> BY_OPERATION =
            Map.ofEntries(
                    entry("CreateQueue", "QueueName Attributes:map Tags:map tags:map"),
                    entry("DeleteQueue", QUEUE),
                    entry("GetQueueUrl", "QueueName QueueOwnerAWSAccountId"),
                    entry("ListQueues", "QueueNamePrefix" + PAGE),
                    entry("ListDeadLetterSourceQueues", QUEUE + PAGE),
                    entry("GetQueueAttributes", QUEUE + "AttributeNames:texts"),
                    entry("SetQueueAttributes", QUEUE + "Attributes:map"),
                    entry("AddPermission", QUEUE + "Label AWSAccountIds:texts Actions:texts"),
                    entry("RemovePermission", QUEUE + "Label"),
                    entry("TagQueue", QUEUE + "Tags:map"),
                    entry("UntagQueue", QUEUE + "TagKeys:texts"),
                    entry("ListQueueTags", QUEUE),
                    entry("PurgeQueue", QUEUE),
                    entry("SendMessage", QUEUE + MESSAGE),
                    entry("SendMessageBatch", QUEUE + "Entries:[Id" + MESSAGE + "]"),
                    entry(
                            "ReceiveMessage",
                            QUEUE
                                    + "AttributeNames:texts MessageSystemAttributeNames:texts"
                                    + " MessageAttributeNames:texts MaxNumberOfMessages:whole"
                                    + " VisibilityTimeout:whole WaitTimeSeconds:whole"
                                    + " ReceiveRequestAttemptId"),
                    entry("DeleteMessage", QUEUE + "ReceiptHandle"),
                    entry("DeleteMessageBatch", QUEUE + "Entries:[Id ReceiptHandle]"),
                    entry(
                            "ChangeMessageVisibility",
                            QUEUE + "ReceiptHandle VisibilityTimeout:whole"),
                    entry(
                            "ChangeMessageVisibilityBatch",
                            QUEUE + "Entries:[Id ReceiptHandle VisibilityTimeout:whole]"),
                    entry(
                            "StartMessageMoveTask",
                            "SourceArn DestinationArn MaxNumberOfMessagesPerSecond:whole"),
                    entry("CancelMessageMoveTask", "TaskHandle"),
                    entry("ListMessageMoveTasks", "SourceArn MaxResults:whole"));

    private SqsRequestShapes() {}

    private static Map.Entry<String, RequestShape> entry(String operation, String members) {
        return Map.entry(operation, RequestShape.of(members));
    }

    /// @param parameters in their JSON form
    /// @throws AwsErrorException that names the first invalid parameter
    static void require(String operation, ObjectNode parameters, AwsProtocol protocol) {
        var shape = BY_OPERATION.get(operation);
        if (shape != null) {
            shape.require(
                    operation,
                    parameters,
                    protocol,
                    wrong -> AwsErrorException.client("SerializationException", wrong));
        }
    }
}
