package dev.orderflow.localcloud.eventbridge;

import dev.orderflow.localcloud.wire.AwsError;
import dev.orderflow.localcloud.wire.AwsRequest;
import dev.orderflow.localcloud.wire.Members;
import dev.orderflow.localcloud.wire.TagRules;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;
import tools.jackson.databind.node.ObjectNode;

/// Tags of buses and rules; they are kept and shown, and change nothing.
final class Tags {

    private static final int MOST = 50;

    private final Map<String, Map<String, String>> byArn = new ConcurrentHashMap<>();

    static Map<String, String> read(Members members) {
        var tags = new LinkedHashMap<String, String>();
        for (ObjectNode node : members.objects("Tags")) {
            var tag = Members.of("Tags", node, AwsError::validation, Set.of("Key", "Value"));
            tags.put(tag.required("Key"), tag.required("Value"));
        }
        TagRules.require(tags, AwsError::validation);
        if (tags.size() > MOST) {
            throw Refusals.overLimit("A resource has at most %d tags.".formatted(MOST));
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
                        throw Refusals.overLimit("A resource has at most %d tags.".formatted(MOST));
                    }
                    return all;
                });
    }

    void forget(String arn) {
        byArn.remove(arn);
    }

    ObjectNode tagResource(AwsRequest request) {
        var members = Members.of(request, AwsError::validation, Set.of("ResourceARN", "Tags"));
        add(known(members.required("ResourceARN")), read(members));
        return Json.object();
    }

    ObjectNode untagResource(AwsRequest request) {
        var members = Members.of(request, AwsError::validation, Set.of("ResourceARN", "TagKeys"));
        Predicate<String> gone = members.strings("TagKeys")::contains;
        byArn.computeIfPresent(
                known(members.required("ResourceARN")),
                (_, tags) -> {
                    var left = new LinkedHashMap<>(tags);
                    left.keySet().removeIf(gone);
                    return left;
                });
        return Json.object();
    }

    ObjectNode listTagsForResource(AwsRequest request) {
        var members = Members.of(request, AwsError::validation, Set.of("ResourceARN"));
        var answer = Json.object();
        var list = answer.putArray("Tags");
        byArn.getOrDefault(known(members.required("ResourceARN")), Map.of())
                .forEach((key, value) -> list.addObject().put("Key", key).put("Value", value));
        return answer;
    }

    private String known(String arn) {
        if (!byArn.containsKey(arn)) {
            throw Refusals.notFound("Resource %s does not exist.".formatted(arn));
        }
        return arn;
    }
}
