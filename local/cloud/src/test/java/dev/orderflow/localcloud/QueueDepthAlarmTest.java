package dev.orderflow.localcloud;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.net.URI;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.awscore.client.builder.AwsClientBuilder;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.cloudwatch.CloudWatchClient;
import software.amazon.awssdk.services.cloudwatch.model.ComparisonOperator;
import software.amazon.awssdk.services.cloudwatch.model.Statistic;
import software.amazon.awssdk.services.sns.SnsClient;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sqs.model.QueueAttributeName;

@Execution(ExecutionMode.CONCURRENT)
class QueueDepthAlarmTest {

    @Test
    void aMessageInADeadLetterQueueRaisesAnAlarmAndItsRemovalClearsIt() {
        try (var cloud = LocalCloud.builder().clockFactor(240).start();
                var sqs = client(SqsClient.builder(), cloud.endpoint());
                var sns = client(SnsClient.builder(), cloud.endpoint());
                var cloudWatch = client(CloudWatchClient.builder(), cloud.endpoint())) {
            var dlq = sqs.createQueue(queue -> queue.queueName("orders-dlq")).queueUrl();
            var pager = sqs.createQueue(queue -> queue.queueName("pager")).queueUrl();
            var pagerArn =
                    sqs.getQueueAttributes(
                                    get ->
                                            get.queueUrl(pager)
                                                    .attributeNames(QueueAttributeName.QUEUE_ARN))
                            .attributes()
                            .get(QueueAttributeName.QUEUE_ARN);
            var topic = sns.createTopic(create -> create.name("alarms")).topicArn();
            sns.subscribe(to -> to.topicArn(topic).protocol("sqs").endpoint(pagerArn));
            cloudWatch.putMetricAlarm(
                    alarm ->
                            alarm.alarmName("orders-dlq-depth")
                                    .namespace("AWS/SQS")
                                    .metricName("ApproximateNumberOfMessagesVisible")
                                    .dimensions(d -> d.name("QueueName").value("orders-dlq"))
                                    .statistic(Statistic.MAXIMUM)
                                    .period(60)
                                    .evaluationPeriods(1)
                                    .threshold(0.0)
                                    .comparisonOperator(ComparisonOperator.GREATER_THAN_THRESHOLD)
                                    .treatMissingData("ignore")
                                    .alarmActions(topic)
                                    .okActions(topic));

            sqs.sendMessage(send -> send.queueUrl(dlq).messageBody("dead letter"));
            awaitPage(sqs, pager, "\\\"NewStateValue\\\":\\\"ALARM\\\"");

            sqs.purgeQueue(purge -> purge.queueUrl(dlq));
            awaitPage(sqs, pager, "\\\"NewStateValue\\\":\\\"OK\\\"");
        }
    }

    @Test
    void anAlarmWithoutDatapointsReportsInsufficientData() {
        try (var cloud = LocalCloud.builder().clockFactor(240).start();
                var cloudWatch = client(CloudWatchClient.builder(), cloud.endpoint())) {
            cloudWatch.putMetricAlarm(
                    alarm ->
                            alarm.alarmName("without-data")
                                    .namespace("Shop")
                                    .metricName("orders")
                                    .statistic(Statistic.SUM)
                                    .period(60)
                                    .evaluationPeriods(1)
                                    .threshold(0.0)
                                    .comparisonOperator(ComparisonOperator.GREATER_THAN_THRESHOLD));
            cloudWatch.setAlarmState(
                    to ->
                            to.alarmName("without-data")
                                    .stateValue("OK")
                                    .stateReason("set by the test"));

            await().atMost(Duration.ofMinutes(2))
                    .untilAsserted(
                            () ->
                                    assertThat(cloudWatch.describeAlarms().metricAlarms())
                                            .singleElement()
                                            .satisfies(
                                                    alarm -> {
                                                        assertThat(alarm.stateValueAsString())
                                                                .isEqualTo("INSUFFICIENT_DATA");
                                                        assertThat(alarm.stateReason())
                                                                .startsWith("Insufficient Data: ");
                                                    }));
        }
    }

    private static void awaitPage(SqsClient sqs, String pager, String text) {
        await().atMost(Duration.ofMinutes(2))
                .untilAsserted(
                        () -> {
                            var messages =
                                    sqs.receiveMessage(of -> of.queueUrl(pager).waitTimeSeconds(1))
                                            .messages();
                            messages.forEach(
                                    message ->
                                            sqs.deleteMessage(
                                                    of ->
                                                            of.queueUrl(pager)
                                                                    .receiptHandle(
                                                                            message
                                                                                    .receiptHandle())));
                            assertThat(messages)
                                    .anySatisfy(
                                            message -> assertThat(message.body()).contains(text));
                        });
    }

    private static <B extends AwsClientBuilder<B, C>, C> C client(B builder, URI endpoint) {
        return builder.endpointOverride(endpoint)
                .region(Region.US_EAST_1)
                .credentialsProvider(
                        StaticCredentialsProvider.create(
                                AwsBasicCredentials.create("test", "test")))
                .build();
    }
}
