package dev.orderflow.operations.casefile;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// The steps of the case file are those of the workflow's definition.
class WorkflowStepTest {

    private static final Path DEFINITION =
            Path.of("../topology/src/main/resources/topology/order-workflow.asl.json");

    @Test
    void everyTaskOfTheDefinitionIsAStepAndEveryStepIsATask() throws Exception {
        var tasks =
                definition().path("States").properties().stream()
                        .filter(state -> state.getValue().path("Type").asString().equals("Task"))
                        .map(Map.Entry::getKey)
                        .toList();
        assertThat(WorkflowStep.states()).containsExactlyInAnyOrderElementsOf(tasks);
    }

    @Test
    void theIdempotencyKeysAreThoseOfTheDefinition() throws Exception {
        for (var state : definition().path("States").properties()) {
            var key = state.getValue().at("/Arguments/Headers/Idempotency-Key").asString("");
            var suffix = key.replaceAll(".*'(:[a-z]+)'.*", "$1");
            assertThat(WorkflowStep.of(state.getKey()).idempotencyKey("")).isEqualTo(suffix);
        }
    }

    private static JsonNode definition() throws Exception {
        return JsonMapper.shared().readTree(Files.readString(DEFINITION));
    }
}
