package dev.orderflow.localrun;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.orderflow.commandline.operations.OperationsCommands;
import dev.orderflow.localmachine.FreePorts;
import dev.orderflow.sandboxes.issuer.DevelopmentIssuer;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import tools.jackson.databind.json.JsonMapper;

/// `./orderflow login --device` and the development issuer agree on the device grant.
class DeviceLoginAtIssuerTest {

    private static final Pattern ADDRESS = Pattern.compile("http://\\S+user_code=\\S+");

    @Test
    void thePersonWhoIsChosenOnThePrintedPageIsSignedInOnTheCommandLine() throws Exception {
        int port = FreePorts.findOne();
        var url = URI.create("http://127.0.0.1:" + port);
        var instructions = new StringWriter();
        try (var _ =
                        DevelopmentIssuer.start(
                                Set.of(DevelopmentIssuer.PROFILE), "127.0.0.1", port, url);
                var browser = HttpClient.newHttpClient()) {
            var result = new StringWriter();
            var login =
                    CompletableFuture.supplyAsync(
                            () ->
                                    execute(
                                            result,
                                            instructions,
                                            "login",
                                            "--device",
                                            "--json",
                                            "--issuer",
                                            url.toString()));
            await().until(() -> ADDRESS.matcher(instructions.toString()).find());
            var address = ADDRESS.matcher(instructions.toString());
            assertThat(address.find()).isTrue();
            var page =
                    browser.send(
                            HttpRequest.newBuilder(URI.create(address.group() + "&operator=anna"))
                                    .build(),
                            BodyHandlers.ofString());
            assertThat(page.body()).contains("The command line is signed in");
            assertThat(login.get()).as(instructions.toString()).isZero();
            var operator = JsonMapper.shared().readTree(result.toString());
            assertThat(operator.path("subject").asString()).isEqualTo("anna");
            assertThat(operator.path("roles").get(0).asString()).isEqualTo("approver");
        } finally {
            execute(new StringWriter(), instructions, "logout", "--issuer", url.toString());
        }
    }

    private static int execute(StringWriter out, StringWriter err, String... arguments) {
        return OperationsCommands.addTo(new CommandLine(CommandSpec.create().name("orderflow")))
                .setOut(new PrintWriter(out))
                .setErr(new PrintWriter(err))
                .execute(arguments);
    }
}
