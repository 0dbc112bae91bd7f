package dev.orderflow.localcloud.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.cloudwatch.CloudWatchClient;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.sfn.SfnClient;
import software.amazon.awssdk.services.sfn.model.CreateStateMachineRequest;
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

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "FINISHED |              | statusFilter  | [RUNNING, SUCCEEDED, FAILED, TIMED_OUT, ABORTED, PENDING_REDRIVE]",
                "         | ONCE_REDRIVEN | redriveFilter | [REDRIVEN, NOT_REDRIVEN]"
            })
    void anUnknownFilterOfExecutionsIsRejected(
            String status, String redrive, String member, String values) {
        try (var states = CloudUnderTest.client(SfnClient.builder())) {
            var machine = createStateMachine(states, _ -> {});
            assertMessage(
                    () ->
                            states.listExecutions(
                                    it ->
                                            it.stateMachineArn(machine)
                                                    .statusFilter(status)
                                                    .redriveFilter(redrive)),
                    "1 validation error detected: Value '%s' at '%s' failed to satisfy constraint: Member must satisfy enum value set: %s"
                            .formatted(status == null ? redrive : status, member, values));
        }
    }

    @Test
    void includedDataIsOneOfTwoValuesAndMetadataHasNoDefinition() {
        try (var states = CloudUnderTest.client(SfnClient.builder())) {
            var machine = createStateMachine(states, _ -> {});
            assertMessage(
                    () ->
                            states.describeStateMachine(
                                    it -> it.stateMachineArn(machine).includedData("SOME")),
                    "1 validation error detected: Value 'SOME' at 'includedData' failed to satisfy"
                            + " constraint: Member must satisfy enum value set: [ALL_DATA, METADATA_ONLY]");
            assertThat(
                            states.describeStateMachine(
                                            it ->
                                                    it.stateMachineArn(machine)
                                                            .includedData("METADATA_ONLY"))
                                    .definition())
                    .isEqualTo("{}");
        }
    }

    @Test
    void aLogLevelNeedsOneDestinationAndACustomerManagedKeyNeedsAKey() {
        try (var states = CloudUnderTest.client(SfnClient.builder())) {
            assertCode(
                    "InvalidLoggingConfiguration",
                    () ->
                            createStateMachine(
                                    states,
                                    it -> it.loggingConfiguration(log -> log.level("ALL"))));
            assertCode(
                    "InvalidArn",
                    () ->
                            createStateMachine(
                                    states,
                                    it ->
                                            it.loggingConfiguration(
                                                    log ->
                                                            log.level("ALL")
                                                                    .destinations(
                                                                            to ->
                                                                                    to
                                                                                            .cloudWatchLogsLogGroup(
                                                                                                    group ->
                                                                                                            group
                                                                                                                    .logGroupArn(
                                                                                                                            "g"))))));
            assertCode(
                    "InvalidEncryptionConfiguration",
                    () ->
                            createStateMachine(
                                    states,
                                    it ->
                                            it.encryptionConfiguration(
                                                    key -> key.type("CUSTOMER_MANAGED_KMS_KEY"))));
            assertCode(
                    "InvalidEncryptionConfiguration",
                    () ->
                            createStateMachine(
                                    states,
                                    it ->
                                            it.encryptionConfiguration(
                                                    key ->
                                                            key.type("AWS_OWNED_KEY")
                                                                    .kmsKeyId("alias/a"))));
            for (int seconds : new int[] {59, 901}) {
                assertCode(
                        "ValidationException",
                        () ->
                                createStateMachine(
                                        states,
                                        it ->
                                                it.encryptionConfiguration(
                                                        key ->
                                                                key.type("CUSTOMER_MANAGED_KMS_KEY")
                                                                        .kmsKeyId("alias/a")
                                                                        .kmsDataKeyReusePeriodSeconds(
                                                                                seconds))));
            }
        }
    }

    @Test
    void anAliasRoutesToTwoDifferentVersions() {
        try (var states = CloudUnderTest.client(SfnClient.builder())) {
            var machine = createStateMachine(states, it -> it.publish(true));
            assertMessage(
                    () ->
                            states.createStateMachineAlias(
                                    it ->
                                            it.name("live")
                                                    .routingConfiguration(
                                                            to ->
                                                                    to.stateMachineVersionArn(
                                                                                    machine + ":1")
                                                                            .weight(50),
                                                            to ->
                                                                    to.stateMachineVersionArn(
                                                                                    machine + ":1")
                                                                            .weight(50))),
                    "Routing configuration must not contain the same state machine version twice");
        }
    }

    @Test
    void diagnosticsBeyondTheRequestedNumberAreCutOff() {
        try (var states = CloudUnderTest.client(SfnClient.builder())) {
            var result =
                    states.validateStateMachineDefinition(
                            it ->
                                    it.definition(
                                                    "{\"StartAt\":\"C\",\"States\":{\"A\":{\"Type\":\"X\"},\"B\":{\"Type\":\"Y\"}}}")
                                            .maxResults(1));
            assertThat(result.diagnostics()).hasSize(1);
            assertThat(result.truncated()).isTrue();
            assertCode(
                    "ValidationException",
                    () ->
                            states.validateStateMachineDefinition(
                                    it -> it.definition(PASS).maxResults(101)));
        }
    }

    private static String createStateMachine(
            SfnClient states, Consumer<CreateStateMachineRequest.Builder> more) {
        return states.createStateMachine(
                        it -> {
                            it.name(CloudUnderTest.unique("m")).definition(PASS).roleArn(ROLE);
                            more.accept(it);
                        })
                .stateMachineArn();
    }

    @Test
    void anUnknownValueOfABucketSettingIsMalformedAndAnUnsupportedOneIsNamed() {
        try (var s3 = CloudUnderTest.s3()) {
            var bucket = CloudUnderTest.unique("b");
            s3.createBucket(it -> it.bucket(bucket));
            assertCode("MalformedXML", () -> putOwnership(s3, bucket, "Everyone"));
            assertCode("NotImplemented", () -> putOwnership(s3, bucket, "ObjectWriter"));
            assertCode(
                    "MalformedXML",
                    () ->
                            s3.putBucketAccelerateConfiguration(
                                    it ->
                                            it.bucket(bucket)
                                                    .accelerateConfiguration(
                                                            to -> to.status("Faster"))));
        }
    }

    private static void putOwnership(S3Client s3, String bucket, String ownership) {
        s3.putBucketOwnershipControls(
                it ->
                        it.bucket(bucket)
                                .ownershipControls(
                                        to -> to.rules(rule -> rule.objectOwnership(ownership))));
    }

    @Test
    void errorsOfDashboardsHaveTheCodesOfTheQueryProtocol() {
        try (var cloudWatch = CloudUnderTest.client(CloudWatchClient.builder())) {
            for (var body :
                    List.of("{", "{}", "{\"widgets\":[{\"type\":\"poem\",\"properties\":{}}]}")) {
                assertCode(
                        "InvalidParameterInput",
                        () ->
                                cloudWatch.putDashboard(
                                        it -> it.dashboardName("d").dashboardBody(body)));
            }
            assertCode(
                    "ResourceNotFound",
                    () -> cloudWatch.getDashboard(it -> it.dashboardName("none")));
        }
    }

    @Test
    void anUnknownAlarmTypeOrMoreThanAHundredAlarmNamesAreRejected() {
        try (var cloudWatch = CloudUnderTest.client(CloudWatchClient.builder())) {
            assertCode(
                    "ValidationError",
                    () -> cloudWatch.describeAlarms(it -> it.alarmTypesWithStrings("Siren")));
            var names = IntStream.rangeClosed(1, 101).mapToObj("a%d"::formatted).toList();
            assertCode(
                    "ValidationError", () -> cloudWatch.describeAlarms(it -> it.alarmNames(names)));
            assertCode(
                    "ValidationError", () -> cloudWatch.deleteAlarms(it -> it.alarmNames(names)));
        }
    }

    private static void assertCode(String code, ThrowingCallable call) {
        var refused = catchThrowableOfType(AwsServiceException.class, call);
        assertThat(refused).as(code).isNotNull();
        assertThat(refused.awsErrorDetails().errorCode()).isEqualTo(code);
    }

    @Test
    void anUnknownRegionAndAMalformedVersionIdAreRejected() {
        try (var s3 = CloudUnderTest.s3()) {
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
