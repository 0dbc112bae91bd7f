package dev.orderflow.localcloud;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// A token that a list never gave out is refused by every list of every service; AWS does not end a
/// list with success for it.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class PageTokensTest {

    private static final String SIGNED =
            "AWS4-HMAC-SHA256 Credential=test/20260101/us-east-1/%s/aws4_request";

    /// Base 64 of text, of a number, of a position of an earlier kind, and none at all.
    private static final List<String> NEVER_GIVEN_OUT =
            List.of("Zm9v", "NQ==", "YXQ6MQ==", "enp6enp6enp6enp6enp6enp6eno=", "zz", "!");

    private final LocalCloud cloud = LocalCloud.builder().start();
    private final HttpClient http = HttpClient.newHttpClient();

    @BeforeAll
    void make() throws Exception {
        json("sqs", "AmazonSQS.CreateQueue", "{\"QueueName\":\"listed\"}");
        json(
                "states",
                "AWSStepFunctions.CreateStateMachine",
                """
                {"name":"listed","roleArn":"arn:aws:iam::000000000000:role/r","definition":
                "{\\"StartAt\\":\\"A\\",\\"States\\":{\\"A\\":{\\"Type\\":\\"Succeed\\"}}}"}
                """);
        json(
                "states",
                "AWSStepFunctions.StartExecution",
                """
                {"name":"one","stateMachineArn":"arn:aws:states:us-east-1:000000000000:stateMachine:listed"}
                """);
        json(
                "events",
                "AWSEvents.PutRule",
                "{\"Name\":\"listed\",\"EventPattern\":\"{\\\"source\\\":[\\\"a\\\"]}\"}");
        form("sns", "Action=CreateTopic&Name=listed");
        s3("PUT", "/listed");
    }

    @AfterAll
    void close() {
        http.close();
        cloud.close();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '^',
            textBlock =
                    """
                    sqs | AmazonSQS.ListQueues | {"MaxResults":1,"NextToken":"T"} | InvalidParameterValue
                    sqs | AmazonSQS.ListDeadLetterSourceQueues | {"QueueUrl":"http://x/000000000000/listed","MaxResults":1,"NextToken":"T"} | InvalidParameterValue
                    events | AWSEvents.ListRules | {"NextToken":"T"} | ValidationException
                    events | AWSEvents.ListEventBuses | {"NextToken":"T"} | ValidationException
                    events | AWSEvents.ListRuleNamesByTarget | {"TargetArn":"arn:aws:sqs:us-east-1:000000000000:listed","NextToken":"T"} | ValidationException
                    events | AWSEvents.ListTargetsByRule | {"Rule":"listed","NextToken":"T"} | ValidationException
                    events | AWSEvents.ListArchives | {"NextToken":"T"} | ValidationException
                    events | AWSEvents.ListReplays | {"NextToken":"T"} | ValidationException
                    events | AWSEvents.ListConnections | {"NextToken":"T"} | ValidationException
                    states | AWSStepFunctions.ListStateMachines | {"nextToken":"T"} | InvalidToken
                    states | AWSStepFunctions.ListExecutions | {"stateMachineArn":"arn:aws:states:us-east-1:000000000000:stateMachine:listed","nextToken":"T"} | InvalidToken
                    states | AWSStepFunctions.GetExecutionHistory | {"executionArn":"arn:aws:states:us-east-1:000000000000:execution:listed:one","nextToken":"T"} | InvalidToken
                    states | AWSStepFunctions.ListStateMachineVersions | {"stateMachineArn":"arn:aws:states:us-east-1:000000000000:stateMachine:listed","nextToken":"T"} | InvalidToken
                    states | AWSStepFunctions.ListStateMachineAliases | {"stateMachineArn":"arn:aws:states:us-east-1:000000000000:stateMachine:listed","nextToken":"T"} | InvalidToken
                    monitoring | GraniteServiceVersion20100801.ListMetrics | {"NextToken":"T"} | InvalidNextToken
                    monitoring | GraniteServiceVersion20100801.DescribeAlarms | {"NextToken":"T"} | InvalidNextToken
                    monitoring | GraniteServiceVersion20100801.DescribeAlarmHistory | {"NextToken":"T"} | InvalidNextToken
                    monitoring | GraniteServiceVersion20100801.ListDashboards | {"NextToken":"T"} | InvalidNextToken
                    monitoring | GraniteServiceVersion20100801.GetMetricData | {"NextToken":"T","StartTime":1,"EndTime":100,"MetricDataQueries":[{"Id":"a","MetricStat":{"Metric":{"Namespace":"N","MetricName":"m"},"Period":60,"Stat":"Sum"}}]} | InvalidNextToken
                    """)
    void invalidPageTokensOfJsonRequestsAreRejected(
            String service, String target, String body, String code) throws Exception {
        for (var token : NEVER_GIVEN_OUT) {
            requireRefused(json(service, target, body.replace("\"T\"", "\"" + token + "\"")), code);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "sns, Action=ListTopics, InvalidParameter",
        "sns, Action=ListSubscriptions, InvalidParameter",
        "sns, Action=ListSubscriptionsByTopic&TopicArn=arn:aws:sns:us-east-1:000000000000:listed, InvalidParameter",
        "email, Action=ListIdentities, InvalidParameterValue"
    })
    void invalidPageTokensOfQueryRequestsAreRejected(String service, String form, String code)
            throws Exception {
        for (var token : NEVER_GIVEN_OUT) {
            requireRefused(form(service, form + "&NextToken=" + token.replace("=", "%3D")), code);
        }
    }

    @ParameterizedTest
    @CsvSource({"/?", "/listed?list-type=2&"})
    void invalidPageTokensOfS3AreRejected(String path) throws Exception {
        for (var token : NEVER_GIVEN_OUT) {
            var answer = s3("GET", path + "continuation-token=" + token.replace("=", "%3D"));
            requireRefused(answer, "InvalidArgument");
            assertThat(answer.body()).contains("The continuation token provided is incorrect");
        }
    }

    @ParameterizedTest
    @CsvSource("/v2/email/identities?")
    void invalidPageTokensOfSesVersionTwoAreRejected(String path) throws Exception {
        for (var token : NEVER_GIVEN_OUT) {
            requireRefused(
                    send(request(path + "NextToken=" + token.replace("=", "%3D"), "ses").GET()),
                    "BadRequestException");
        }
    }

    private static void requireRefused(HttpResponse<String> answer, String code) {
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(400);
        assertThat(answer.body() + answer.headers().map()).contains(code);
    }

    private HttpResponse<String> json(String service, String target, String body) throws Exception {
        return send(
                request("/", service)
                        .header("Content-Type", "application/x-amz-json-1.0")
                        .header("X-Amz-Target", target)
                        .POST(BodyPublishers.ofString(body)));
    }

    private HttpResponse<String> form(String service, String form) throws Exception {
        return send(
                request("/", service)
                        .header("Content-Type", "application/x-www-form-urlencoded")
                        .POST(BodyPublishers.ofString(form)));
    }

    private HttpResponse<String> s3(String method, String path) throws Exception {
        return send(request(path, "s3").method(method, BodyPublishers.noBody()));
    }

    private HttpRequest.Builder request(String path, String service) {
        return HttpRequest.newBuilder(cloud.endpoint().resolve(path))
                .header("Authorization", SIGNED.formatted(service));
    }

    private HttpResponse<String> send(HttpRequest.Builder request) throws Exception {
        return http.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }
}
