package dev.orderflow.localcloud.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.services.cloudwatch.CloudWatchClient;
import software.amazon.awssdk.services.eventbridge.EventBridgeClient;
import software.amazon.awssdk.services.sesv2.SesV2Client;
import software.amazon.awssdk.services.sfn.SfnClient;
import software.amazon.awssdk.services.sns.SnsClient;
import software.amazon.awssdk.services.sqs.SqsClient;

/// Every service has the same rules for tags, and keeps none of a request that breaks one
/// (https://docs.aws.amazon.com/tag-editor/latest/userguide/best-practices-and-strats.html).
class TagRulesTest {

    private interface TagOperation {
        void tag(Map<String, String> tags);
    }

    @Test
    void anInvalidTagIsRejectedByEveryService() {
        var name = CloudUnderTest.unique("tagged");
        try (var sqs = CloudUnderTest.client(SqsClient.builder());
                var sns = CloudUnderTest.client(SnsClient.builder());
                var events = CloudUnderTest.client(EventBridgeClient.builder());
                var states = CloudUnderTest.client(SfnClient.builder());
                var cloudWatch = CloudUnderTest.client(CloudWatchClient.builder());
                var s3 = CloudUnderTest.s3();
                var ses = CloudUnderTest.client(SesV2Client.builder())) {
            var queue = sqs.createQueue(it -> it.queueName(name)).queueUrl();
            var topic = sns.createTopic(it -> it.name(name)).topicArn();
            var bus = events.createEventBus(it -> it.name(name)).eventBusArn();
            var machine =
                    states.createStateMachine(
                                    it ->
                                            it.name(name)
                                                    .roleArn("arn:aws:iam::000000000000:role/r")
                                                    .definition(
                                                            "{\"StartAt\":\"A\",\"States\":{\"A\":{\"Type\":\"Succeed\"}}}"))
                            .stateMachineArn();
            cloudWatch.putMetricAlarm(
                    it ->
                            it.alarmName(name)
                                    .namespace("n")
                                    .metricName("m")
                                    .statistic("Sum")
                                    .period(60)
                                    .evaluationPeriods(1)
                                    .threshold(1.0)
                                    .comparisonOperator("GreaterThanThreshold"));
            var alarm =
                    cloudWatch
                            .describeAlarms(it -> it.alarmNames(name))
                            .metricAlarms()
                            .getFirst()
                            .alarmArn();
            s3.createBucket(it -> it.bucket(name));
            var identity = "arn:aws:ses:us-east-1:000000000000:identity/%s.example".formatted(name);
            ses.createEmailIdentity(it -> it.emailIdentity(name + ".example"));

            var services = new LinkedHashMap<String, TagOperation>();
            services.put("sqs", tags -> sqs.tagQueue(it -> it.queueUrl(queue).tags(tags)));
            services.put(
                    "sns",
                    tags ->
                            sns.tagResource(
                                    it ->
                                            it.resourceArn(topic)
                                                    .tags(
                                                            list(
                                                                    tags,
                                                                    (key, value) ->
                                                                            software.amazon.awssdk
                                                                                    .services.sns
                                                                                    .model.Tag
                                                                                    .builder()
                                                                                    .key(key)
                                                                                    .value(value)
                                                                                    .build()))));
            services.put(
                    "events",
                    tags ->
                            events.tagResource(
                                    it ->
                                            it.resourceARN(bus)
                                                    .tags(
                                                            list(
                                                                    tags,
                                                                    (key, value) ->
                                                                            software.amazon.awssdk
                                                                                    .services
                                                                                    .eventbridge
                                                                                    .model.Tag
                                                                                    .builder()
                                                                                    .key(key)
                                                                                    .value(value)
                                                                                    .build()))));
            services.put(
                    "states",
                    tags ->
                            states.tagResource(
                                    it ->
                                            it.resourceArn(machine)
                                                    .tags(
                                                            list(
                                                                    tags,
                                                                    (key, value) ->
                                                                            software.amazon.awssdk
                                                                                    .services.sfn
                                                                                    .model.Tag
                                                                                    .builder()
                                                                                    .key(key)
                                                                                    .value(value)
                                                                                    .build()))));
            services.put(
                    "cloudwatch",
                    tags ->
                            cloudWatch.tagResource(
                                    it ->
                                            it.resourceARN(alarm)
                                                    .tags(
                                                            list(
                                                                    tags,
                                                                    (key, value) ->
                                                                            software.amazon.awssdk
                                                                                    .services
                                                                                    .cloudwatch
                                                                                    .model.Tag
                                                                                    .builder()
                                                                                    .key(key)
                                                                                    .value(value)
                                                                                    .build()))));
            services.put(
                    "s3",
                    tags ->
                            s3.putBucketTagging(
                                    it ->
                                            it.bucket(name)
                                                    .tagging(
                                                            to ->
                                                                    to.tagSet(
                                                                            list(
                                                                                    tags,
                                                                                    (key, value) ->
                                                                                            software
                                                                                                    .amazon
                                                                                                    .awssdk
                                                                                                    .services
                                                                                                    .s3
                                                                                                    .model
                                                                                                    .Tag
                                                                                                    .builder()
                                                                                                    .key(
                                                                                                            key)
                                                                                                    .value(
                                                                                                            value)
                                                                                                    .build())))));
            services.put(
                    "ses",
                    tags ->
                            ses.tagResource(
                                    it ->
                                            it.resourceArn(identity)
                                                    .tags(
                                                            list(
                                                                    tags,
                                                                    (key, value) ->
                                                                            software.amazon.awssdk
                                                                                    .services.sesv2
                                                                                    .model.Tag
                                                                                    .builder()
                                                                                    .key(key)
                                                                                    .value(value)
                                                                                    .build()))));

            services.forEach(
                    (service, tagging) -> {
                        tagging.tag(Map.of("k".repeat(128), "v".repeat(256)));
                        tagging.tag(Map.of("Kost & Logis".replace("&", "+"), "é @:/=._-"));
                        for (var broken :
                                List.of(
                                        Map.of("k".repeat(129), "v"),
                                        Map.of("aws:k", "v"),
                                        Map.of("k", "v".repeat(257)),
                                        Map.of("k?", "v"),
                                        Map.of("k", "v;"),
                                        many())) {
                            assertThatThrownBy(() -> tagging.tag(broken))
                                    .as(service + broken)
                                    .isInstanceOfSatisfying(
                                            AwsServiceException.class,
                                            refused ->
                                                    assertThat(refused.statusCode())
                                                            .isEqualTo(400));
                        }
                    });
            assertThat(sqs.listQueueTags(it -> it.queueUrl(queue)).tags()).hasSize(2);
            assertThat(sns.listTagsForResource(it -> it.resourceArn(topic)).tags()).hasSize(2);
            assertThat(cloudWatch.listTagsForResource(it -> it.resourceARN(alarm)).tags())
                    .hasSize(2);
        }
    }

    private static Map<String, String> many() {
        var many = new LinkedHashMap<String, String>();
        IntStream.range(0, 51).forEach(i -> many.put("k" + i, "v"));
        return many;
    }

    private interface TagFactory<T> {
        T of(String key, String value);
    }

    private static <T> List<T> list(Map<String, String> tags, TagFactory<T> make) {
        var list = new ArrayList<T>();
        tags.forEach((key, value) -> list.add(make.of(key, value)));
        return list;
    }
}
