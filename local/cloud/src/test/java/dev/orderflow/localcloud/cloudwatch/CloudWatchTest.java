package dev.orderflow.localcloud.cloudwatch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.orderflow.localcloud.sqs.Sqs;
import dev.orderflow.localcloud.time.CloudClock;
import dev.orderflow.localcloud.wire.AwsErrorException;
import dev.orderflow.localcloud.wire.AwsProtocol;
import dev.orderflow.localcloud.wire.AwsRequest;
import dev.orderflow.localcloud.wire.RequestContext;
import java.net.URI;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

class CloudWatchTest {

    private static final JsonMapper JSON = JsonMapper.shared();
    private static final long NOW =
            Instant.now().truncatedTo(ChronoUnit.MINUTES).minusSeconds(600).getEpochSecond();

    private final CloudWatch cloudWatch =
            new CloudWatch(
                    new CloudClock(1),
                    new Sqs(new CloudClock(1)),
                    () -> (_, _, _, _) -> "message",
                    IgnoringEventBusPort::new);

    @AfterEach
    void close() {
        cloudWatch.close();
    }

    @Test
    void seriesWithDifferentUnitsAreSeparate() {
        put("m", 1, ",'Unit':'Count'");
        put("m", 5, ",'Unit':'Bytes'");
        var all = statistics("").path("Datapoints");
        assertThat(all.valueStream().map(point -> point.path("Unit").asString()))
                .containsExactlyInAnyOrder("Count", "Bytes");
        var bytes = statistics(",'Unit':'Bytes'").path("Datapoints");
        assertThat(bytes).hasSize(1);
        assertThat(bytes.path(0).path("Sum").asDouble()).isEqualTo(5);
    }

    private JsonNode statistics(String more) {
        return call(
                "GetMetricStatistics",
                "{'Namespace':'N','MetricName':'m','StartTime':%d,'EndTime':%d,'Period':60,'Statistics':['Sum']%s}"
                        .formatted(NOW, NOW + 60, more));
    }

    @Test
    void theAgeOfASampleIsNotAccelerated() {
        var clock = new CloudClock(1_000);
        try (var accelerated =
                new CloudWatch(
                        clock,
                        new Sqs(clock),
                        () -> (_, _, _, _) -> "message",
                        IgnoringEventBusPort::new)) {
            long before = clock.instant().getEpochSecond();
            call(
                    accelerated,
                    "PutMetricData",
                    "{'Namespace':'N','MetricData':[{'MetricName':'m','Value':5,'Timestamp':%d}]}"
                            .formatted(Instant.now().minusSeconds(600).getEpochSecond()));
            long after = clock.instant().getEpochSecond();

            var datapoints =
                    call(
                                    accelerated,
                                    "GetMetricStatistics",
                                    "{'Namespace':'N','MetricName':'m','StartTime':%d,'EndTime':%d,'Period':3600,'Statistics':['Sum']}"
                                            .formatted(before - 660, after - 540))
                            .path("Datapoints");
            assertThat(datapoints).hasSize(1);
        }
    }

    @Test
    void metricsAreListedInPagesOfFiveHundred() {
        var request = JSON.createObjectNode().put("Namespace", "N");
        var data = request.putArray("MetricData");
        for (int i = 0; i < 501; i++) {
            data.addObject().put("MetricName", "m" + i).put("Value", 1);
        }
        call("PutMetricData", request);
        var first = call("ListMetrics", "{}");
        assertThat(first.path("Metrics")).hasSize(500);
        var second =
                call("ListMetrics", "{'NextToken':'" + first.path("NextToken").asString() + "'}");
        assertThat(second.path("Metrics")).hasSize(1);
        assertThat(second.has("NextToken")).isFalse();
    }

    /// https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_ListMetrics.html
    @Test
    void aRecentlyActiveMetricHasASampleOfTheLastThreeHours() {
        long now = Instant.now().getEpochSecond();
        call(
                "PutMetricData",
                "{'Namespace':'N','MetricData':[{'MetricName':'recent','Value':1,'Timestamp':%d},{'MetricName':'old','Value':1,'Timestamp':%d}]}"
                        .formatted(now - 2 * 3_600, now - 4 * 3_600));
        assertThat(call("ListMetrics", "{'RecentlyActive':'PT3H'}").path("Metrics"))
                .singleElement()
                .satisfies(
                        metric ->
                                assertThat(metric.path("MetricName").asString())
                                        .isEqualTo("recent"));
        assertThat(refused("ListMetrics", "{'RecentlyActive':'PT4H'}").code())
                .isEqualTo("ValidationError");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "a + b | 30",
                "(a + b) * 2 - 1 | 59",
                "-a ^ 2 | 100",
                "b / a | 2",
                "SUM(METRICS()) | 30",
                "MAX([a, b]) | 20",
                "AVG([a, b]) | 15",
                "IF(a > 5, b, 0) | 20",
                "IF(a == 5, b, 1) | 1",
                "FILL(none, 7) | 7",
                "METRIC_COUNT(METRICS()) | 3",
                "ABS(a - b) | 10",
            })
    void metricMathIsComputed(String expression, double expected) {
        put("a", 10, "");
        put("b", 20, "");
        assertThat(data(expression, "").at("/MetricDataResults/0/Values/0").asDouble())
                .isEqualTo(expected);
    }

    @ParameterizedTest
    @ValueSource(strings = {"a +", "c", "a b", "(a", "SEARCH(a)", "[a"})
    void anInvalidExpressionIsRejected(String expression) {
        put("a", 10, "");
        assertThat(catchThrowableOfType(AwsErrorException.class, () -> data(expression, "")))
                .isNotNull();
    }

    private JsonNode data(String expression, String more) {
        var queries = new StringBuilder();
        for (var metric : List.of("a", "b", "none")) {
            queries.append(
                    "{'Id':'%s','ReturnData':false,'MetricStat':{'Stat':'Sum','Period':60,'Metric':{'Namespace':'N','MetricName':'%s'}}},"
                            .formatted(metric, metric));
        }
        return call(
                "GetMetricData",
                "{'StartTime':%d,'EndTime':%d,'MetricDataQueries':[%s{'Id':'e','Expression':'%s'}]%s}"
                        .formatted(NOW, NOW + 60, queries, expression, more));
    }

    @Test
    void datapointsArePagedLatestFirstByDefault() {
        for (int i = 0; i < 3; i++) {
            putAt("m", i, NOW + 60L * i, "");
        }
        var request =
                "{'StartTime':%d,'EndTime':%d,'MaxDatapoints':2,'MetricDataQueries':[{'Id':'q','MetricStat':{'Stat':'Sum','Period':60,'Metric':{'Namespace':'N','MetricName':'m'}}}]%s}";
        var first = call("GetMetricData", request.formatted(NOW, NOW + 180, ""));
        assertThat(first.at("/MetricDataResults/0/Values").toString()).isEqualTo("[2.0,1.0]");
        assertThat(first.at("/MetricDataResults/0/StatusCode").asString()).isEqualTo("PartialData");
        var second =
                call(
                        "GetMetricData",
                        request.formatted(
                                NOW,
                                NOW + 180,
                                ",'NextToken':'" + first.path("NextToken").asString() + "'"));
        assertThat(second.at("/MetricDataResults/0/Values").toString()).isEqualTo("[0.0]");
        assertThat(second.has("NextToken")).isFalse();
        var ascending =
                call(
                        "GetMetricData",
                        request.formatted(NOW, NOW + 180, ",'ScanBy':'TimestampAscending'"));
        assertThat(ascending.at("/MetricDataResults/0/Values").toString()).isEqualTo("[0.0,1.0]");
    }

    @Test
    void anAlarmHasTagsTimesAndAHistory() {
        alarm("one", ",'Tags':[{'Key':'team','Value':'shop'}],'Unit':'Count'");
        var alarm = call("DescribeAlarms", "{}").at("/MetricAlarms/0");
        assertThat(alarm.path("Unit").asString()).isEqualTo("Count");
        assertThat(alarm.path("AlarmConfigurationUpdatedTimestamp").isNumber()).isTrue();
        assertThat(alarm.path("StateTransitionedTimestamp").isNumber()).isTrue();
        var arn = alarm.path("AlarmArn").asString();
        assertThat(tags(arn)).isEqualTo("[{\"Key\":\"team\",\"Value\":\"shop\"}]");
        call("UntagResource", "{'ResourceARN':'" + arn + "','TagKeys':['team']}");
        assertThat(tags(arn)).isEqualTo("[]");

        call("SetAlarmState", "{'AlarmName':'one','StateValue':'OK','StateReason':'by hand'}");
        var history = call("DescribeAlarmHistory", "{'AlarmName':'one'}").path("AlarmHistoryItems");
        assertThat(history.valueStream().map(item -> item.path("HistorySummary").asString()))
                .containsExactly(
                        "Alarm updated from INSUFFICIENT_DATA to OK", "Alarm \"one\" created");
    }

    private String tags(String arn) {
        return call("ListTagsForResource", "{'ResourceARN':'" + arn + "'}").path("Tags").toString();
    }

    @Test
    void alarmsAreFoundByTheirMetricAndListedInPages() {
        List.of("one", "two", "three").forEach(name -> alarm(name, ""));
        assertThat(
                        call("DescribeAlarmsForMetric", "{'Namespace':'N','MetricName':'m'}")
                                .path("MetricAlarms"))
                .hasSize(3);
        assertThat(
                        call("DescribeAlarmsForMetric", "{'Namespace':'N','MetricName':'other'}")
                                .path("MetricAlarms"))
                .isEmpty();
        var first = call("DescribeAlarms", "{'MaxRecords':2}");
        assertThat(first.path("MetricAlarms")).hasSize(2);
        assertThat(
                        call(
                                        "DescribeAlarms",
                                        "{'MaxRecords':2,'NextToken':'"
                                                + first.path("NextToken").asString()
                                                + "'}")
                                .path("MetricAlarms"))
                .hasSize(1);
    }

    @Test
    void compositeAlarmsAreListedOnRequestAndGuardTheAlarmsTheyDependOn() {
        alarm("one", "");
        alarm("two", "");
        alarm("suppressor", "");
        call(
                "PutCompositeAlarm",
                "{'AlarmName':'page','AlarmRule':'ALARM(one) OR ALARM(two)','AlarmDescription':'d','ActionsSuppressor':'suppressor','ActionsSuppressorWaitPeriod':60,'ActionsSuppressorExtensionPeriod':0}");

        var listed = call("DescribeAlarms", "{'AlarmTypes':['CompositeAlarm','MetricAlarm']}");
        assertThat(listed.path("MetricAlarms")).hasSize(3);
        assertThat(listed.at("/CompositeAlarms/0/AlarmRule").asString())
                .isEqualTo("ALARM(one) OR ALARM(two)");
        assertThat(listed.at("/CompositeAlarms/0/ActionsSuppressorWaitPeriod").asInt())
                .isEqualTo(60);
        assertThat(call("DescribeAlarms", "{}").path("CompositeAlarms")).isEmpty();
        assertThat(refused("DeleteAlarms", "{'AlarmNames':['one']}").getMessage())
                .isEqualTo("Cannot delete one as there are composite alarm(s) depending on it.");
        assertThat(refused("DeleteAlarms", "{'AlarmNames':['suppressor']}").code())
                .isEqualTo("ValidationError");
        assertThat(refused("DeleteAlarms", "{'AlarmNames':['page','one']}").code())
                .isEqualTo("ValidationError");
        call("DeleteAlarms", "{'AlarmNames':['page']}");
        call("DeleteAlarms", "{'AlarmNames':['one']}");
    }

    private void alarm(String name, String more) {
        call(
                "PutMetricAlarm",
                "{'AlarmName':'%s','Namespace':'N','MetricName':'m','Statistic':'Sum','Period':60,'EvaluationPeriods':1,'Threshold':1,'ComparisonOperator':'GreaterThanThreshold'%s}"
                        .formatted(name, more));
    }

    private void put(String metric, double value, String more) {
        putAt(metric, value, NOW, more);
    }

    private void putAt(String metric, double value, long at, String more) {
        call(
                "PutMetricData",
                "{'Namespace':'N','MetricData':[{'MetricName':'%s','Value':%s,'Timestamp':%d%s}]}"
                        .formatted(metric, value, at, more));
    }

    private AwsErrorException refused(String operation, String input) {
        var refused = catchThrowableOfType(AwsErrorException.class, () -> call(operation, input));
        assertThat(refused).as(operation + " " + input).isNotNull();
        return refused;
    }

    private JsonNode call(String operation, String input) {
        return call(cloudWatch, operation, input);
    }

    private JsonNode call(String operation, ObjectNode input) {
        return call(cloudWatch, operation, input);
    }

    private static JsonNode call(CloudWatch service, String operation, String input) {
        return call(service, operation, (ObjectNode) JSON.readTree(input.replace('\'', '"')));
    }

    private static JsonNode call(CloudWatch service, String operation, ObjectNode input) {
        return service.handle(
                new AwsRequest(
                        AwsProtocol.JSON_1_0,
                        operation,
                        input,
                        new RequestContext(
                                UUID.randomUUID(),
                                "us-east-1",
                                "000000000000",
                                URI.create("http://localhost:4566"))));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '^',
            textBlock =
                    """
                    PutMetricData | {'Namespace':'LONG','MetricData':[{'MetricName':'m','Value':1}]} | InvalidParameterValue
                    PutMetricData | {'Namespace':':n','MetricData':[{'MetricName':'m','Value':1}]} | InvalidParameterValue
                    PutMetricData | {'Namespace':'N','MetricData':[{'MetricName':'LONG','Value':1}]} | InvalidParameterValue
                    PutMetricData | {'Namespace':'N','MetricData':[{'MetricName':'m','Value':1,'StorageResolution':5}]} | InvalidParameterValue
                    PutMetricData | {'Namespace':'N','MetricData':[{'MetricName':'m','Value':1,'Dimensions':[{'Name':':d','Value':'v'}]}]} | InvalidParameterValue
                    PutMetricData | {'Namespace':'N','MetricData':[{'MetricName':'m','Value':1,'Dimensions':[{'Name':'LONG','Value':'v'}]}]} | InvalidParameterValue
                    PutMetricData | {'Namespace':'N','MetricData':[{'MetricName':'m','Value':1,'Dimensions':[{'Name':'d','Value':'\u00e4'}]}]} | InvalidParameterValue
                    PutMetricData | {'Namespace':'N','MetricData':[{'MetricName':'m','Value':1,'Dimensions':[{'Name':'d','Value':'a'},{'Name':'d','Value':'b'}]}]} | InvalidParameterValue
                    PutMetricData | {'Namespace':'N','MetricData':[{'MetricName':'m','StatisticValues':{'SampleCount':1,'Sum':1,'Minimum':2,'Maximum':1}}]} | InvalidParameterValue
                    PutMetricData | {'Namespace':'N','MetricData':[{'MetricName':'m','Values':[1],'Counts':[-1]}]} | InvalidParameterValue
                    PutMetricAlarm | {'AlarmName':'LONG',ALARM} | ValidationError
                    PutMetricAlarm | {'AlarmName':'a','AlarmDescription':'LONGLONGLONGLONGLONG',ALARM} | ValidationError
                    PutMetricAlarm | {'AlarmName':'a','OKActions':['arn:aws:sns:a','arn:aws:sns:b','arn:aws:sns:c','arn:aws:sns:d','arn:aws:sns:e','arn:aws:sns:f'],ALARM} | ValidationError
                    PutMetricAlarm | {'AlarmName':'a','ExtendedStatistic':'p99',ALARM} | InvalidParameterCombination
                    PutMetricAlarm | {'AlarmName':'a','Tags':[{'Key':'aws:x','Value':'y'}],ALARM} | InvalidParameterValue
                    PutMetricAlarm | {'AlarmName':'a','EvaluateLowSampleCountPercentile':'x',ALARM} | InvalidParameterValue
                    PutCompositeAlarm | {'AlarmName':'LONG','AlarmRule':'TRUE'} | ValidationError
                    PutCompositeAlarm | {'AlarmName':'a'} | MissingParameter
                    PutCompositeAlarm | {'AlarmName':'a','AlarmRule':' '} | MissingParameter
                    PutCompositeAlarm | {'AlarmName':'a','AlarmRule':'OK(missing)'} | ValidationError
                    PutCompositeAlarm | {'AlarmName':'a','AlarmRule':'OK(a)'} | ValidationError
                    PutCompositeAlarm | {'AlarmName':'there','AlarmRule':'TRUE'} | ValidationError
                    PutCompositeAlarm | {'AlarmName':'a','AlarmRule':'OK(there'} | ValidationError
                    PutCompositeAlarm | {'AlarmName':'a','AlarmRule':'TRUE','ActionsSuppressor':'there'} | ValidationError
                    PutCompositeAlarm | {'AlarmName':'a','AlarmRule':'TRUE','ActionsSuppressorWaitPeriod':1} | ValidationError
                    PutCompositeAlarm | {'AlarmName':'a','AlarmRule':'TRUE','ActionsSuppressor':'missing','ActionsSuppressorWaitPeriod':1,'ActionsSuppressorExtensionPeriod':1} | ValidationError
                    PutCompositeAlarm | {'AlarmName':'a','AlarmRule':'TRUE','ActionsSuppressor':'there','ActionsSuppressorWaitPeriod':-1,'ActionsSuppressorExtensionPeriod':1} | InvalidParameterValue
                    PutCompositeAlarm | {'AlarmName':'a','AlarmRule':'TRUE','AlarmActions':['arn:aws:lambda:a']} | InvalidParameterValue
                    GetMetricStatistics | {'Namespace':'N','MetricName':'m','StartTime':0,'EndTime':600,'Period':60,'Statistics':['Sum'],'ExtendedStatistics':['p99']} | InvalidParameterCombination
                    GetMetricStatistics | {'Namespace':'N','MetricName':'m','StartTime':0,'EndTime':600,'Period':60,'Statistics':['p99']} | InvalidParameterValue
                    GetMetricStatistics | {'Namespace':'N','MetricName':'m','StartTime':0,'EndTime':600,'Period':60,'ExtendedStatistics':['Sum']} | InvalidParameterValue
                    GetMetricData | {'ScanBy':'X','StartTime':0,'EndTime':600,'MetricDataQueries':[{'Id':'a','MetricStat':{'Metric':{'Namespace':'N','MetricName':'m'},'Period':60,'Stat':'Sum'}}]} | InvalidParameterValue
                    DescribeAlarmHistory | {'ScanBy':'X'} | InvalidParameterValue
                    DescribeAlarmHistory | {'HistoryItemType':'X'} | InvalidParameterValue
                    DescribeAlarms | {'StateValue':'X'} | InvalidParameterValue
                    DescribeAlarmsForMetric | {'Namespace':'LONG','MetricName':'m'} | InvalidParameterValue
                    DescribeAlarmsForMetric | {'Namespace':':n','MetricName':'m'} | InvalidParameterValue
                    DescribeAlarmsForMetric | {'Namespace':'N','MetricName':'LONG'} | InvalidParameterValue
                    SetAlarmState | {'AlarmName':'LONG','StateValue':'OK','StateReason':'r'} | ValidationError
                    SetAlarmState | {'AlarmName':'there','StateValue':'OK','StateReason':'r','StateReasonData':'{'} | InvalidFormat
                    SetAlarmState | {'AlarmName':'there','StateValue':'OK','StateReason':'LONGLONGLONGLONGLONG'} | ValidationError
                    """)
    void aRequestBeyondADocumentedLimitIsRejectedAndChangesNothing(
            String operation, String input, String code) {
        var alarm =
                "'Namespace':'N','MetricName':'m','Statistic':'Sum','Period':60,'EvaluationPeriods':1,"
                        + "'Threshold':1,'ComparisonOperator':'GreaterThanThreshold'";
        call("PutMetricAlarm", "{'AlarmName':'there'," + alarm + "}");
        var refused =
                refused(operation, input.replace("ALARM", alarm).replace("LONG", "x".repeat(256)));
        assertThat(refused.code()).as(refused.getMessage()).isEqualTo(code);
        assertThat(call("DescribeAlarms", "{}").path("MetricAlarms")).hasSize(1);
        assertThat(call("ListMetrics", "{}").path("Metrics")).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "m > 1 && m < 5; 1",
                "m > 1 AND m > 5; 0",
                "m > 5 || m < 5; 1",
                "m > 5 OR m > 6; 0",
                "m > 5 && m > 6 || m > 1; 1",
                "m > 1 || m > 5 && m > 6; 1",
                "IF(m > 1 AND m < 5, 10, 20); 10",
                "(m > 5 OR m > 1) AND 0; 0"
            })
    void conditionsOfMetricMathAreJoined(String expression, double value) {
        put("m", 3, "");
        var data =
                call(
                        "GetMetricData",
                        "{'StartTime':%d,'EndTime':%d,'MetricDataQueries':[{'Id':'e','Expression':'%s'},{'Id':'m','ReturnData':false,'MetricStat':{'Metric':{'Namespace':'N','MetricName':'m'},'Period':60,'Stat':'Sum'}}]}"
                                .formatted(NOW - 600, NOW + 600, expression));
        assertThat(data.path("MetricDataResults").path(0).path("Values").path(0).asDouble())
                .isEqualTo(value);
    }
}
