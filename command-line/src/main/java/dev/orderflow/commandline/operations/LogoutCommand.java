package dev.orderflow.commandline.operations;

import java.util.Map;
import picocli.CommandLine.Command;

/// Ends an operator's session on this machine.
@Command(
        name = "logout",
        description = "Sign out: delete the stored access token of the issuer.",
        mixinStandardHelpOptions = true)
final class LogoutCommand extends SessionCommand {

    @Override
    int execute() {
        boolean wasSignedIn = OperatorSession.delete(issuer());
        print(
                wasSignedIn ? "Signed out." : "You were not signed in.",
                Map.of("wasSignedIn", wasSignedIn));
        return 0;
    }
}
