package dev.orderflow.commandline.operations;

import static org.assertj.core.api.Assertions.assertThat;

import dev.orderflow.contracts.fixture.HttpStub;
import dev.orderflow.contracts.fixture.HttpStub.StubResponse;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import tools.jackson.databind.json.JsonMapper;

/// What a script may rely on with every command of operators: `--json`, and the exit codes of its
/// help.
class CommandContractTest {

    @Command(name = "orderflow")
    static final class ContractRootCommand {}

    /// A response that contains what commands wait for, so that none of them polls for ever.
    private static final String RESPONSE =
            """
            {"state":"DONE","redriveId":"1","access_token":"%s",
             "states":[{"participant":"order-service","state":"SHIPPED","summary":"It is."}],
             "amount":{"amount":"49.90","currency":"EUR"},
             "parts":[],"timeline":[],"gaps":[],
             "done":0,"skipped":0,"blocked":0,"failed":0,
             "messages":[],"groups":[{"fingerprint":"x"}],"orders":[],"items":[],"events":[],"reasons":[]}
            """;

    /// What stands in the help for ids; the names of executions and queues can be any text.
    private static final Set<String> IDS =
            Set.of("ORDER", "MESSAGE", "ITEM", "REDRIVE", "PLAN", "ID");

    /// One for all tests: it takes a while to be created.
    private static final CommandLine COMMAND_LINE =
            OperationsCommands.addTo(new CommandLine(new ContractRootCommand()));

    private static volatile StubResponse response = new StubResponse(0, "");
    private static HttpStub server;
    private static AutoCloseable registration = () -> {};

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @BeforeAll
    static void signIn() {
        server = new HttpStub(_ -> response);
        var url = URI.create(server.url());
        registration =
                RunRegistration.current(
                                Map.of(),
                                new RunEndpoints(
                                        url,
                                        url,
                                        url,
                                        "the-key-of-this-run",
                                        Map.of(
                                                "payment-service", url,
                                                "inventory-service", url,
                                                "shipping-service", url,
                                                "notification-service", url,
                                                "analytics-service", url)))
                        .publish();
    }

    @AfterAll
    static void stop() throws Exception {
        OperatorSession.delete(URI.create(server.url()));
        server.close();
        registration.close();
    }

    private static String token() {
        return "h."
                + Base64.getUrlEncoder()
                        .withoutPadding()
                        .encodeToString(
                                "{\"sub\":\"4f1c\",\"name\":\"Grace\",\"roles\":[\"operator\"],\"exp\":%d}"
                                        .formatted(Instant.now().plusSeconds(600).getEpochSecond())
                                        .getBytes(StandardCharsets.UTF_8))
                + ".s";
    }

    /// A command without subcommands.
    record OperatorCommand(CommandSpec spec) {

        @Override
        public String toString() {
            return spec.qualifiedName();
        }

        List<String> documentedExitCodes() {
            return List.copyOf(spec.usageMessage().exitCodeList().keySet());
        }
    }

    static Stream<OperatorCommand> commands() {
        return CommandArguments.leaves(COMMAND_LINE.getCommandSpec()).map(OperatorCommand::new);
    }

    @Test
    void allCommandsAreFound() {
        assertThat(commands().count()).isGreaterThan(45);
    }

    @ParameterizedTest
    @MethodSource("commands")
    void everyCommandPrintsItsResultAsJsonAndEndsWithACodeOfItsHelp(OperatorCommand command) {
        assertThat(command.spec().findOption("--json")).as("--json of " + command).isNotNull();
        assertThat(command.documentedExitCodes()).as("" + command).contains("0", "2");
        response = new StubResponse(200, RESPONSE.formatted(token()));
        int code = execute(command);
        assertThat(command.documentedExitCodes()).as("" + command).contains("" + code);
        assertThat(code).as(command + ": " + err).isIn(0, 1);
        if (isWatch(command)) {
            return;
        }
        try (var values = JsonMapper.shared().readerFor(Object.class).readValues(out.toString())) {
            assertThat(values.readAll()).as(command + ": " + out).hasSize(1);
        }
    }

    /// It prints one JSON value for each entry, as they come.
    private static boolean isWatch(OperatorCommand command) {
        return command.spec().name().equals("watch");
    }

    @ParameterizedTest
    @MethodSource("commands")
    void eachFailureIsOneLineAndACodeOfTheHelp(OperatorCommand command) {
        assertFailure(
                command,
                new StubResponse(
                        409, "{\"type\":\"https://orderflow.dev/problems/x\",\"title\":\"No\"}"),
                2);
        assertFailure(
                command,
                new StubResponse(
                        503,
                        "{\"type\":\"https://orderflow.dev/problems/x\",\"title\":\"Not now\"}"),
                isAboutSession(command) ? 2 : 1);
        // The connection is closed without a response.
        assertFailure(command, new StubResponse(0, ""), 2);
    }

    /// The commands that send no request succeed.
    private void assertFailure(OperatorCommand command, StubResponse failure, int expected) {
        response = failure;
        out.getBuffer().setLength(0);
        err.getBuffer().setLength(0);
        int code = execute(command);
        if (List.of("whoami", "logout").contains(command.spec().name())) {
            assertThat(code).isZero();
            return;
        }
        var what = "%s after %d: %s".formatted(command, failure.status(), err);
        assertThat(code).as(what).isEqualTo(expected);
        assertThat(command.documentedExitCodes()).as(what).contains("" + code);
        assertThat(out.toString()).as(what).isEmpty();
        assertThat(err.toString().strip()).as(what).startsWith("orderflow: ").hasLineCount(1);
    }

    /// An id of one of its arguments.
    record IdArgument(OperatorCommand command, ArgSpec id) {

        @Override
        public String toString() {
            return command + " " + (id instanceof OptionSpec option ? option.longestName() : id);
        }
    }

    static Stream<IdArgument> ids() {
        return commands()
                .filter(command -> !isAboutSession(command))
                .flatMap(
                        command ->
                                command.spec().args().stream()
                                        .filter(argument -> IDS.contains(argument.paramLabel()))
                                        .map(argument -> new IdArgument(command, argument)));
    }

    @Test
    void allIdsAreFound() {
        assertThat(ids().map(argument -> argument.id().paramLabel())).containsAll(IDS);
    }

    @ParameterizedTest
    @MethodSource("ids")
    void anIdThatCannotBeOneEndsWithExitCodeTwoBeforeARequest(IdArgument argument) {
        response = new StubResponse(200, RESPONSE.formatted(token()));
        int before = server.requests(_ -> true).size();
        assertThat(execute(argument.command(), Optional.of(argument.id()), "x"))
                .as(err.toString())
                .isEqualTo(2);
        assertThat(server.requests(_ -> true)).hasSize(before);
        assertThat(out.toString()).isEmpty();
        assertThat(err.toString().lines().findFirst())
                .get()
                .asString()
                .contains("'x' is not an id");
    }

    /// They speak to an issuer, whose failures are not those of a service.
    private static boolean isAboutSession(OperatorCommand command) {
        return List.of("login", "token").contains(command.spec().name());
    }

    private int execute(OperatorCommand command) {
        return execute(command, Optional.empty(), "");
    }

    /// @param under the argument that gets the value; it takes the place of those that exclude it
    private int execute(OperatorCommand command, Optional<ArgSpec> under, String value) {
        new OperatorSession(URI.create(server.url()), token()).write();
        var line = new ArrayList<>(List.of(command.spec().qualifiedName().split(" ")));
        line.removeFirst();
        for (var argument : command.spec().args()) {
            if (under.filter(argument::equals).isPresent()) {
                CommandArguments.add(line, argument, value);
            } else if (isNeeded(argument)
                    && under.filter(it -> isExcludedBy(argument, it)).isEmpty()) {
                CommandArguments.add(line, argument, CommandArguments.usual(argument));
            }
        }
        var reason = command.spec().findOption("--reason");
        if (reason != null && !isNeeded(reason) && isRequiredWithoutDryRun(command)) {
            CommandArguments.add(line, reason, CommandArguments.usual(reason));
        }
        line.add("--json");
        line.add("--run=" + ProcessHandle.current().pid());
        return COMMAND_LINE
                .setOut(new PrintWriter(out))
                .setErr(new PrintWriter(err))
                .execute(line.toArray(String[]::new));
    }

    /// `--reason` of commands with a dry run, which the parser does not require.
    private static boolean isRequiredWithoutDryRun(OperatorCommand command) {
        return command.spec().findOption("--dry-run") != null;
    }

    /// Whether both are a choice of the same group, or one is within a choice beside the other.
    private static boolean isExcludedBy(ArgSpec argument, ArgSpec other) {
        var group = argument.group();
        if (group == null || !group.exclusive()) {
            return false;
        }
        for (var of = other.group(); of != null; of = of.parentGroup()) {
            if (of.equals(group)) {
                return true;
            }
        }
        return false;
    }

    private static boolean isNeeded(ArgSpec argument) {
        var group = argument.group();
        if (group == null) {
            return argument.required();
        }
        return group.exclusive()
                ? group.multiplicity().min() > 0 && argument.equals(group.args().iterator().next())
                : group.multiplicity().min() > 0 && argument.required();
    }
}
