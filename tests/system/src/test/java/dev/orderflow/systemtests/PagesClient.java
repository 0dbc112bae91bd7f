package dev.orderflow.systemtests;

import static org.assertj.core.api.Assertions.assertThat;

import dev.orderflow.contracts.fixture.CookieJar;
import dev.orderflow.contracts.fixture.Repetition;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/// What a browser does at the pages of operations-console, without scripts: an operator of the
/// development issuer signs in, reads pages and sends forms.
final class PagesClient {

    private static final HttpClient HTTP =
            HttpClient.newBuilder()
                    .version(HttpClient.Version.HTTP_1_1)
                    .followRedirects(HttpClient.Redirect.NEVER)
                    .build();
    private static final Pattern CSRF = Pattern.compile("name=\"csrf\" value=\"([^\"]*)\"");

    private final URI pages;
    private final CookieJar jar = new CookieJar();

    private PagesClient(URI pages) {
        this.pages = pages;
    }

    /// Signs in as a user of the development issuer.
    static PagesClient signIn(URI pages, String operator) {
        var client = new PagesClient(pages);
        var toIssuer = location(client.send(client.request("/login").GET()));
        var back =
                sendToIssuer(
                        HttpRequest.newBuilder(URI.create(toIssuer + "&operator=" + operator)));
        var returned = URI.create(location(back));
        var arrived =
                client.send(client.request(returned.getPath() + "?" + returned.getRawQuery()));
        assertThat(arrived.statusCode()).as(arrived.body()).isEqualTo(200);
        return client;
    }

    /// Opens a page that must exist, and returns its HTML.
    String read(String path) {
        var page = send(request(path));
        assertThat(page.statusCode()).as(page.body()).isEqualTo(200);
        return page.body();
    }

    /// Sends a form, which must be accepted.
    ///
    /// @return where it leads
    String post(String path, Map<String, String> fields) {
        var all = new TreeMap<>(fields);
        all.put("csrf", csrf());
        var form =
                all.entrySet().stream()
                        .map(field -> field.getKey() + "=" + encode(field.getValue()))
                        .collect(Collectors.joining("&"));
        var answer =
                send(
                        request(path)
                                .header("Content-Type", "application/x-www-form-urlencoded")
                                .POST(HttpRequest.BodyPublishers.ofString(form)));
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(303);
        return location(answer);
    }

    private String csrf() {
        var found = CSRF.matcher(read("/"));
        assertThat(found.find()).isTrue();
        return found.group(1);
    }

    private HttpRequest.Builder request(String path) {
        return jar.addTo(HttpRequest.newBuilder(pages.resolve(path)));
    }

    /// Sends a request, and repeats it, as a page asks to, while a service is unavailable.
    private HttpResponse<String> send(HttpRequest.Builder request) {
        var response = Repetition.untilAvailable(() -> sendToIssuer(request));
        jar.keep(response);
        return response;
    }

    private static HttpResponse<String> sendToIssuer(HttpRequest.Builder request) {
        try {
            return HTTP.send(request.build(), HttpResponse.BodyHandlers.ofString());
        } catch (IOException | InterruptedException failure) {
            throw new IllegalStateException(failure);
        }
    }

    private static String location(HttpResponse<?> answer) {
        return answer.headers().firstValue("Location").orElse("none");
    }

    private static String encode(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }
}
