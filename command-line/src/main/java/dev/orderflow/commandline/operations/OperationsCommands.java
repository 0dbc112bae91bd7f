package dev.orderflow.commandline.operations;

import picocli.CommandLine;

/// The operators' commands, for the command line to offer.
public final class OperationsCommands {

    private OperationsCommands() {}

    /// Adds them.
    public static CommandLine addTo(CommandLine commandLine) {
        return OptionConverters.addTo(
                commandLine
                        .addSubcommand(new TokenCommand())
                        .addSubcommand(new DlqCommand())
                        .addSubcommand(new WorkflowsCommand())
                        .addSubcommand(new OrdersCommand())
                        .addSubcommand(new ApprovalsCommand())
                        .addSubcommand(new OutboxCommand())
                        .addSubcommand(new PaymentsCommand())
                        .addSubcommand(new StockCommand())
                        .addSubcommand(new ShipmentsCommand())
                        .addSubcommand(new NotificationsCommand())
                        .addSubcommand(new AnalyticsCommand())
                        .addSubcommand(new AuditCommand())
                        .addSubcommand(new CustomersCommand()));
    }
}
