package dev.orderflow.commandline.operations;

import java.net.URI;
import java.net.http.HttpClient;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// Signs an operator in.
@Command(
        name = "login",
        description =
                "Sign in as an operator. At the development issuer choose a user with --as; at another issuer sign"
                        + " in with the browser.",
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
            names = "--client-id",
            paramLabel = "ID",
            description =
                    "The client id of the command line at the issuer. Default: the environment variable"
                            + " ORDERFLOW_OPERATOR_CLIENT_ID.")
    private @Nullable String clientId;

    @Override
    int execute() {
        var issuer = issuer();
        var session =
                user == null && namedIssuer().isPresent()
                        ? signInWithBrowser(issuer)
                        : OperatorSession.signIn(issuer, user == null ? "oskar" : user);
        session.write();
        print(
                "Signed in as %s (%s) until %s."
                        .formatted(
                                session.name(),
                                String.join(", ", session.roles()),
                                session.expiresAt()));
        return 0;
    }

    private OperatorSession signInWithBrowser(URI issuer) {
        try (var http =
                HttpClient.newBuilder()
                        .version(HttpClient.Version.HTTP_1_1)
                        .connectTimeout(Duration.ofSeconds(3))
                        .build()) {
            return new OperatorSession(
                    issuer, new BrowserSignIn(issuer, client(), http, this::print).token());
        }
    }

    private String client() {
        var chosen = clientId == null ? System.getenv("ORDERFLOW_OPERATOR_CLIENT_ID") : clientId;
        if (chosen == null || chosen.isBlank()) {
            throw new CommandFailedException(
                    "--client-id or ORDERFLOW_OPERATOR_CLIENT_ID is required, or --as at the development"
                            + " issuer");
        }
        return chosen;
    }
}
