package dev.orderflow.localcloud.cloudwatch;

import dev.orderflow.localcloud.wire.AwsErrorException;
import dev.orderflow.localcloud.wire.TagRules;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// The tags of alarms, by the ARN of the alarm.
final class AlarmTags {

    private static final JsonMapper JSON = JsonMapper.shared();
    private static final int MOST_TAGS = 50;

    private final Map<String, Map<String, String>> tags = new ConcurrentHashMap<>();

    void put(String arn, Map<String, String> created) {
        tags.put(arn, created);
    }

    void remove(String arn) {
        tags.remove(arn);
    }

    ObjectNode tag(ObjectNode input) {
        var there = find(input);
        var all = new ConcurrentSkipListMap<>(there);
        all.putAll(read(input.path("Tags")));
        requireLimit(all);
        there.putAll(all);
        return JSON.createObjectNode();
    }

    ObjectNode untag(ObjectNode input) {
        find(input).keySet().removeAll(CloudWatchParameters.strings(input, "TagKeys"));
        return JSON.createObjectNode();
    }

    ObjectNode listTags(ObjectNode input) {
        var answer = JSON.createObjectNode();
        var list = answer.putArray("Tags");
        find(input).forEach((key, value) -> list.addObject().put("Key", key).put("Value", value));
        return answer;
    }

    private Map<String, String> find(ObjectNode input) {
        var arn = CloudWatchParameters.required(input, "ResourceARN");
        var there = tags.get(arn);
        if (there == null) {
            throw AwsErrorException.of(
                    404,
                    "ResourceNotFoundException",
                    "ResourceNotFoundException",
                    "The resource %s does not exist.".formatted(arn));
        }
        return there;
    }

    static Map<String, String> read(JsonNode given) {
        var read = new ConcurrentSkipListMap<String, String>();
        given.forEach(
                tag ->
                        read.put(
                                CloudWatchParameters.required(tag, "Key"),
                                tag.path("Value").asString("")));
        TagRules.require(read, CloudWatchParameters::invalid);
        requireLimit(read);
        return read;
    }

    private static void requireLimit(Map<String, String> tags) {
        if (tags.size() > MOST_TAGS) {
            throw CloudWatchParameters.invalid("An alarm has at most " + MOST_TAGS + " tags.");
        }
    }
}
