package dev.orderflow.localcloud.cloudwatch;

import dev.orderflow.localcloud.wire.AwsRequest;
import dev.orderflow.localcloud.wire.RequestShape;
import java.util.Map;

/// The members of CloudWatch requests; any other member is rejected by name.
///
/// Accepted without effect: `EvaluateLowSampleCountPercentile` and `StrictEntityValidation`, since
/// entities do not exist here.
final class CloudWatchRequestShapes {

    private static final String DIMENSIONS = " Dimensions:[Name Value] ";
    private static final String TAGS = " Tags:[Key Value] ";
    private static final String METRIC = " Namespace MetricName " + DIMENSIONS;
    private static final String QUERIES =
            "[Id Label Expression Period:number ReturnData:flag MetricStat:{Stat Unit Period:number"
                    + " Metric:{"
                    + METRIC
                    + "}}]";
    private static final String ALARM_NAMES = "AlarmNames:texts";

    private static final Map<String, RequestShape> BY_OPERATION =
            Map.ofEntries(
                    entry(
                            "PutMetricData",
                            "Namespace StrictEntityValidation:flag MetricData:[MetricName Unit"
                                    + " Value:number Values:numbers Counts:numbers Timestamp:time"
                                    + " StorageResolution:number StatisticValues:{SampleCount:number"
                                    + " Sum:number Minimum:number Maximum:number}"
                                    + DIMENSIONS
                                    + "]"),
                    entry(
                            "GetMetricStatistics",
                            METRIC
                                    + "StartTime:time EndTime:time Period:number Unit"
                                    + " Statistics:texts ExtendedStatistics:texts"),
                    entry(
                            "GetMetricData",
                            "StartTime:time EndTime:time ScanBy NextToken MaxDatapoints:number"
                                    + " MetricDataQueries:"
                                    + QUERIES),
                    entry("ListMetrics", METRIC + "NextToken RecentlyActive"),
                    entry(
                            "PutMetricAlarm",
                            METRIC
                                    + "AlarmName AlarmDescription ActionsEnabled:flag OKActions:texts"
                                    + " AlarmActions:texts InsufficientDataActions:texts Statistic"
                                    + " ExtendedStatistic Period:number Unit EvaluationPeriods:number"
                                    + " DatapointsToAlarm:number Threshold:number ComparisonOperator"
                                    + " TreatMissingData EvaluateLowSampleCountPercentile Metrics:"
                                    + QUERIES
                                    + TAGS),
                    entry(
                            "PutCompositeAlarm",
                            "AlarmName AlarmDescription AlarmRule ActionsEnabled:flag"
                                    + " OKActions:texts AlarmActions:texts"
                                    + " InsufficientDataActions:texts ActionsSuppressor"
                                    + " ActionsSuppressorWaitPeriod:number"
                                    + " ActionsSuppressorExtensionPeriod:number"
                                    + TAGS),
                    entry(
                            "DescribeAlarms",
                            ALARM_NAMES
                                    + " AlarmNamePrefix AlarmTypes:texts StateValue ActionPrefix"
                                    + " MaxRecords:number NextToken"),
                    entry(
                            "DescribeAlarmsForMetric",
                            METRIC + "Statistic ExtendedStatistic Period:number Unit"),
                    entry(
                            "DescribeAlarmHistory",
                            "AlarmName AlarmTypes:texts HistoryItemType StartDate:time EndDate:time"
                                    + " MaxRecords:number NextToken ScanBy"),
                    entry("DeleteAlarms", ALARM_NAMES),
                    entry("SetAlarmState", "AlarmName StateValue StateReason StateReasonData"),
                    entry("EnableAlarmActions", ALARM_NAMES),
                    entry("DisableAlarmActions", ALARM_NAMES),
                    entry("TagResource", "ResourceARN" + TAGS),
                    entry("UntagResource", "ResourceARN TagKeys:texts"),
                    entry("ListTagsForResource", "ResourceARN"),
                    entry("PutDashboard", "DashboardName DashboardBody"),
                    entry("GetDashboard", "DashboardName"),
                    entry("ListDashboards", "DashboardNamePrefix NextToken"),
                    entry("DeleteDashboards", "DashboardNames:texts"));

    private CloudWatchRequestShapes() {}

    private static Map.Entry<String, RequestShape> entry(String operation, String members) {
        return Map.entry(operation, RequestShape.of(members));
    }

    static void require(AwsRequest request) {
        var shape = BY_OPERATION.get(request.operation());
        if (shape != null) {
            shape.require(
                    request.operation(),
                    request.input(),
                    request.protocol(),
                    CloudWatchParameters::invalid);
        }
    }
}
