package dev.orderflow.commandline.operations;

import java.util.LinkedHashMap;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// Orders above the limit.
@Command(
        name = "approvals",
        description = "Orders above the limit: list those that wait, approve or reject one.",
        subcommands = {
            ApprovalsCommand.ListApprovals.class,
            ApprovalsCommand.ShowApproval.class,
            ApprovalsCommand.ApproveOrder.class,
            ApprovalsCommand.RejectOrder.class
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
            description = "The orders that wait for a decision, the longest wait first.",
            mixinStandardHelpOptions = true)
    static final class ListApprovals extends ApprovalApiCommand {

        @Override
        int execute() {
            var answer = get(PATH);
            if (json) {
                printJson(answer);
                return 0;
            }
            var table = new Table("ORDER", "TOTAL", "WAITS FOR");
            for (var approval : answer.path("approvals")) {
                table.row(
                        Table.text(approval, "orderId"),
                        Table.money(approval, "total"),
                        Table.ago(approval, "requestedAt"));
            }
            table.print(out(), "No order waits for a decision.");
            return 0;
        }
    }

    @Command(
            name = "show",
            description =
                    "One approval: the decision, who took it, and whether the workflow has it.",
            mixinStandardHelpOptions = true)
    static final class ShowApproval extends ApprovalApiCommand {

        @Parameters(paramLabel = "ORDER", description = "The order's id.")
        private UUID order = new UUID(0, 0);

        @Override
        int execute() {
            return show(get(PATH + "/" + order));
        }
    }

    abstract static class DecisionCommand extends ApprovalApiCommand {

        @Parameters(paramLabel = "ORDER", description = "The order's id.")
        private UUID order = new UUID(0, 0);

        @Mixin private OperatorOption operator = new OperatorOption();

        @Option(
                names = "--note",
                paramLabel = "TEXT",
                description = "Why, for the record; the customer does not see it.")
        private @Nullable String note;

        final int decide(String decision) {
            var ruling = new LinkedHashMap<String, Object>();
            ruling.put("decision", decision);
            ruling.put("decidedBy", operator.name());
            if (note != null) {
                ruling.put("note", note);
            }
            var answer = post(PATH + "/" + order + "/decision", ruling);
            if (json) {
                printJson(answer);
            } else {
                out().printf(
                                "Order %s of %s: %s by %s.%n",
                                Table.text(answer, "orderId"),
                                Table.money(answer, "total"),
                                decision.equals("APPROVE") ? "approved" : "rejected",
                                Table.plain(Table.text(answer, "decidedBy")));
                out().flush();
            }
            return 0;
        }
    }

    @Command(
            name = "approve",
            description =
                    "Lets an order go on. The first decision counts; the same again changes nothing.",
            mixinStandardHelpOptions = true)
    static final class ApproveOrder extends DecisionCommand {

        @Override
        int execute() {
            return decide("APPROVE");
        }
    }

    @Command(
            name = "reject",
            description =
                    "Ends an order. The first decision counts; the same again changes nothing.",
            mixinStandardHelpOptions = true)
    static final class RejectOrder extends DecisionCommand {

        @Override
        int execute() {
            return decide("REJECT");
        }
    }
}
