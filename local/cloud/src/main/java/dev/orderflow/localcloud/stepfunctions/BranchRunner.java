package dev.orderflow.localcloud.stepfunctions;

import dev.orderflow.localcloud.stepfunctions.Execution.BranchGroup;
import dev.orderflow.localcloud.stepfunctions.Execution.BranchPosition;
import dev.orderflow.localcloud.stepfunctions.Execution.ChildBranch;
import dev.orderflow.localcloud.stepfunctions.Execution.ExecutionBranch;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.Deque;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// Runs the branches of Parallel states and the iterations of Map states.
///
/// Every method requires the lock of the execution. Each branch runs on its own thread and holds
/// the lock while it computes.
final class BranchRunner {

    /// The number of iterations of an inline Map that AWS runs concurrently.
    private static final int CONCURRENCY_LIMIT = 40;

    private final BranchWalker walker;

    BranchRunner(BranchWalker walker) {
        this.walker = walker;
    }

    /// Runs a branch from its position to its end.
    interface BranchWalker {

        /// @param again whether the branch continues in a state that it had entered before
        /// @return the output of the last state
        JsonNode walk(Execution execution, ExecutionBranch branch, boolean again);
    }

    /// Runs the branches of a Parallel state.
    ///
    /// @param fresh false to continue the branches of an earlier run
    /// @return the outputs in the order of the branches
    JsonNode runParallel(
            Execution execution,
            ExecutionBranch branch,
            AslState.ParallelState parallel,
            StateDataFlow flow,
            boolean fresh) {
        BranchPosition at = branch.position;
        if (fresh || at.children.isEmpty()) {
            at.children.clear();
            JsonNode input = flow.arguments();
            PayloadLimit.require(parallel, input);
            execution.addEvent(branch, "ParallelStateStarted", null, StepFunctionsJson.object());
            for (int i = 0; i < parallel.branches().size(); i++) {
                AslState.StateGraph graph = parallel.branches().get(i);
                at.children.put(
                        i,
                        new ChildBranch(
                                null,
                                new ExecutionBranch(
                                        graph,
                                        new BranchPosition(graph.startAt(), input, at.variables),
                                        branch.last,
                                        branch.mapItem,
                                        branch.group)));
            }
        }
        var join = new BranchJoin(execution, new BranchGroup(branch.group));
        at.children.forEach(
                (index, child) -> {
                    if (child.output() == null) {
                        boolean resumed = !fresh;
                        ExecutionBranch mine = child.branch().copyInto(join.group);
                        at.children.put(index, new ChildBranch(null, mine));
                        join.expected++;
                        execution.start(
                                join.group,
                                () ->
                                        join.run(
                                                mine,
                                                () ->
                                                        branch(
                                                                execution, at, index, mine, join,
                                                                resumed)));
                    }
                });
        BranchJoin.BranchFailure failed = join.await(execution, branch);
        if (failed != null) {
            throw failBranches(execution, branch, at, failed, null);
        }
        long before = join.lastId == 0 ? branch.last : join.lastId;
        execution.history.add(before, "ParallelStateSucceeded", null, StepFunctionsJson.object());
        branch.last = before;
        return outputs(at);
    }

    private void branch(
            Execution execution,
            BranchPosition at,
            int index,
            ExecutionBranch mine,
            BranchJoin join,
            boolean resumed) {
        JsonNode output = walker.walk(execution, mine, resumed);
        at.children.put(index, new ChildBranch(output, mine));
        join.lastId = mine.last;
    }

    private static ArrayNode outputs(BranchPosition at) {
        ArrayNode array = StepFunctionsJson.NODES.arrayNode(at.children.size());
        for (int i = 0; i < at.children.size(); i++) {
            ChildBranch child = at.children.get(i);
            JsonNode output = child == null ? null : child.output();
            if (output == null) {
                throw new IllegalStateException("branch " + i + " has no output");
            }
            array.add(output);
        }
        return array;
    }

    /// Runs the iterations of a Map state.
    ///
    /// @param fresh false to continue the iterations of an earlier run
    /// @return the outputs in the order of the items
    JsonNode runMap(
            Execution execution,
            ExecutionBranch branch,
            AslState.MapState map,
            StateDataFlow flow,
            ObjectNode context,
            boolean fresh) {
        BranchPosition at = branch.position;
        ArrayNode items = flow.items();
        int concurrency = flow.maxConcurrency();
        if (fresh) {
            at.children.clear();
            execution.addEvent(
                    branch,
                    "MapStateStarted",
                    "mapStateStartedEventDetails",
                    StepFunctionsJson.object().put("length", items.size()));
        }
        var queue = new ArrayDeque<Integer>();
        for (int i = 0; i < items.size(); i++) {
            ChildBranch child = at.children.get(i);
            if (child == null || child.output() == null) {
                queue.add(i);
            }
        }
        int workers =
                Math.min(
                        queue.size(),
                        concurrency == 0
                                ? CONCURRENCY_LIMIT
                                : Math.min(concurrency, CONCURRENCY_LIMIT));
        var join = new BranchJoin(execution, new BranchGroup(branch.group));
        long startedId = branch.last;
        for (int w = 0; w < workers; w++) {
            join.expected++;
            execution.start(
                    join.group,
                    () -> worker(execution, at, map, flow, items, context, queue, startedId, join));
        }
        BranchJoin.BranchFailure failed = join.await(execution, branch);
        if (failed != null) {
            throw failBranches(execution, branch, at, failed, map.head().name());
        }
        long before = join.lastId == 0 ? branch.last : join.lastId;
        execution.history.add(before, "MapStateSucceeded", null, StepFunctionsJson.object());
        branch.last = before;
        return outputs(at);
    }

    /// Processes items one after the other, as each concurrent worker of a Map does.
    private void worker(
            Execution execution,
            BranchPosition at,
            AslState.MapState map,
            StateDataFlow flow,
            ArrayNode items,
            ObjectNode context,
            Deque<Integer> queue,
            long startedId,
            BranchJoin join) {
        long previous = startedId;
        while (true) {
            if (join.group.isAbandoned()) {
                return;
            }
            Integer index = queue.poll();
            if (index == null) {
                join.countFinished();
                return;
            }
            ChildBranch before = at.children.get(index);
            boolean resumed = before != null;
            ObjectNode item = StepFunctionsJson.object();
            item.put("Index", index);
            item.set("Value", items.get(index));
            ExecutionBranch mine =
                    before != null
                            ? before.branch().copyInto(join.group)
                            : new ExecutionBranch(
                                    map.processor(),
                                    new BranchPosition(
                                            map.processor().startAt(),
                                            items.get(index),
                                            at.variables),
                                    previous,
                                    item,
                                    join.group);
            at.children.put(index, new ChildBranch(null, mine));
            boolean done =
                    join.attempt(
                            mine,
                            () -> {
                                if (!resumed) {
                                    ObjectNode itemContext = context.deepCopy();
                                    itemContext.putObject("Map").set("Item", item);
                                    mine.position.input =
                                            flow.itemInput(items.get(index), itemContext);
                                    execution.addEvent(
                                            mine,
                                            "MapIterationStarted",
                                            "mapIterationStartedEventDetails",
                                            iteration(map, index));
                                }
                                JsonNode output = walker.walk(execution, mine, resumed);
                                at.children.put(index, new ChildBranch(output, mine));
                                join.lastId =
                                        execution
                                                .history
                                                .add(
                                                        mine.last,
                                                        "MapIterationSucceeded",
                                                        "mapIterationSucceededEventDetails",
                                                        iteration(map, index))
                                                .id();
                            });
            if (!done) {
                return;
            }
            previous = mine.last;
        }
    }

    private static ObjectNode iteration(AslState.MapState map, int index) {
        return StepFunctionsJson.object().put("index", index).put("name", map.head().name());
    }

    /// Abandons the other branches, adds the events that AWS adds, and fails the state.
    ///
    /// @return the exception to throw
    private RuntimeException failBranches(
            Execution execution,
            ExecutionBranch branch,
            BranchPosition at,
            BranchJoin.BranchFailure failure,
            @Nullable String mapName) {
        ExecutionBranch failed = failure.branch();
        if (failure.isUncatchable()) {
            branch.last = failed.last;
            return failure.error();
        }
        var unfinished =
                at.children.entrySet().stream()
                        .filter(e -> e.getValue().output() == null)
                        .sorted(
                                Comparator.comparing(
                                        (Map.Entry<Integer, ChildBranch> e) ->
                                                e.getValue().branch() != failed))
                        .toList();
        for (var entry : unfinished) {
            ExecutionBranch sibling = entry.getValue().branch();
            AslState open = sibling.open;
            if (open instanceof AslState.TaskState
                    || open instanceof AslState.WaitState
                    || open instanceof AslState.ParallelState
                    || open instanceof AslState.MapState) {
                execution.history.add(
                        sibling.last,
                        open.type() + "StateAborted",
                        null,
                        StepFunctionsJson.object());
            }
            if (mapName != null) {
                boolean mine = sibling == failed;
                execution.history.add(
                        sibling.last,
                        mine ? "MapIterationFailed" : "MapIterationAborted",
                        mine ? "mapIterationFailedEventDetails" : "mapIterationAbortedEventDetails",
                        StepFunctionsJson.object()
                                .put("index", entry.getKey())
                                .put("name", mapName));
            }
        }
        branch.last = failed.last;
        return failure.error();
    }
}
