package dev.orderflow.localcloud.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Instant;
import java.util.Map;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.cloudwatch.CloudWatchClient;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.sfn.SfnClient;
import software.amazon.awssdk.services.sns.SnsClient;

/// Values that AWS does not accept get AWS's error; values that only the local cloud does not
/// accept get an error that says so.
class InvalidValuesTest {

    private static final String ROLE = "arn:aws:iam::000000000000:role/r";
    private static final String PASS =
            "{\"StartAt\":\"A\",\"States\":{\"A\":{\"Type\":\"Pass\",\"End\":true}}}";

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "pigeon | Invalid parameter: Does not support this protocol string: pigeon",
                "email  | Invalid parameter: Protocol Reason: local-cloud does not support the protocol email"
            })
    void anUnknownProtocolGetsTheErrorOfAwsAndAnUnsupportedOneIsNamed(
            String protocol, String message) {
        try (var sns = CloudUnderTest.client(SnsClient.builder())) {
            var topic = createTopic(sns);
            assertMessage(
                    () -> sns.subscribe(it -> it.topicArn(topic).protocol(protocol).endpoint("x")),
                    message);
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "Colour        | Invalid parameter: AttributeName",
                "ArchivePolicy | Invalid parameter: Attributes Reason: local-cloud does not support the topic attribute ArchivePolicy"
            })
    void anUnknownAttributeGetsTheErrorOfAwsAndAnUnsupportedOneIsNamed(
            String name, String message) {
        try (var sns = CloudUnderTest.client(SnsClient.builder())) {
            var topic = createTopic(sns);
            assertMessage(
                    () ->
                            sns.setTopicAttributes(
                                    it ->
                                            it.topicArn(topic)
                                                    .attributeName(name)
                                                    .attributeValue("x")),
                    message);
        }
    }

    @Test
    void aFilterPolicyThatIsNotJsonIsRejectedWithTheReasonOfTheParser() {
        try (var sns = CloudUnderTest.client(SnsClient.builder())) {
            var topic = createTopic(sns);
            assertMessage(
                    () ->
                            sns.subscribe(
                                    it ->
                                            it.topicArn(topic)
                                                    .protocol("sqs")
                                                    .endpoint(
                                                            "arn:aws:sqs:us-east-1:000000000000:q")
                                                    .attributes(Map.of("FilterPolicy", "{"))),
                    "Invalid parameter: FilterPolicy: failed to parse JSON. Unexpected end-of-input: expected"
                            + " close marker for Object (start marker at [Source: (String)])");
        }
    }

    @Test
    void anUnknownTypeOrLogLevelOfAStateMachineIsRejected() {
        try (var states = CloudUnderTest.client(SfnClient.builder())) {
            assertMessage(
                    () ->
                            states.createStateMachine(
                                    it ->
                                            it.name(CloudUnderTest.unique("m"))
                                                    .definition(PASS)
                                                    .roleArn(ROLE)
                                                    .type("SLOW")),
                    "1 validation error detected: Value 'SLOW' at 'type' failed to satisfy constraint:"
                            + " Member must satisfy enum value set: [STANDARD, EXPRESS]");
            assertMessage(
                    () ->
                            states.createStateMachine(
                                    it ->
                                            it.name(CloudUnderTest.unique("m"))
                                                    .definition(PASS)
                                                    .roleArn(ROLE)
                                                    .loggingConfiguration(
                                                            log -> log.level("LOUD"))),
                    "1 validation error detected: Value 'LOUD' at 'loggingConfiguration.level' failed to"
                            + " satisfy constraint: Member must satisfy enum value set: [ALL, ERROR, FATAL, OFF]");
        }
    }

    @Test
    void anUnknownRegionAndAMalformedVersionIdAreRejected() {
        try (var s3 = CloudUnderTest.client(S3Client.builder().forcePathStyle(true))) {
            var bucket = CloudUnderTest.unique("b");
            assertMessage(
                    () ->
                            s3.createBucket(
                                    it ->
                                            it.bucket(bucket)
                                                    .createBucketConfiguration(
                                                            at ->
                                                                    at.locationConstraint(
                                                                            "nowhere"))),
                    "The specified location-constraint is not valid");
            s3.createBucket(it -> it.bucket(bucket));
            s3.putObject(it -> it.bucket(bucket).key("k"), RequestBody.fromString("x"));
            assertMessage(
                    () -> s3.getObject(it -> it.bucket(bucket).key("k").versionId("first")),
                    "Invalid version id specified");
            assertMessage(
                    () -> s3.getObject(it -> it.bucket(bucket).key("k").versionId("v".repeat(32))),
                    "The specified version does not exist.");
        }
    }

    @Test
    void aMetricMathFunctionWithStringsIsRejectedByName() {
        try (var cloudWatch = CloudUnderTest.client(CloudWatchClient.builder())) {
            assertMessage(
                    () ->
                            cloudWatch.getMetricData(
                                    it ->
                                            it.startTime(Instant.now().minusSeconds(60))
                                                    .endTime(Instant.now())
                                                    .metricDataQueries(
                                                            query ->
                                                                    query.id("a")
                                                                            .expression(
                                                                                    "SEARCH('{N} x', 'Sum', 60)"))),
                    "local-cloud does not support the metric math function SEARCH");
        }
    }

    /// Clients call it without credentials, so only the version of the API names the service.
    @Test
    void anUnsignedOperationOfStsIsRejectedByName() throws Exception {
        var response =
                HttpClient.newHttpClient()
                        .send(
                                HttpRequest.newBuilder(URI.create(CloudUnderTest.at() + "/"))
                                        .header("Content-Type", "application/x-www-form-urlencoded")
                                        .POST(
                                                HttpRequest.BodyPublishers.ofString(
                                                        "Action=AssumeRoleWithWebIdentity&Version=2011-06-15"))
                                        .build(),
                                HttpResponse.BodyHandlers.ofString());
        assertThat(response.body())
                .contains("local-cloud does not support the operation AssumeRoleWithWebIdentity");
    }

    private static String createTopic(SnsClient sns) {
        return sns.createTopic(it -> it.name(CloudUnderTest.unique("t"))).topicArn();
    }

    private static void assertMessage(ThrowingCallable call, String message) {
        var refused = catchThrowableOfType(AwsServiceException.class, call);
        assertThat(refused).as(message).isNotNull();
        assertThat(refused.awsErrorDetails().errorMessage()).isEqualTo(message);
    }
}
