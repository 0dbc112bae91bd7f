package dev.orderflow.localcloud.cloudwatch;

import dev.orderflow.localcloud.wire.HttpGateway;
import java.util.List;
import tools.jackson.databind.node.ObjectNode;

/// The members of a request that name an alarm and its actions.
final class AlarmActions {

    static final String ALARM = "AlarmActions";
    static final String OK = "OKActions";
    static final String INSUFFICIENT_DATA = "InsufficientDataActions";

    private static final int MOST_ACTIONS = 5;

    private AlarmActions() {}

    /// Reads one of the three lists of actions.
    ///
    /// @throws dev.orderflow.localcloud.wire.AwsErrorException if an action is no SNS topic
    static List<String> read(ObjectNode input, String member) {
        var actions = CloudWatchParameters.strings(input, member);
        CloudWatchParameters.requireLength(actions.size(), member, MOST_ACTIONS);
        for (var action : actions) {
            if (!action.startsWith("arn:")) {
                throw CloudWatchParameters.validation("Invalid arn syntax: " + action);
            }
            if (!action.startsWith("arn:aws:sns:")) {
                throw CloudWatchParameters.unsupported(member + " other than SNS topics");
            }
        }
        return List.copyOf(actions);
    }

    /// Copies name, ARN, description and actions into the description of an alarm.
    static void describe(ObjectNode input, String name, String region, ObjectNode description) {
        description.put("AlarmName", name).put("AlarmArn", arn(name, region));
        if (input.hasNonNull("AlarmDescription")) {
            description.put("AlarmDescription", input.path("AlarmDescription").asString(""));
        }
        description.put("ActionsEnabled", CloudWatchParameters.flag(input, "ActionsEnabled", true));
        for (var member : List.of(ALARM, OK, INSUFFICIENT_DATA)) {
            read(input, member).forEach(description.putArray(member)::add);
        }
    }

    static String arn(String name, String region) {
        return "arn:aws:cloudwatch:%s:%s:alarm:%s".formatted(region, HttpGateway.ACCOUNT, name);
    }
}
