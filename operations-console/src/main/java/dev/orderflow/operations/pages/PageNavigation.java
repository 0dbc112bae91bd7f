package dev.orderflow.operations.pages;

import dev.orderflow.defaults.operators.Operator;
import dev.orderflow.defaults.operators.OperatorRole;
import java.util.List;
import java.util.stream.Collectors;

/// The links in the head of each page.
public final class PageNavigation {

    /// A link.
    public record NavigationItem(String label, String path) {}

    /// The pages.
    public static final List<NavigationItem> ITEMS =
            List.of(
                    new NavigationItem("Now", "/"),
                    new NavigationItem("Orders", "/orders"),
                    new NavigationItem("Dead letters", "/dead-letters"),
                    new NavigationItem("Work items", "/work-items"),
                    new NavigationItem("Approvals", "/approvals"),
                    new NavigationItem("Workflow", "/workflow"),
                    new NavigationItem("Outbox", "/outbox"),
                    new NavigationItem("Audit", "/audit"),
                    new NavigationItem("Trail", "/trail"),
                    new NavigationItem("Runbooks", "/runbooks"));

    /// The themes that can be chosen.
    public static final List<String> THEMES = PageConfiguration.THEMES;

    private PageNavigation() {}

    /// The roles of an operator as text.
    public static String roles(Operator operator) {
        return operator.roles().stream()
                .map(OperatorRole::code)
                .sorted()
                .collect(Collectors.joining(", "));
    }
}
