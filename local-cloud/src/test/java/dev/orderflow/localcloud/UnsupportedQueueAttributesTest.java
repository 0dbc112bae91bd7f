package dev.orderflow.localcloud;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sqs.model.InvalidAttributeNameException;
import software.amazon.awssdk.services.sqs.model.QueueAttributeName;

class UnsupportedQueueAttributesTest {

    private static LocalCloud cloud;
    private static SqsClient sqs;

    @BeforeAll
    static void start() {
        cloud = LocalCloud.builder().start();
        sqs =
                SqsClient.builder()
                        .endpointOverride(cloud.endpoint())
                        .region(Region.US_EAST_1)
                        .credentialsProvider(
                                StaticCredentialsProvider.create(
                                        AwsBasicCredentials.create("test", "test")))
                        .build();
    }

    @AfterAll
    static void stop() {
        sqs.close();
        cloud.close();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "Policy | {\"Version\":\"2012-10-17\",\"Statement\":[]}",
                "Policy | {\"Statement\":[{\"Effect\":\"Allow\"},{\"Effect\":\"Deny\"}]}",
                "Policy | {\"Statement\":{\"Effect\":\"Deny\"}}",
                "Policy | nonsense",
                "KmsMasterKeyId | alias/aws/sqs",
                "KmsDataKeyReusePeriodSeconds | 300",
                "SqsManagedSseEnabled | true",
                "RedriveAllowPolicy | {\"redrivePermission\":\"denyAll\"}",
                "RedriveAllowPolicy | nonsense"
            })
    void whatWouldNotBeHonouredIsRefusedByName(String attribute, String value) throws Exception {
        var attributes = Map.of(QueueAttributeName.fromValue(attribute), value);
        var url = sqs.createQueue(queue -> queue.queueName("plain")).queueUrl();

        assertThatThrownBy(
                        () ->
                                sqs.createQueue(
                                        queue -> queue.queueName("strict").attributes(attributes)))
                .isInstanceOf(InvalidAttributeNameException.class)
                .hasMessageContaining("does not support the queue attribute " + attribute);
        assertThatThrownBy(
                        () ->
                                sqs.setQueueAttributes(
                                        set -> set.queueUrl(url).attributes(attributes)))
                .isInstanceOf(InvalidAttributeNameException.class);
        assertThat(byQueryProtocol(attribute, value))
                .satisfies(
                        answer -> {
                            assertThat(answer.statusCode()).isEqualTo(400);
                            assertThat(answer.body())
                                    .contains("<Code>InvalidAttributeName</Code>", attribute);
                        });
        assertThat(sqs.listQueues(list -> list.queueNamePrefix("strict")).queueUrls()).isEmpty();
    }

    @Test
    void aValueThatAsksForNothingPasses() {
        assertThatCode(
                        () ->
                                sqs.createQueue(
                                        queue ->
                                                queue.queueName("harmless")
                                                        .attributes(
                                                                Map.of(
                                                                        QueueAttributeName.POLICY,
                                                                        "{\"Statement\":{\"Effect\":\"Allow\",\"Principal\":\"*\"}}",
                                                                        QueueAttributeName
                                                                                .SQS_MANAGED_SSE_ENABLED,
                                                                        "false",
                                                                        QueueAttributeName
                                                                                .REDRIVE_ALLOW_POLICY,
                                                                        "{\"redrivePermission\":\"allowAll\"}"))))
                .doesNotThrowAnyException();
    }

    private static HttpResponse<String> byQueryProtocol(String attribute, String value)
            throws Exception {
        var form =
                "Action=CreateQueue&Version=2012-11-05&QueueName=strict&Attribute.1.Name="
                        + attribute
                        + "&Attribute.1.Value="
                        + URLEncoder.encode(value, StandardCharsets.UTF_8);
        try (var http = HttpClient.newHttpClient()) {
            return http.send(
                    HttpRequest.newBuilder(URI.create(cloud.endpoint() + "/"))
                            .header("Content-Type", "application/x-www-form-urlencoded")
                            .header(
                                    "Authorization",
                                    "AWS4-HMAC-SHA256 Credential=test/20260101/us-east-1/sqs/aws4_request,"
                                            + " SignedHeaders=host, Signature=0")
                            .POST(HttpRequest.BodyPublishers.ofString(form))
                            .build(),
                    HttpResponse.BodyHandlers.ofString());
        }
    }
}
