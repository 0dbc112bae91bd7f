package dev.orderflow.operations.workflow;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.sfn.model.HistoryEvent;
import software.amazon.awssdk.services.sfn.model.HistoryEventType;

class WorkflowGraphTest {

    private static final WorkflowDefinition DEFINITION =
            WorkflowDefinition.parse(
                    """
                    {"StartAt":"Reserve","States":{
                      "Reserve":{"Type":"Task","Next":"IsLarge",
                                 "Catch":[{"ErrorEquals":["A"],"Next":"Undo"},{"ErrorEquals":["B"],"Next":"Undo"}]},
                      "IsLarge":{"Type":"Choice","Choices":[{"Condition":"x","Next":"Approve"}],"Default":"Ship"},
                      "Approve":{"Type":"Task","Next":"Ship"},
                      "Ship":{"Type":"Task","End":true},
                      "Undo":{"Type":"Task","End":true}}}
                    """);

    @Test
    void theWayWithoutErrorsIsOneColumnInItsSequence() {
        assertThat(DEFINITION.mainPath()).containsExactly("Reserve", "IsLarge", "Approve", "Ship");
        var nodes = WorkflowGraph.of(DEFINITION).nodes();
        assertThat(nodes.subList(0, 4))
                .extracting(WorkflowGraph.GraphNode::name)
                .containsExactly("Reserve", "IsLarge", "Approve", "Ship");
        assertThat(nodes.subList(0, 4))
                .extracting(WorkflowGraph.GraphNode::x)
                .containsOnly(nodes.getFirst().x());
        assertThat(nodes.getLast().name()).isEqualTo("Undo");
        assertThat(nodes.getLast().x()).isGreaterThan(nodes.getFirst().x());
    }

    @Test
    void theTimeLimitOfAnApprovalIsThatOfTheStateThatRequestsIt() {
        assertThat(DEFINITION.approvalTimeLimit()).isEmpty();
        assertThat(
                        WorkflowDefinition.parse(
                                        """
                                        {"StartAt":"AwaitApproval","States":{
                                          "Other":{"Type":"Task","TimeoutSeconds":20,"Arguments":{"command":"Other"}},
                                          "AwaitApproval":{"Type":"Task","TimeoutSeconds":172800,
                                             "Arguments":{"MessageBody":{"command":"ApproveOrder"}}}}}
                                        """)
                                .approvalTimeLimit())
                .contains(Duration.ofDays(2));
    }

    @Test
    void eachTransitionIsOneEdgeHoweverManyErrorsCauseIt() {
        var edges = WorkflowGraph.of(DEFINITION).edges();
        assertThat(edges).filteredOn(WorkflowGraph.GraphEdge::isError).hasSize(1);
        assertThat(edges).filteredOn(edge -> !edge.isError()).hasSize(4);
    }

    @Test
    void everyNodeIsWithinThePicture() {
        var graph = WorkflowGraph.of(DEFINITION);
        assertThat(graph.nodes())
                .allSatisfy(
                        node -> {
                            assertThat(node.x() + WorkflowGraph.NODE_WIDTH)
                                    .isLessThanOrEqualTo(graph.width());
                            assertThat(node.y() + WorkflowGraph.NODE_HEIGHT)
                                    .isLessThanOrEqualTo(graph.height());
                        });
    }

    @Test
    void theProgressSaysWhichStatesAreDoneAndWhichAttemptsFailed() {
        var progress =
                ExecutionProgress.of(
                        "RUNNING",
                        List.of(
                                entered("Reserve"),
                                event(HistoryEventType.TASK_FAILED),
                                event(HistoryEventType.TASK_TIMED_OUT),
                                event(HistoryEventType.TASK_SUCCEEDED),
                                exited("Reserve"),
                                entered("IsLarge")));
        assertThat(progress.states())
                .containsEntry("Reserve", new ExecutionProgress.StateProgress(true, 2))
                .containsEntry("IsLarge", new ExecutionProgress.StateProgress(false, 0));
    }

    private static HistoryEvent event(HistoryEventType type) {
        return HistoryEvent.builder().type(type).build();
    }

    private static HistoryEvent entered(String state) {
        return HistoryEvent.builder()
                .type(HistoryEventType.TASK_STATE_ENTERED)
                .stateEnteredEventDetails(details -> details.name(state))
                .build();
    }

    private static HistoryEvent exited(String state) {
        return HistoryEvent.builder()
                .type(HistoryEventType.TASK_STATE_EXITED)
                .stateExitedEventDetails(details -> details.name(state))
                .build();
    }
}
