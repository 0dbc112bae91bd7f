package dev.orderflow.operations.workflow;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/// A state machine laid out in two columns: the way without errors on the left, and the states that
/// only errors lead to on the right.
///
/// @param width in pixels
/// @param height in pixels
public record WorkflowGraph(List<GraphNode> nodes, List<GraphEdge> edges, int width, int height) {

    /// The width of a node, in pixels.
    public static final int NODE_WIDTH = 200;

    /// The height of a node, in pixels.
    public static final int NODE_HEIGHT = 42;

    private static final int ROW = 68;
    private static final int MARGIN = 56;
    private static final int BETWEEN_COLUMNS = 190;
    private static final int RIGHT = MARGIN + NODE_WIDTH + BETWEEN_COLUMNS;

    /// A state at its place.
    ///
    /// @param x of its left upper corner
    /// @param y of its left upper corner
    public record GraphNode(String name, String type, int x, int y) {

        int centre() {
            return x + NODE_WIDTH / 2;
        }

        int middle() {
            return y + NODE_HEIGHT / 2;
        }
    }

    /// A transition.
    ///
    /// @param path the `d` of an SVG path
    /// @param isError whether an error causes it
    public record GraphEdge(String path, boolean isError) {}

    /// Lays a definition out.
    public static WorkflowGraph of(WorkflowDefinition definition) {
        var nodes = new LinkedHashMap<String, GraphNode>();
        var main = definition.mainPath();
        for (int i = 0; i < main.size(); i++) {
            nodes.put(main.get(i), node(definition, main.get(i), MARGIN, i));
        }
        var others =
                definition.states().keySet().stream().filter(name -> !main.contains(name)).toList();
        for (int i = 0; i < others.size(); i++) {
            nodes.put(others.get(i), node(definition, others.get(i), RIGHT, 2 + 2 * i));
        }
        var edges = new ArrayList<GraphEdge>();
        definition
                .states()
                .forEach(
                        (name, state) -> {
                            state.next().forEach(next -> add(edges, nodes, name, next, false));
                            state.caught().forEach(next -> add(edges, nodes, name, next, true));
                        });
        int rows = Math.max(main.size(), others.isEmpty() ? 0 : 2 * others.size() + 1);
        return new WorkflowGraph(
                List.copyOf(nodes.values()), edges, RIGHT + NODE_WIDTH + MARGIN, rows * ROW + 10);
    }

    private static GraphNode node(WorkflowDefinition definition, String name, int x, int row) {
        return new GraphNode(
                name,
                Objects.requireNonNull(definition.states().get(name)).type(),
                x,
                5 + row * ROW);
    }

    private static void add(
            List<GraphEdge> edges,
            Map<String, GraphNode> nodes,
            String from,
            String to,
            boolean isError) {
        var source = nodes.get(from);
        var target = nodes.get(to);
        if (source != null && target != null) {
            edges.add(new GraphEdge(path(source, target), isError));
        }
    }

    private static String path(GraphNode from, GraphNode to) {
        if (from.x() != to.x()) {
            boolean toTheRight = to.x() > from.x();
            int start = toTheRight ? from.x() + NODE_WIDTH : from.x();
            int end = toTheRight ? to.x() : to.x() + NODE_WIDTH;
            int bend = (start + end) / 2;
            return "M%d %d C%d %d %d %d %d %d"
                    .formatted(
                            start,
                            from.middle(),
                            bend,
                            from.middle(),
                            bend,
                            to.middle(),
                            end,
                            to.middle());
        }
        boolean isNext =
                to.y() > from.y() && to.y() - from.y() <= 2 * ROW && from.x() == RIGHT
                        || to.y() - from.y() == ROW;
        if (isNext) {
            return "M%d %d L%d %d"
                    .formatted(from.centre(), from.y() + NODE_HEIGHT, to.centre(), to.y());
        }
        int side = from.x() == RIGHT ? from.x() + NODE_WIDTH : from.x();
        int bend = from.x() == RIGHT ? side + MARGIN - 8 : side - MARGIN + 8;
        return "M%d %d C%d %d %d %d %d %d"
                .formatted(
                        side,
                        from.middle(),
                        bend,
                        from.middle(),
                        bend,
                        to.middle(),
                        side,
                        to.middle());
    }
}
