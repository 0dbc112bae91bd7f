package dev.orderflow.localcloud.cloudwatch;

import dev.orderflow.localcloud.wire.AwsErrorException;
import dev.orderflow.localcloud.wire.HttpGateway;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// Dashboards, stored as given and not drawn.
final class DashboardService {

    private static final JsonMapper JSON = JsonMapper.shared();

    /// docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutDashboard.html
    private static final String NAME = "[A-Za-z0-9_-]{1,255}";

    private static final int PAGE = 1_000;
    private static final int MOST_WIDGETS = 500;
    private static final List<String> WIDGETS =
            List.of("alarm", "custom", "explorer", "log", "metric", "text");

    private final Map<String, String> bodies = new ConcurrentSkipListMap<>();

    /// @throws AwsErrorException `DashboardInvalidInputError` for an invalid name or body
    ObjectNode put(ObjectNode input) {
        var name = input.path("DashboardName").asString("");
        if (!name.matches(NAME)) {
            throw invalid("DashboardName must be 1 to 255 of A-Z, a-z, 0-9, - and _");
        }
        var body = input.path("DashboardBody").asString("");
        var problem = problem(body);
        if (problem != null) {
            throw invalid("The dashboard body is invalid: " + problem);
        }
        bodies.put(name, body);
        var answer = JSON.createObjectNode();
        answer.putArray("DashboardValidationMessages");
        return answer;
    }

    /// @throws AwsErrorException `DashboardNotFoundError` if it does not exist
    ObjectNode get(ObjectNode input) {
        var name = input.path("DashboardName").asString("");
        return JSON.createObjectNode()
                .put("DashboardArn", arn(name))
                .put("DashboardName", name)
                .put("DashboardBody", findDashboard(name));
    }

    ObjectNode list(ObjectNode input) {
        var prefix = input.path("DashboardNamePrefix").asString("");
        var answer = JSON.createObjectNode();
        var entries = answer.putArray("DashboardEntries");
        var found =
                bodies.entrySet().stream().filter(it -> it.getKey().startsWith(prefix)).toList();
        for (var board :
                CloudWatchPaging.of("dashboards", found, input, "MaxRecords", PAGE, PAGE, answer)) {
            entries.addObject()
                    .put("DashboardArn", arn(board.getKey()))
                    .put("DashboardName", board.getKey())
                    .put("Size", board.getValue().length());
        }
        return answer;
    }

    /// Deletes all named dashboards, or none.
    ///
    /// @throws AwsErrorException `DashboardNotFoundError` if one does not exist
    ObjectNode delete(ObjectNode input) {
        var names = input.path("DashboardNames").valueStream().map(JsonNode::asString).toList();
        names.forEach(this::findDashboard);
        names.forEach(bodies::remove);
        return JSON.createObjectNode();
    }

    private String findDashboard(String name) {
        var body = bodies.get(name);
        if (body == null) {
            throw AwsErrorException.of(
                    404,
                    "DashboardNotFoundError",
                    "ResourceNotFound",
                    "Dashboard " + name + " does not exist");
        }
        return body;
    }

    /// What is wrong with a body, null if nothing is ("Dashboard body structure and syntax" of the
    /// API reference). The properties of widgets are not checked, because dashboards are not drawn.
    private static @Nullable String problem(String body) {
        JsonNode widgets;
        try {
            widgets = JSON.readTree(body).path("widgets");
        } catch (JacksonException _) {
            return "it is not JSON";
        }
        if (!widgets.isArray()) {
            return "it must be an object with an array of widgets";
        }
        if (widgets.size() > MOST_WIDGETS) {
            return "it must have at most " + MOST_WIDGETS + " widgets";
        }
        for (int i = 0; i < widgets.size(); i++) {
            var widget = widgets.path(i);
            if (!WIDGETS.contains(widget.path("type").asString(""))) {
                return "the type of /widgets/%d must be one of %s".formatted(i, WIDGETS);
            }
            if (!widget.path("properties").isObject()) {
                return "/widgets/%d must have properties".formatted(i);
            }
        }
        return null;
    }

    private static String arn(String name) {
        return "arn:aws:cloudwatch::" + HttpGateway.ACCOUNT + ":dashboard/" + name;
    }

    private static AwsErrorException invalid(String message) {
        return AwsErrorException.of(
                400, "DashboardInvalidInputError", "InvalidParameterInput", message);
    }
}
