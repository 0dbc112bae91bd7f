package dev.orderflow.commandline.operations;

import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import tools.jackson.databind.json.JsonMapper;

/// Prints an access token for the public API.
@Command(
        exitCodeListHeading = OperationsApiCommand.EXIT_CODES,
        exitCodeList = {OperationsApiCommand.SUCCESS, OperationsApiCommand.FAILED},
        name = "token",
        description =
                "Print an access token for the public API of the system started by './orderflow run'. It is"
                        + " valid for 8 hours or until that system stops.",
        mixinStandardHelpOptions = true)
final class TokenCommand implements Callable<Integer> {

    static final class TokenSubject {

        @Option(
                names = "--customer",
                paramLabel = "NAME",
                required = true,
                description = "The customer: any name of letters, digits, _ and -.")
        @Nullable String customer;

        @Option(
                names = "--operator",
                paramLabel = "NAME",
                required = true,
                description =
                        "The operator, who can read and cancel all orders and whose actions are audited.")
        @Nullable String operator;
    }

    @ArgGroup(multiplicity = "1")
    private @Nullable TokenSubject who;

    @Option(
            names = "--url",
            paramLabel = "URL",
            description = "URL of the issuer. Default: that of './orderflow run'.")
    private @Nullable URI url;

    @Option(names = "--json", description = "Print the result as JSON.")
    private boolean json;

    @Mixin private RunOption chosen = new RunOption();

    @Spec private @Nullable CommandSpec spec;

    @Override
    public Integer call() {
        var command = Objects.requireNonNull(spec).commandLine();
        try (var http =
                HttpClient.newBuilder()
                        .version(HttpClient.Version.HTTP_1_1)
                        .connectTimeout(Duration.ofSeconds(3))
                        .build()) {
            var issuer = issuer();
            var token = new DevelopmentTokenClient(() -> issuer, http).token(name());
            command.getOut()
                    .println(
                            json
                                    ? JsonMapper.shared()
                                            .writerWithDefaultPrettyPrinter()
                                            .writeValueAsString(Map.of("token", token))
                                    : token);
            command.getOut().flush();
            return 0;
        } catch (CommandFailedException | UncheckedIOException | IllegalStateException failure) {
            command.getErr()
                    .println("orderflow: " + Table.plain(String.valueOf(failure.getMessage())));
            command.getErr().flush();
            return OperationsApiCommand.USAGE_ERROR;
        }
    }

    private URI issuer() {
        if (url != null) {
            return url;
        }
        return chosen.require("give --url").endpoints().issuerUrl();
    }

    private String name() {
        var chosen = Objects.requireNonNull(who);
        return chosen.customer == null ? "operator-" + chosen.operator : chosen.customer;
    }
}
