package dev.orderflow.localcloud.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.LinkedHashMap;
import java.util.Map;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.services.cloudwatch.CloudWatchClient;
import software.amazon.awssdk.services.cloudwatch.model.ComparisonOperator;
import software.amazon.awssdk.services.cloudwatch.model.MetricAlarm;
import software.amazon.awssdk.services.cloudwatch.model.Statistic;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.sfn.SfnClient;
import software.amazon.awssdk.services.sns.SnsClient;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sqs.model.QueueAttributeName;

/// The calls of Terraform's AWS provider (5.100) for a resource, in order, and the responses it
/// depends on: without one of them it waits for minutes, plans a change that is none, or fails.
/// Where the provider is installed, [UnmodifiedClientsTest] runs it.
class TerraformCallsTest {

    private static final SqsClient sqs = CloudUnderTest.client(SqsClient.builder());
    private static final SnsClient sns = CloudUnderTest.client(SnsClient.builder());
    private static final SfnClient states = CloudUnderTest.client(SfnClient.builder());
    private static final CloudWatchClient cloudWatch =
            CloudUnderTest.client(CloudWatchClient.builder());
    private static final S3Client s3 = CloudUnderTest.s3();

    @AfterAll
    static void close() {
        sqs.close();
        sns.close();
        states.close();
        cloudWatch.close();
        s3.close();
    }

    /// It sets every attribute and waits until each is returned as set.
    @Test
    void theCallsForAQueueSucceed() {
        var name = CloudUnderTest.unique("terraform");
        var set =
                Map.of(
                        QueueAttributeName.DELAY_SECONDS, "0",
                        QueueAttributeName.MAXIMUM_MESSAGE_SIZE, "262144",
                        QueueAttributeName.MESSAGE_RETENTION_PERIOD, "345600",
                        QueueAttributeName.RECEIVE_MESSAGE_WAIT_TIME_SECONDS, "0",
                        QueueAttributeName.SQS_MANAGED_SSE_ENABLED, "true",
                        QueueAttributeName.VISIBILITY_TIMEOUT, "30");
        var url =
                sqs.createQueue(it -> it.queueName(name).attributes(set).tags(Map.of("a", "b")))
                        .queueUrl();
        assertThat(attributes(url)).containsAllEntriesOf(set);
        assertThat(sqs.listQueueTags(it -> it.queueUrl(url)).tags()).isEqualTo(Map.of("a", "b"));

        var changed = new LinkedHashMap<>(set);
        changed.put(QueueAttributeName.VISIBILITY_TIMEOUT, "60");
        sqs.setQueueAttributes(it -> it.queueUrl(url).attributes(changed));
        assertThat(attributes(url)).containsAllEntriesOf(changed);
        sqs.tagQueue(it -> it.queueUrl(url).tags(Map.of("a", "c")));
        assertThat(sqs.listQueueTags(it -> it.queueUrl(url)).tags()).isEqualTo(Map.of("a", "c"));

        // aws_sqs_queue_policy waits until the policy is returned, and until it is removed.
        var policy =
                "{\"Version\":\"2012-10-17\",\"Statement\":[{\"Effect\":\"Allow\",\"Principal\":\"*\",\"Action\":\"sqs:SendMessage\"}]}";
        sqs.setQueueAttributes(
                it -> it.queueUrl(url).attributes(Map.of(QueueAttributeName.POLICY, policy)));
        assertThat(attributes(url)).containsEntry(QueueAttributeName.POLICY, policy);
        sqs.setQueueAttributes(
                it -> it.queueUrl(url).attributes(Map.of(QueueAttributeName.POLICY, "")));
        assertThat(attributes(url)).doesNotContainKey(QueueAttributeName.POLICY);

        sqs.deleteQueue(it -> it.queueUrl(url));
        assertRefused("AWS.SimpleQueueService.NonExistentQueue", () -> attributes(url));
        assertRefused(
                "AWS.SimpleQueueService.NonExistentQueue",
                () -> sqs.getQueueUrl(it -> it.queueName(name)));
    }

    private static Map<QueueAttributeName, String> attributes(String url) {
        return sqs.getQueueAttributes(it -> it.queueUrl(url).attributeNames(QueueAttributeName.ALL))
                .attributes();
    }

    /// After creation it sets the attributes that have a value, such as the sample rates.
    @Test
    void theCallsForATopicSucceed() {
        var arn =
                sns.createTopic(
                                it ->
                                        it.name(CloudUnderTest.unique("terraform"))
                                                .tags(tag -> tag.key("a").value("b")))
                        .topicArn();
        var settings =
                Map.of(
                        "DisplayName", "shown",
                        "SQSSuccessFeedbackSampleRate", "0",
                        "LambdaSuccessFeedbackSampleRate", "0",
                        "HTTPSuccessFeedbackSampleRate", "0",
                        "FirehoseSuccessFeedbackSampleRate", "0",
                        "ApplicationSuccessFeedbackSampleRate", "0");
        settings.forEach(
                (name, value) ->
                        sns.setTopicAttributes(
                                it -> it.topicArn(arn).attributeName(name).attributeValue(value)));
        assertThat(sns.getTopicAttributes(it -> it.topicArn(arn)).attributes())
                .containsAllEntriesOf(settings)
                .containsKeys("Policy", "Owner", "EffectiveDeliveryPolicy", "TopicArn");
        assertThat(sns.listTagsForResource(it -> it.resourceArn(arn)).tags()).hasSize(1);
        sns.deleteTopic(it -> it.topicArn(arn));
        assertRefused("NotFound", () -> sns.getTopicAttributes(it -> it.topicArn(arn)));
    }

    @Test
    void theCallsForAStateMachineSucceed() {
        var definition = "{\"StartAt\":\"A\",\"States\":{\"A\":{\"Type\":\"Pass\",\"End\":true}}}";
        var created =
                states.createStateMachine(
                        it ->
                                it.name(CloudUnderTest.unique("terraform"))
                                        .definition(definition)
                                        .roleArn("arn:aws:iam::000000000000:role/r")
                                        .type("STANDARD")
                                        .publish(true)
                                        .tags(tag -> tag.key("a").value("b")));
        var arn = created.stateMachineArn();
        var found = states.describeStateMachine(it -> it.stateMachineArn(arn));
        assertThat(found.definition()).isEqualTo(definition);
        assertThat(found.statusAsString()).isEqualTo("ACTIVE");
        assertThat(found.loggingConfiguration().levelAsString()).isEqualTo("OFF");
        assertThat(found.tracingConfiguration().enabled()).isFalse();
        assertThat(
                        states.listStateMachineVersions(it -> it.stateMachineArn(arn))
                                .stateMachineVersions())
                .singleElement()
                .satisfies(
                        version ->
                                assertThat(version.stateMachineVersionArn())
                                        .isEqualTo(created.stateMachineVersionArn()));
        assertThat(states.listTagsForResource(it -> it.resourceArn(arn)).tags()).hasSize(1);
        states.deleteStateMachine(it -> it.stateMachineArn(arn));
        assertRefused(
                "StateMachineDoesNotExist",
                () -> states.describeStateMachine(it -> it.stateMachineArn(arn)));
    }

    @Test
    void theCallsForAnAlarmSucceed() {
        var name = CloudUnderTest.unique("terraform");
        cloudWatch.putMetricAlarm(
                it ->
                        it.alarmName(name)
                                .alarmDescription("")
                                .actionsEnabled(true)
                                .comparisonOperator(ComparisonOperator.GREATER_THAN_THRESHOLD)
                                .evaluationPeriods(1)
                                .metricName("m")
                                .namespace("n")
                                .period(60)
                                .statistic(Statistic.MAXIMUM)
                                .threshold(1.0)
                                .treatMissingData("missing")
                                .tags(tag -> tag.key("a").value("b")));
        var found = cloudWatch.describeAlarms(it -> it.alarmNames(name)).metricAlarms().getFirst();
        assertThat(found)
                .returns("missing", MetricAlarm::treatMissingData)
                .returns(true, MetricAlarm::actionsEnabled)
                .returns(1.0, MetricAlarm::threshold);
        assertThat(cloudWatch.listTagsForResource(it -> it.resourceARN(found.alarmArn())).tags())
                .hasSize(1);
        cloudWatch.deleteAlarms(it -> it.alarmNames(name));
        assertThat(cloudWatch.describeAlarms(it -> it.alarmNames(name)).metricAlarms()).isEmpty();
    }

    /// It reads every subresource of a bucket and expects the error code of each absent one.
    @Test
    void theCallsForABucketSucceed() {
        var bucket = CloudUnderTest.unique("terraform");
        assertStatus(404, () -> s3.headBucket(it -> it.bucket(bucket)));
        s3.createBucket(it -> it.bucket(bucket).acl("private"));
        s3.headBucket(it -> it.bucket(bucket));
        assertRefused("NoSuchTagSet", () -> s3.getBucketTagging(it -> it.bucket(bucket)));
        s3.putBucketTagging(
                it -> it.bucket(bucket).tagging(to -> to.tagSet(tag -> tag.key("a").value("b"))));
        assertThat(s3.getBucketTagging(it -> it.bucket(bucket)).tagSet()).hasSize(1);
        assertRefused("NoSuchBucketPolicy", () -> s3.getBucketPolicy(it -> it.bucket(bucket)));
        assertThat(s3.getBucketAcl(it -> it.bucket(bucket)).grants()).hasSize(1);
        assertRefused("NoSuchCORSConfiguration", () -> s3.getBucketCors(it -> it.bucket(bucket)));
        assertRefused(
                "NoSuchWebsiteConfiguration", () -> s3.getBucketWebsite(it -> it.bucket(bucket)));
        assertThat(s3.getBucketVersioning(it -> it.bucket(bucket)).status()).isNull();
        assertThat(s3.getBucketAccelerateConfiguration(it -> it.bucket(bucket)).status()).isNull();
        assertThat(s3.getBucketRequestPayment(it -> it.bucket(bucket)).payerAsString())
                .isEqualTo("BucketOwner");
        assertThat(s3.getBucketLogging(it -> it.bucket(bucket)).loggingEnabled()).isNull();
        assertRefused(
                "NoSuchLifecycleConfiguration",
                () -> s3.getBucketLifecycleConfiguration(it -> it.bucket(bucket)));
        assertRefused(
                "ReplicationConfigurationNotFoundError",
                () -> s3.getBucketReplication(it -> it.bucket(bucket)));
        assertThat(
                        s3.getBucketEncryption(it -> it.bucket(bucket))
                                .serverSideEncryptionConfiguration()
                                .rules()
                                .getFirst()
                                .applyServerSideEncryptionByDefault()
                                .sseAlgorithmAsString())
                .isEqualTo("AES256");
        assertRefused(
                "ObjectLockConfigurationNotFoundError",
                () -> s3.getObjectLockConfiguration(it -> it.bucket(bucket)));

        s3.putPublicAccessBlock(
                it ->
                        it.bucket(bucket)
                                .publicAccessBlockConfiguration(to -> to.blockPublicAcls(true)));
        assertThat(
                        s3.getPublicAccessBlock(it -> it.bucket(bucket))
                                .publicAccessBlockConfiguration()
                                .blockPublicAcls())
                .isTrue();
        s3.deletePublicAccessBlock(it -> it.bucket(bucket));
        assertRefused(
                "NoSuchPublicAccessBlockConfiguration",
                () -> s3.getPublicAccessBlock(it -> it.bucket(bucket)));
        s3.putBucketLifecycleConfiguration(
                it ->
                        it.bucket(bucket)
                                .transitionDefaultMinimumObjectSize("all_storage_classes_128K")
                                .lifecycleConfiguration(
                                        all ->
                                                all.rules(
                                                        rule ->
                                                                rule.id("r")
                                                                        .status("Enabled")
                                                                        .filter(f -> f.prefix("a"))
                                                                        .expiration(
                                                                                e -> e.days(3)))));
        assertThat(
                        s3.getBucketLifecycleConfiguration(it -> it.bucket(bucket))
                                .transitionDefaultMinimumObjectSizeAsString())
                .isEqualTo("all_storage_classes_128K");
        s3.deleteBucketLifecycle(it -> it.bucket(bucket));
        assertRefused(
                "NoSuchLifecycleConfiguration",
                () -> s3.getBucketLifecycleConfiguration(it -> it.bucket(bucket)));
        assertThat(s3.listObjectVersions(it -> it.bucket(bucket)).versions()).isEmpty();
        s3.deleteBucket(it -> it.bucket(bucket));
        assertStatus(404, () -> s3.headBucket(it -> it.bucket(bucket)));
    }

    private static void assertRefused(String code, ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        AwsServiceException.class,
                        refused ->
                                assertThat(refused.awsErrorDetails().errorCode()).isEqualTo(code));
    }

    private static void assertStatus(int status, ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        AwsServiceException.class,
                        refused -> assertThat(refused.statusCode()).isEqualTo(status));
    }
}
