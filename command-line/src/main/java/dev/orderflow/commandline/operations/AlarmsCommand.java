package dev.orderflow.commandline.operations;

import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// The alarms of the system.
@Command(
        name = "alarms",
        description = "List the alarms in the state ALARM, each with its meaning and its runbook.",
        exitCodeListHeading = OperationsApiCommand.EXIT_CODES,
        exitCodeList = {
            "0:No alarm is in the state ALARM.",
            "1:Alarms are in the state ALARM, or CloudWatch is unavailable.",
            OperationsApiCommand.FAILED
        },
        mixinStandardHelpOptions = true)
final class AlarmsCommand extends OperationsApiCommand {

    @Option(names = "--all", description = "All alarms, whatever their state.")
    private boolean all;

    @Override
    int execute() {
        var answer = get("/internal/operations/alarms" + (all ? "?all=true" : ""));
        showList(
                answer,
                "alarms",
                new Table("ALARM", "STATE", "SINCE", "MEANING"),
                alarm ->
                        List.of(
                                Table.text(alarm, "name"),
                                Table.text(alarm, "state"),
                                Table.ago(alarm, "since"),
                                Table.text(alarm, "description")),
                "No alarm is in the state ALARM.");
        return answer.path("alarms")
                        .valueStream()
                        .anyMatch(alarm -> alarm.path("state").asString("").equals("ALARM"))
                ? NOT_DONE
                : 0;
    }
}
