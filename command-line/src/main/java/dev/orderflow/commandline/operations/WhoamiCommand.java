package dev.orderflow.commandline.operations;

import java.time.Instant;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// Shows the operator who is signed in.
@Command(
        name = "whoami",
        description = "Show the operator who is signed in, the roles, and until when.",
        mixinStandardHelpOptions = true)
final class WhoamiCommand extends SessionCommand {

    @Option(
            names = "--token",
            description = "Print the access token and nothing else. Whoever has it acts as you.")
    private boolean printToken;

    @Override
    int execute() {
        var session = session();
        if (session.expiresAt().isBefore(Instant.now())) {
            throw new CommandFailedException(
                    "the session of %s has expired; %s"
                            .formatted(session.name(), OperatorSession.signIn()));
        }
        if (printToken) {
            print(session.token(), Map.of("token", session.token()));
        } else {
            print(
                    "%s (%s), subject %s, until %s"
                            .formatted(
                                    session.name(),
                                    String.join(", ", session.roles()),
                                    session.subject(),
                                    session.expiresAt()),
                    toJson(session));
        }
        return 0;
    }
}
