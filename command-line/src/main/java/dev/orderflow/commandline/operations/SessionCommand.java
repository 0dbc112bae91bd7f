package dev.orderflow.commandline.operations;

import java.io.UncheckedIOException;
import java.net.URI;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import tools.jackson.databind.json.JsonMapper;

/// A command about the operator's session at an issuer.
@Command(
        exitCodeListHeading = OperationsApiCommand.EXIT_CODES,
        exitCodeList = {OperationsApiCommand.SUCCESS, OperationsApiCommand.FAILED})
abstract class SessionCommand implements Callable<Integer> {

    @Option(
            names = "--issuer",
            paramLabel = "URL",
            description =
                    "URL of the issuer. Default: the environment variable ORDERFLOW_OPERATOR_ISSUER, else the"
                            + " issuer of './orderflow run'.")
    private @Nullable URI issuer;

    @Option(names = "--json", description = "Print the result as JSON.")
    boolean json;

    @Mixin private RunOption chosen = new RunOption();

    @Spec private @Nullable CommandSpec spec;

    /// @return the exit code
    abstract int execute();

    @Override
    public final Integer call() {
        try {
            return execute();
        } catch (CommandFailedException
                | UncheckedIOException
                | IllegalArgumentException
                | IllegalStateException failure) {
            var err = Objects.requireNonNull(spec).commandLine().getErr();
            err.println("orderflow: " + Table.plain(String.valueOf(failure.getMessage())));
            err.flush();
            return OperationsApiCommand.USAGE_ERROR;
        }
    }

    private void print(String line) {
        var out = Objects.requireNonNull(spec).commandLine().getOut();
        out.println(Table.plain(line));
        out.flush();
    }

    /// Prints what the user must do, which is no result: with `--json` to the error output.
    final void printInstruction(String line) {
        var commandLine = Objects.requireNonNull(spec).commandLine();
        var to = json ? commandLine.getErr() : commandLine.getOut();
        to.println(Table.plain(line));
        to.flush();
    }

    /// Prints the result: as JSON with `--json`, and as a line otherwise.
    final void print(String line, Map<String, ?> result) {
        if (json) {
            var out = Objects.requireNonNull(spec).commandLine().getOut();
            out.println(
                    JsonMapper.shared()
                            .writerWithDefaultPrettyPrinter()
                            .writeValueAsString(result));
            out.flush();
        } else {
            print(line);
        }
    }

    /// The operator of a session, without the token.
    static Map<String, Object> toJson(OperatorSession session) {
        var result = new LinkedHashMap<String, Object>();
        result.put("issuer", session.issuer().toString());
        result.put("subject", session.subject());
        result.put("name", session.name());
        result.put("roles", session.roles());
        result.put("expiresAt", session.expiresAt().toString());
        return result;
    }

    /// The issuer that the user has named, if any.
    final Optional<URI> namedIssuer() {
        return Optional.ofNullable(issuer).or(OperatorSession::issuerOfEnvironment);
    }

    final URI issuer() {
        return namedIssuer()
                .orElseGet(() -> chosen.require("give --issuer").endpoints().issuerUrl());
    }

    /// The session of the environment or of the issuer.
    final OperatorSession session() {
        return OperatorSession.current(() -> Optional.of(issuer()));
    }
}
