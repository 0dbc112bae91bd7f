package dev.orderflow.commandline.operations;

import picocli.CommandLine.Command;

/// Ends an operator's session on this machine.
@Command(
        name = "logout",
        description = "Sign out: delete the stored access token of the issuer.",
        mixinStandardHelpOptions = true)
final class LogoutCommand extends SessionCommand {

    @Override
    int execute() {
        print(OperatorSession.delete(issuer()) ? "Signed out." : "You were not signed in.");
        return 0;
    }
}
