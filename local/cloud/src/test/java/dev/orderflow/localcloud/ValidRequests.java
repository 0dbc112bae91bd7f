package dev.orderflow.localcloud;

import java.util.List;
import java.util.Map;

/// Valid requests to every service, from which hostile ones are derived. They can be sent one after
/// the other.
final class ValidRequests {

    private ValidRequests() {}

    /// @param input as JSON
    record ValidRequest(String operation, String input) {}

    static List<ValidRequest> of(String service) {
        return BY_SERVICE.get(service);
    }

    private static final String QUEUES = "http://127.0.0.1/000000000000/";
    private static final String ARN = "arn:aws:%s:us-east-1:000000000000:%s";
    private static final String QUEUE = ARN.formatted("sqs", "hit");
    private static final String TOPIC = ARN.formatted("sns", "hit");
    private static final String MACHINE = ARN.formatted("states", "stateMachine:hit");
    private static final String EXECUTION = ARN.formatted("states", "execution:hit:one");
    private static final String BUS = ARN.formatted("events", "event-bus/hit");

    private static ValidRequest good(String operation, String input) {
        return new ValidRequest(
                operation,
                input.strip()
                        .replace("$QUEUES", QUEUES)
                        .replace("$QUEUE", QUEUE)
                        .replace("$TOPIC", TOPIC)
                        .replace("$MACHINE", MACHINE)
                        .replace("$EXECUTION", EXECUTION)
                        .replace("$BUS", BUS));
    }

    private static final List<ValidRequest> SQS =
            List.of(
                    good("CreateQueue", "{\"QueueName\":\"untouched\"}"),
                    good(
                            "CreateQueue",
                            """
                            {"QueueName":"hit","Attributes":{"VisibilityTimeout":"30","DelaySeconds":"0"},
                             "tags":{"a":"b"}}"""),
                    good("GetQueueUrl", "{\"QueueName\":\"hit\"}"),
                    good("ListQueues", "{\"QueueNamePrefix\":\"h\",\"MaxResults\":10}"),
                    good(
                            "SendMessage",
                            """
                            {"QueueUrl":"$QUEUEShit","MessageBody":"x","DelaySeconds":0,
                             "MessageAttributes":{"a":{"DataType":"String","StringValue":"b"}}}"""),
                    good(
                            "SendMessageBatch",
                            """
                            {"QueueUrl":"$QUEUEShit","Entries":[
                              {"Id":"1","MessageBody":"x"},{"Id":"2","MessageBody":"y"}]}"""),
                    good(
                            "ReceiveMessage",
                            """
                            {"QueueUrl":"$QUEUEShit","MaxNumberOfMessages":1,"WaitTimeSeconds":0,
                             "VisibilityTimeout":1,"MessageAttributeNames":["All"]}"""),
                    good(
                            "GetQueueAttributes",
                            "{\"QueueUrl\":\"$QUEUEShit\",\"AttributeNames\":[\"All\"]}"),
                    good(
                            "SetQueueAttributes",
                            """
                            {"QueueUrl":"$QUEUEShit","Attributes":{"VisibilityTimeout":"31",
                             "RedrivePolicy":"{\\"deadLetterTargetArn\\":\\"arn:aws:sqs:us-east-1:000000000000:untouched\\",\\"maxReceiveCount\\":\\"5\\"}"}}"""),
                    good("TagQueue", "{\"QueueUrl\":\"$QUEUEShit\",\"Tags\":{\"a\":\"b\"}}"),
                    good("PurgeQueue", "{\"QueueUrl\":\"$QUEUEShit\"}"));

    private static final List<ValidRequest> SNS =
            List.of(
                    good("CreateTopic", "{\"Name\":\"hit\"}"),
                    good("ListTopics", "{}"),
                    good(
                            "Subscribe",
                            """
                            {"TopicArn":"$TOPIC","Protocol":"sqs","Endpoint":"$QUEUE",
                             "ReturnSubscriptionArn":"true",
                             "Attributes":{"FilterPolicy":"{\\"a\\":[\\"b\\",{\\"prefix\\":\\"c\\"},{\\"numeric\\":[\\">\\",1]}]}"}}"""),
                    good(
                            "Publish",
                            """
                            {"TopicArn":"$TOPIC","Message":"x","Subject":"y","MessageAttributes":
                             {"a":{"DataType":"String","StringValue":"b"}}}"""),
                    good("GetTopicAttributes", "{\"TopicArn\":\"$TOPIC\"}"),
                    good("ListSubscriptionsByTopic", "{\"TopicArn\":\"$TOPIC\"}"),
                    good(
                            "SetTopicAttributes",
                            """
                            {"TopicArn":"$TOPIC","AttributeName":"DisplayName","AttributeValue":"x"}"""));

    private static final List<ValidRequest> EVENTS =
            List.of(
                    good("CreateEventBus", "{\"Name\":\"hit\"}"),
                    good(
                            "PutRule",
                            """
                            {"Name":"hit","EventBusName":"hit","State":"ENABLED","EventPattern":
                             "{\\"source\\":[\\"orders\\",{\\"prefix\\":\\"a\\"}],\\"detail\\":{\\"n\\":[{\\"numeric\\":[\\">\\",0,\\"<=\\",5]}],\\"$or\\":[{\\"a\\":[{\\"exists\\":false}]},{\\"b\\":[{\\"anything-but\\":[\\"c\\"]}]}],\\"w\\":[{\\"wildcard\\":\\"a*b*c\\"}],\\"i\\":[{\\"cidr\\":\\"10.0.0.0/8\\"}]}}"}"""),
                    good(
                            "PutTargets",
                            """
                            {"Rule":"hit","EventBusName":"hit","Targets":[{"Id":"t","Arn":"$QUEUE",
                             "InputTransformer":{"InputPathsMap":{"a":"$.detail.a","all":"$"},
                              "InputTemplate":"{\\"a\\":<a>,\\"r\\":\\"<aws.events.rule-name>\\"}"},
                             "RetryPolicy":{"MaximumRetryAttempts":0,"MaximumEventAgeInSeconds":60},
                             "DeadLetterConfig":{"Arn":"$QUEUE"}}]}"""),
                    good(
                            "PutEvents",
                            """
                            {"Entries":[{"EventBusName":"hit","Source":"orders","DetailType":"Made",
                              "Detail":"{\\"a\\":1,\\"n\\":[2,3],\\"w\\":\\"abc\\",\\"i\\":\\"10.1.1.1\\"}",
                              "Resources":["r"],"Time":1767225600}]}"""),
                    good(
                            "TestEventPattern",
                            """
                            {"EventPattern":"{\\"source\\":[{\\"suffix\\":\\"s\\"}],\\"detail\\":{\\"a\\":[1,null,true]}}",
                             "Event":"{\\"id\\":\\"1\\",\\"detail-type\\":\\"x\\",\\"source\\":\\"orders\\",\\"account\\":\\"0\\",\\"time\\":\\"2026-01-01T00:00:00Z\\",\\"region\\":\\"x\\",\\"resources\\":[],\\"detail\\":{\\"a\\":[1,2]}}"}"""),
                    good("ListRules", "{\"EventBusName\":\"hit\",\"Limit\":5}"),
                    good("ListTargetsByRule", "{\"Rule\":\"hit\",\"EventBusName\":\"hit\"}"),
                    good(
                            "CreateArchive",
                            """
                            {"ArchiveName":"hit","EventSourceArn":"$BUS","RetentionDays":1,
                             "EventPattern":"{\\"source\\":[\\"orders\\"]}"}"""),
                    good(
                            "StartReplay",
                            """
                            {"ReplayName":"hit","EventSourceArn":"arn:aws:events:us-east-1:000000000000:archive/hit",
                             "EventStartTime":1767225600,"EventEndTime":1767229200,
                             "Destination":{"Arn":"$BUS"}}"""),
                    good(
                            "CreateConnection",
                            """
                            {"Name":"hit","AuthorizationType":"API_KEY","AuthParameters":
                             {"ApiKeyAuthParameters":{"ApiKeyName":"k","ApiKeyValue":"v"}}}"""));

    private static final List<ValidRequest> STATES =
            List.of(
                    good(
                            "CreateStateMachine",
                            """
                            {"name":"hit","roleArn":"arn:aws:iam::000000000000:role/r","definition":
                             "{\\"QueryLanguage\\":\\"JSONata\\",\\"StartAt\\":\\"A\\",\\"States\\":{\\"A\\":{\\"Type\\":\\"Pass\\",\\"Output\\":\\"{% $states.input.a + 1 %}\\",\\"Assign\\":{\\"x\\":\\"{% [1..3] %}\\"},\\"Next\\":\\"B\\"},\\"B\\":{\\"Type\\":\\"Choice\\",\\"Choices\\":[{\\"Condition\\":\\"{% $x[0] = 1 %}\\",\\"Next\\":\\"C\\"}],\\"Default\\":\\"D\\"},\\"C\\":{\\"Type\\":\\"Task\\",\\"Resource\\":\\"arn:aws:states:::sqs:sendMessage\\",\\"Arguments\\":{\\"QueueUrl\\":\\"http://127.0.0.1/000000000000/hit\\",\\"MessageBody\\":\\"x\\"},\\"Retry\\":[{\\"ErrorEquals\\":[\\"States.ALL\\"],\\"MaxAttempts\\":1,\\"IntervalSeconds\\":1}],\\"Catch\\":[{\\"ErrorEquals\\":[\\"States.ALL\\"],\\"Next\\":\\"D\\"}],\\"End\\":true},\\"D\\":{\\"Type\\":\\"Fail\\",\\"Error\\":\\"E\\",\\"Cause\\":\\"c\\"}}}"}"""),
                    good(
                            "ValidateStateMachineDefinition",
                            """
                            {"definition":
                             "{\\"StartAt\\":\\"M\\",\\"States\\":{\\"M\\":{\\"Type\\":\\"Map\\",\\"ItemsPath\\":\\"$.items\\",\\"MaxConcurrency\\":2,\\"ItemProcessor\\":{\\"StartAt\\":\\"P\\",\\"States\\":{\\"P\\":{\\"Type\\":\\"Pass\\",\\"Parameters\\":{\\"a.$\\":\\"States.Format('{}', $.b)\\"},\\"End\\":true}}},\\"Next\\":\\"W\\"},\\"W\\":{\\"Type\\":\\"Wait\\",\\"Seconds\\":1,\\"Next\\":\\"X\\"},\\"X\\":{\\"Type\\":\\"Parallel\\",\\"Branches\\":[{\\"StartAt\\":\\"S\\",\\"States\\":{\\"S\\":{\\"Type\\":\\"Succeed\\"}}}],\\"End\\":true}}}"}"""),
                    good(
                            "StartExecution",
                            """
                            {"stateMachineArn":"$MACHINE","name":"one","input":"{\\"a\\":1,\\"b\\":[1,2]}"}"""),
                    good("DescribeExecution", "{\"executionArn\":\"$EXECUTION\"}"),
                    good(
                            "GetExecutionHistory",
                            "{\"executionArn\":\"$EXECUTION\",\"maxResults\":10,\"reverseOrder\":true}"),
                    good(
                            "ListExecutions",
                            "{\"stateMachineArn\":\"$MACHINE\",\"maxResults\":5,\"statusFilter\":\"FAILED\"}"),
                    good("DescribeStateMachine", "{\"stateMachineArn\":\"$MACHINE\"}"),
                    good(
                            "TagResource",
                            "{\"resourceArn\":\"$MACHINE\",\"tags\":[{\"key\":\"a\",\"value\":\"b\"}]}"));

    private static final List<ValidRequest> MONITORING =
            List.of(
                    good(
                            "PutMetricData",
                            """
                            {"Namespace":"N","MetricData":[{"MetricName":"m","Value":1,
                              "Dimensions":[{"Name":"a","Value":"b"}]},
                             {"MetricName":"m","Values":[1,2],"Counts":[3,4]},
                             {"MetricName":"m","StatisticValues":
                              {"SampleCount":2,"Sum":3,"Minimum":1,"Maximum":2}}]}"""),
                    good(
                            "PutMetricAlarm",
                            """
                            {"AlarmName":"hit","Namespace":"N","MetricName":"m","Statistic":"Sum",
                             "Period":60,"EvaluationPeriods":2,"DatapointsToAlarm":1,"Threshold":1,
                             "ComparisonOperator":"GreaterThanThreshold",
                             "TreatMissingData":"notBreaching","AlarmActions":["$TOPIC"],
                             "Dimensions":[{"Name":"a","Value":"b"}]}"""),
                    good(
                            "PutMetricAlarm",
                            """
                            {"AlarmName":"hit","EvaluationPeriods":1,"Threshold":1,
                             "ComparisonOperator":"GreaterThanThreshold","Metrics":[
                             {"Id":"m1","ReturnData":false,"MetricStat":{"Stat":"Sum","Period":60,
                              "Metric":{"Namespace":"N","MetricName":"m"}}},
                             {"Id":"m2","ReturnData":false,"MetricStat":{"Stat":"Sum","Period":60,
                              "Metric":{"Namespace":"N","MetricName":"n"}}},
                             {"Id":"sum","Expression":"m1 + m2","Label":"both"}]}"""),
                    good(
                            "PutCompositeAlarm",
                            """
                            {"AlarmName":"both","AlarmRule":"NOT (TRUE AND FALSE) OR FALSE",
                             "AlarmDescription":"d","AlarmActions":["$TOPIC"]}"""),
                    good("DescribeAlarms", "{\"AlarmNames\":[\"hit\"],\"MaxRecords\":5}"),
                    good(
                            "SetAlarmState",
                            "{\"AlarmName\":\"hit\",\"StateValue\":\"OK\",\"StateReason\":\"r\"}"),
                    good(
                            "GetMetricStatistics",
                            """
                            {"Namespace":"N","MetricName":"m","StartTime":1767225600,
                             "EndTime":1767229200,"Period":60,"Statistics":["Sum"]}"""),
                    good(
                            "GetMetricStatistics",
                            """
                            {"Namespace":"N","MetricName":"m","StartTime":1767225600,
                             "EndTime":1767229200,"Period":60,"ExtendedStatistics":["p99"]}"""),
                    good(
                            "GetMetricData",
                            """
                            {"StartTime":1767225600,"EndTime":1767229200,"MetricDataQueries":[
                             {"Id":"q","MetricStat":{"Stat":"Average","Period":60,
                              "Metric":{"Namespace":"N","MetricName":"m"}}}]}"""),
                    good("ListMetrics", "{\"Namespace\":\"N\"}"),
                    good(
                            "PutDashboard",
                            """
                            {"DashboardName":"hit","DashboardBody":
                             "{\\"widgets\\":[{\\"type\\":\\"metric\\",\\"properties\\":{\\"metrics\\":[[\\"N\\",\\"m\\"]],\\"region\\":\\"us-east-1\\"}}]}"}"""));

    private static final List<ValidRequest> SES =
            List.of(
                    good("VerifyEmailIdentity", "{\"EmailAddress\":\"a@example.org\"}"),
                    good(
                            "SendEmail",
                            """
                            {"Source":"a@example.org","Destination":{"ToAddresses":["b@example.org"]},
                             "Message":{"Subject":{"Data":"s","Charset":"UTF-8"},
                              "Body":{"Text":{"Data":"t"}}}}"""),
                    good(
                            "SendRawEmail",
                            """
                            {"Source":"a@example.org","Destinations":["b@example.org"],
                             "RawMessage":{"Data":"RnJvbTogYUBleGFtcGxlLm9yZw0KU3ViamVjdDogcw0KDQp0"}}"""),
                    good("GetSendQuota", "{}"));

    /// Version 2, in REST.
    static final ValidRequest SES_V2 =
            good(
                    "/v2/email/outbound-emails",
                    """
                    {"FromEmailAddress":"a@example.org","Destination":{"ToAddresses":["b@example.org"]},
                     "Content":{"Simple":{"Subject":{"Data":"s"},"Body":{"Text":{"Data":"t"}}}}}""");

    private static final Map<String, List<ValidRequest>> BY_SERVICE =
            Map.of(
                    "sqs", SQS,
                    "sns", SNS,
                    "events", EVENTS,
                    "states", STATES,
                    "monitoring", MONITORING,
                    "email", SES,
                    "sts", List.of(good("GetCallerIdentity", "{}")));
}
