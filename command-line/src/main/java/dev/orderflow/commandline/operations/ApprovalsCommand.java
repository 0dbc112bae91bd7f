package dev.orderflow.commandline.operations;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// Approvals of orders above the approval limit.
@Command(
        name = "approvals",
        description =
                "List pending approvals of orders above the limit; approve or reject an order.",
        subcommands = {
            ApprovalsCommand.ListApprovals.class,
            ApprovalsCommand.ShowApproval.class,
            ApprovalsCommand.ApproveCommand.class,
            ApprovalsCommand.RejectCommand.class
        },
        mixinStandardHelpOptions = true)
final class ApprovalsCommand extends ParentCommand {

    private static final String PATH = "/internal/approvals";

    abstract static class ApprovalApiCommand extends OperationsApiCommand {

        @Override
        final TargetService service() {
            return TargetService.ORDERS;
        }
    }

    @Command(
            name = "list",
            description = "List the orders with a pending approval, the oldest first.",
            mixinStandardHelpOptions = true)
    static final class ListApprovals extends ApprovalApiCommand {

        @Override
        int execute() {
            return showList(
                    get(PATH),
                    "approvals",
                    new Table("ORDER", "TOTAL", "WAITING"),
                    approval ->
                            List.of(
                                    Table.text(approval, "orderId"),
                                    Table.money(approval, "total"),
                                    Table.ago(approval, "requestedAt")),
                    "No approval is pending.");
        }
    }

    @Command(
            name = "show",
            description =
                    "Show an approval: the decision, who made it, and whether the workflow has received it.",
            mixinStandardHelpOptions = true)
    static final class ShowApproval extends ApprovalApiCommand {

        @Parameters(paramLabel = "ORDER", description = "The order's id.")
        private UUID order = new UUID(0, 0);

        @Override
        int execute() {
            return show(get(PATH + "/" + order));
        }
    }

    /// operations-console records the decision in the audit trail and passes it on.
    abstract static class DecisionCommand extends OperationsApiCommand {

        @Parameters(paramLabel = "ORDER", description = "The order's id.")
        private UUID order = new UUID(0, 0);

        @Option(
                names = "--note",
                paramLabel = "TEXT",
                description =
                        "The reason on one line, stored with the decision; not shown to the customer.")
        private @Nullable String note;

        final int decide(String decision) {
            var body = new LinkedHashMap<String, Object>();
            body.put("decision", decision);
            if (note != null) {
                body.put("note", note);
            }
            var answer = post("/internal/operations/approvals/" + order + "/decision", body);
            if (json) {
                printJson(answer);
            } else {
                out().printf(
                                "Order %s of %s: %s by %s.%n",
                                Table.text(answer, "orderId"),
                                Table.money(answer, "total"),
                                decision.equals("APPROVE") ? "approved" : "rejected",
                                Table.plain(Table.text(answer, "decidedByName")));
                out().flush();
            }
            return 0;
        }
    }

    @Command(
            name = "approve",
            description =
                    "Approve an order. The first decision is final; repeating it changes nothing.",
            mixinStandardHelpOptions = true)
    static final class ApproveCommand extends DecisionCommand {

        @Override
        int execute() {
            return decide("APPROVE");
        }
    }

    @Command(
            name = "reject",
            description =
                    "Reject an order. The first decision is final; repeating it changes nothing.",
            mixinStandardHelpOptions = true)
    static final class RejectCommand extends DecisionCommand {

        @Override
        int execute() {
            return decide("REJECT");
        }
    }
}
