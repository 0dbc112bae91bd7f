package dev.orderflow.commandline.operations;

import java.io.UncheckedIOException;
import java.net.URI;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

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

    final void print(String line) {
        var out = Objects.requireNonNull(spec).commandLine().getOut();
        out.println(Table.plain(line));
        out.flush();
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
