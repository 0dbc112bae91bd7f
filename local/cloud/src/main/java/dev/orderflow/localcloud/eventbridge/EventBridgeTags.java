package dev.orderflow.localcloud.eventbridge;

import dev.orderflow.localcloud.wire.AwsErrorException;
import dev.orderflow.localcloud.wire.AwsRequest;
import dev.orderflow.localcloud.wire.RequestMembers;
import dev.orderflow.localcloud.wire.TagRules;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;
import tools.jackson.databind.node.ObjectNode;

/// Tags of buses and rules. They are stored and returned and have no effect.
final class EventBridgeTags {

    private static final int MOST = 50;

    private final Map<String, Map<String, String>> byArn = new ConcurrentHashMap<>();

    static Map<String, String> read(RequestMembers members) {
        var tags = new LinkedHashMap<String, String>();
        for (ObjectNode node : members.objects("Tags")) {
            var tag =
                    RequestMembers.of(
                            "Tags", node, AwsErrorException::validation, Set.of("Key", "Value"));
            tags.put(tag.required("Key"), tag.required("Value"));
        }
        TagRules.require(tags, AwsErrorException::validation);
        if (tags.size() > MOST) {
            throw EventBridgeErrors.overLimit("A resource has at most %d tags.".formatted(MOST));
        }
        return tags;
    }

    void add(String arn, Map<String, String> tags) {
        byArn.merge(
                arn,
                tags,
                (before, more) -> {
                    var all = new LinkedHashMap<>(before);
                    all.putAll(more);
                    if (all.size() > MOST) {
                        throw EventBridgeErrors.overLimit(
                                "A resource has at most %d tags.".formatted(MOST));
                    }
                    return all;
                });
    }

    void forget(String arn) {
        byArn.remove(arn);
    }

    ObjectNode tagResource(AwsRequest request) {
        var members =
                RequestMembers.of(
                        request, AwsErrorException::validation, Set.of("ResourceARN", "Tags"));
        add(known(members.required("ResourceARN")), read(members));
        return EventBridgeJson.object();
    }

    ObjectNode untagResource(AwsRequest request) {
        var members =
                RequestMembers.of(
                        request, AwsErrorException::validation, Set.of("ResourceARN", "TagKeys"));
        Predicate<String> gone = members.strings("TagKeys")::contains;
        byArn.computeIfPresent(
                known(members.required("ResourceARN")),
                (_, tags) -> {
                    var left = new LinkedHashMap<>(tags);
                    left.keySet().removeIf(gone);
                    return left;
                });
        return EventBridgeJson.object();
    }

    ObjectNode listTagsForResource(AwsRequest request) {
        var members =
                RequestMembers.of(request, AwsErrorException::validation, Set.of("ResourceARN"));
        var answer = EventBridgeJson.object();
        var list = answer.putArray("Tags");
        byArn.getOrDefault(known(members.required("ResourceARN")), Map.of())
                .forEach((key, value) -> list.addObject().put("Key", key).put("Value", value));
        return answer;
    }

    private String known(String arn) {
        if (!byArn.containsKey(arn)) {
            throw EventBridgeErrors.notFound("Resource %s does not exist.".formatted(arn));
        }
        return arn;
    }
}
