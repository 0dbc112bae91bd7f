package dev.orderflow.localcloud.cloudwatch;

import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// The history of all alarms, newest first, as `DescribeAlarmHistory` lists it. It outlives an
/// alarm.
final class AlarmHistory {

    private static final JsonMapper JSON = JsonMapper.shared();
    /// The types of items, of which the last two are those of other kinds of alarms.
    private static final Set<String> TYPES =
            Set.of(
                    "ConfigurationUpdate",
                    "StateUpdate",
                    "Action",
                    "AlarmContributorStateUpdate",
                    "AlarmContributorAction");
    private static final int KEPT = 10_000;
    private static final int PAGE = 100;

    private record AlarmHistoryItem(
            String alarm, String alarmType, String type, Instant at, String summary, String data) {}

    private final Deque<AlarmHistoryItem> items = new ArrayDeque<>();

    synchronized void add(Alarm alarm, String type, Instant at, String summary, JsonNode data) {
        items.addFirst(
                new AlarmHistoryItem(
                        alarm.name(), alarm.type(), type, at, summary, data.toString()));
        if (items.size() > KEPT) {
            items.removeLast();
        }
    }

    synchronized ObjectNode describe(ObjectNode input) {
        var alarm = CloudWatchParameters.optional(input, "AlarmName");
        var type = CloudWatchParameters.optionalOneOf(input, "HistoryItemType", TYPES);
        var from =
                input.hasNonNull("StartDate")
                        ? CloudWatchParameters.instant(input, "StartDate")
                        : null;
        var to =
                input.hasNonNull("EndDate") ? CloudWatchParameters.instant(input, "EndDate") : null;
        var alarmTypes = AlarmService.alarmTypes(input);
        List<AlarmHistoryItem> found =
                new ArrayList<>(
                        items.stream()
                                .filter(item -> alarmTypes.contains(item.alarmType()))
                                .filter(item -> alarm == null || item.alarm().equals(alarm))
                                .filter(item -> type == null || item.type().equals(type))
                                .filter(item -> from == null || !item.at().isBefore(from))
                                .filter(item -> to == null || !item.at().isAfter(to))
                                .toList());
        if (CloudWatchParameters.isAscending(input)) {
            found = found.reversed();
        }
        var answer = JSON.createObjectNode();
        var listed = answer.putArray("AlarmHistoryItems");
        var page = CloudWatchPaging.of("history", found, input, "MaxRecords", PAGE, PAGE, answer);
        for (var item : page) {
            listed.addObject()
                    .put("AlarmName", item.alarm())
                    .put("AlarmType", item.alarmType())
                    .put("Timestamp", item.at().toEpochMilli() / 1000.0)
                    .put("HistoryItemType", item.type())
                    .put("HistorySummary", item.summary())
                    .put("HistoryData", item.data());
        }
        return answer;
    }
}
