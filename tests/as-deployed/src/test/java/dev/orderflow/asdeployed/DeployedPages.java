package dev.orderflow.asdeployed;

import static org.assertj.core.api.Assertions.assertThat;

import dev.orderflow.contracts.fixture.CookieJar;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URLDecoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
import java.util.stream.Collectors;

/// The browser of an operator at the pages of operations-console, together with the load balancer
/// that ends TLS: the console receives its `Secure` cookies without TLS.
final class DeployedPages {

    private static final HttpClient HTTP =
            HttpClient.newBuilder()
                    .version(HttpClient.Version.HTTP_1_1)
                    .followRedirects(HttpClient.Redirect.NEVER)
                    .build();

    private final URI pages;
    private final CookieJar jar = new CookieJar();

    private DeployedPages(URI pages) {
        this.pages = pages;
    }

    /// Signs in at the operators' issuer.
    static DeployedPages signIn(DeployedSystem system, String operator, String role) {
        var browser = new DeployedPages(system.pages());
        var toIssuer = parameters(browser.get("/login", 303));
        var code = system.signInCode(toIssuer.getOrDefault("nonce", ""), operator, role);
        browser.get(
                "/login/oauth2/code/operators?code=%s&state=%s"
                        .formatted(code, toIssuer.get("state")),
                200);
        return browser;
    }

    /// Opens a page that must exist, and returns its HTML.
    String read(String path) {
        return get(path, 200).body();
    }

    private HttpResponse<String> get(String path, int expected) {
        var request = jar.addTo(HttpRequest.newBuilder(pages.resolve(path)));
        try {
            var response = HTTP.send(request.build(), HttpResponse.BodyHandlers.ofString());
            assertThat(response.statusCode()).as(response.body()).isEqualTo(expected);
            jar.keep(response);
            return response;
        } catch (IOException failed) {
            throw new UncheckedIOException(path, failed);
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(stopped);
        }
    }

    /// The parameters of the address to which a response redirects.
    private static Map<String, String> parameters(HttpResponse<?> response) {
        var location = URI.create(response.headers().firstValue("Location").orElseThrow());
        return Arrays.stream(location.getRawQuery().split("&"))
                .map(parameter -> parameter.split("=", 2))
                .collect(
                        Collectors.toMap(
                                parameter -> parameter[0],
                                parameter ->
                                        URLDecoder.decode(parameter[1], StandardCharsets.UTF_8)));
    }
}
