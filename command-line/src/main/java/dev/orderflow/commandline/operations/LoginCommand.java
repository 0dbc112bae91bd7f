package dev.orderflow.commandline.operations;

import java.net.URI;
import java.net.http.HttpClient;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// Signs an operator in.
@Command(
        name = "login",
        description =
                "Sign in as an operator. At the development issuer choose a user with --as; at another issuer sign"
                        + " in with the browser of this machine, or with --device of any other.",
        mixinStandardHelpOptions = true,
        footer = {
            "",
            "Users of the development issuer: vera (viewer), oskar (operator), anna (approver), adam (administrator).",
            "The access token is stored in a file that only you can read, until 'logout'. For scripts, set",
            "ORDERFLOW_OPERATOR_TOKEN instead."
        })
final class LoginCommand extends SessionCommand {

    @Option(
            names = "--as",
            paramLabel = "NAME",
            description =
                    "The user of the development issuer. Default: oskar, without --issuer and"
                            + " ORDERFLOW_OPERATOR_ISSUER.")
    private @Nullable String user;

    @Option(
            names = "--device",
            description =
                    "Print an address and a code to sign in with the browser of any device (RFC 8628). The"
                            + " development issuer supports it, Amazon Cognito does not.")
    private boolean device;

    @Option(
            names = "--client-id",
            paramLabel = "ID",
            description =
                    "The client id of the command line at the issuer. Default: the environment variable"
                            + " ORDERFLOW_OPERATOR_CLIENT_ID.")
    private @Nullable String clientId;

    @Override
    int execute() {
        var session = signIn(issuer());
        session.write();
        print(
                "Signed in as %s (%s) until %s."
                        .formatted(
                                session.name(),
                                String.join(", ", session.roles()),
                                session.expiresAt()),
                toJson(session));
        return 0;
    }

    private OperatorSession signIn(URI issuer) {
        if (device) {
            if (user != null) {
                throw new CommandFailedException("give --as or --device, not both");
            }
            return signInWithDevice(issuer);
        }
        return user == null && namedIssuer().isPresent()
                ? signInWithBrowser(issuer)
                : OperatorSession.signIn(issuer, user == null ? "oskar" : user);
    }

    private OperatorSession signInWithDevice(URI issuer) {
        try (var http = createClient()) {
            return new OperatorSession(
                    issuer,
                    new DeviceSignIn(issuer, findClientId(), http, this::printInstruction).token());
        }
    }

    private OperatorSession signInWithBrowser(URI issuer) {
        try (var http = createClient()) {
            return new OperatorSession(
                    issuer,
                    new BrowserSignIn(issuer, client(), http, this::printInstruction).token());
        }
    }

    private static HttpClient createClient() {
        return HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .connectTimeout(Duration.ofSeconds(3))
                .build();
    }

    private Optional<String> findClientId() {
        return Optional.ofNullable(
                        clientId == null ? System.getenv("ORDERFLOW_OPERATOR_CLIENT_ID") : clientId)
                .filter(id -> !id.isBlank());
    }

    private String client() {
        return findClientId()
                .orElseThrow(
                        () ->
                                new CommandFailedException(
                                        "--client-id or ORDERFLOW_OPERATOR_CLIENT_ID is required, or --as"
                                                + " at the development issuer"));
    }
}
