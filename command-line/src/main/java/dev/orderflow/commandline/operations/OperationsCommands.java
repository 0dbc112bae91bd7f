package dev.orderflow.commandline.operations;

import java.time.Duration;
import picocli.CommandLine;

/// All operators' commands.
public final class OperationsCommands {

    /// How long a command waits for a response. The load balancer in front of the services must
    /// keep an idle connection for longer.
    public static final Duration RESPONSE_TIMEOUT = Duration.ofSeconds(150);

    private OperationsCommands() {}

    /// Adds the commands to a command line, with the converters of [OptionConverters].
    public static CommandLine addTo(CommandLine commandLine) {
        return OptionConverters.addTo(
                commandLine
                        .addSubcommand(new LoginCommand())
                        .addSubcommand(new LogoutCommand())
                        .addSubcommand(new WhoamiCommand())
                        .addSubcommand(new TokenCommand())
                        .addSubcommand(new DlqCommand())
                        .addSubcommand(new RedrivesCommand())
                        .addSubcommand(new WorkflowsCommand())
                        .addSubcommand(new OrdersCommand())
                        .addSubcommand(new WorkItemsCommand())
                        .addSubcommand(new ApprovalsCommand())
                        .addSubcommand(new OutboxCommand())
                        .addSubcommand(new PaymentsCommand())
                        .addSubcommand(new StockCommand())
                        .addSubcommand(new ShipmentsCommand())
                        .addSubcommand(new NotificationsCommand())
                        .addSubcommand(new AnalyticsCommand())
                        .addSubcommand(new AuditCommand())
                        .addSubcommand(new TrailCommand())
                        .addSubcommand(new AlarmsCommand())
                        .addSubcommand(new CustomersCommand())
                        .addSubcommand(new ConfirmationsCommand()));
    }
}
