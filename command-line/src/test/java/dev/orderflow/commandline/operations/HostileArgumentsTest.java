package dev.orderflow.commandline.operations;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/// Every option and parameter of every operator's command, with hostile values.
class HostileArgumentsTest {

    private static final List<String> HOSTILE =
            List.of(
                    "",
                    " ",
                    "-",
                    "--",
                    "\u0000",
                    "a\nb",
                    "../../etc/passwd",
                    "%00",
                    "{\"a\":1}",
                    "1e400",
                    "99999999999999999999",
                    "NaN",
                    "0x10",
                    "١٢",
                    "1-2-3-4-5",
                    "\uD800",
                    "x".repeat(10_000));

    /// Texts that only Java developers understand.
    private static final Pattern JAVA =
            Pattern.compile(
                    "Exception|\\bjava\\b|\\bclass\\b|UUID|[Ii]nput string|\\bnull\\b|\\bint\\b|\\bat dev\\.|Illegal"
                            + " character");

    @Command(name = "orderflow")
    static final class HostileRootCommand {}

    /// @param under test
    record ArgumentUnderTest(CommandSpec command, ArgSpec under) {

        @Override
        public String toString() {
            var name = under instanceof OptionSpec option ? option.longestName() : "parameter";
            return command.qualifiedName() + " " + name;
        }
    }

    static Stream<ArgumentUnderTest> arguments() {
        return CommandArguments.leaves(commandLine().getCommandSpec())
                .flatMap(
                        command ->
                                command.args().stream()
                                        .filter(argument -> argument.arity().max() > 0)
                                        .filter(argument -> !isWhereTheSystemIs(argument))
                                        .map(argument -> new ArgumentUnderTest(command, argument)));
    }

    @Test
    void allCommandsAndOptionsAreFound() {
        assertThat(arguments().count()).isGreaterThan(60);
    }

    @ParameterizedTest
    @MethodSource("arguments")
    void aHostileArgumentIsReportedWithoutJavaNamesAndWithExitCodeTwo(ArgumentUnderTest argument)
            throws Exception {
        var unreachable = URI.create("http://127.0.0.1:1");
        var system =
                RunRegistration.current(
                        Map.of(),
                        new RunEndpoints(unreachable, unreachable, unreachable, "key", Map.of()));
        try (var _ = system.publish()) {
            tryAll(argument, system.pid());
        }
    }

    private static void tryAll(ArgumentUnderTest argument, long process) {
        var commandLine = commandLine();
        for (var value : HOSTILE) {
            var out = new StringWriter();
            var err = new StringWriter();
            int code =
                    commandLine
                            .setOut(new PrintWriter(out))
                            .setErr(new PrintWriter(err))
                            .execute(line(argument, value, process));
            assertThat(code).as("%s %s: %s", argument, value, err).isEqualTo(2);
            assertThat(out.toString()).as("%s %s", argument, value).isEmpty();
            var message = err.toString().lines().findFirst().orElse("");
            assertThat(message).as("%s %s", argument, value).isNotBlank();
            assertThat(message.replace(value.isBlank() ? "\u0000" : value, ""))
                    .as("%s %s", argument, value)
                    .doesNotContainPattern(JAVA)
                    .hasSizeLessThan(400);
        }
    }

    private static String[] line(ArgumentUnderTest argument, String value, long process) {
        var line = new ArrayList<String>(List.of(argument.command.qualifiedName().split(" ")));
        line.removeFirst();
        for (var other : argument.command.args()) {
            if (other.equals(argument.under)) {
                CommandArguments.add(line, other, value);
            } else if (isNeeded(other, argument.under)) {
                CommandArguments.add(line, other, CommandArguments.usual(other));
            }
        }
        if (argument.command.findOption("--run") != null) {
            line.add("--run=" + process);
        }
        return line.toArray(String[]::new);
    }

    private static boolean isNeeded(ArgSpec argument, ArgSpec under) {
        var group = argument.group();
        if (group == null) {
            return argument.required();
        }
        return group.exclusive()
                && group.multiplicity().min() > 0
                && !group.equals(under.group())
                && argument.equals(group.args().iterator().next());
    }

    private static boolean isWhereTheSystemIs(ArgSpec argument) {
        return argument instanceof OptionSpec option
                && List.of("--run", "--url").contains(option.longestName());
    }

    private static CommandLine commandLine() {
        return OperationsCommands.addTo(new CommandLine(new HostileRootCommand()));
    }
}
