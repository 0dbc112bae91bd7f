package dev.orderflow.operations;

import static org.assertj.core.api.Assertions.assertThat;

import dev.orderflow.contracts.fixture.CookieJar;
import dev.orderflow.defaults.operators.OperatorRole;
import java.io.IOException;
import java.net.URI;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// What a browser does at the port of the pages, without a screen and without scripts: it keeps
/// cookies and follows no redirection by itself.
public final class TestBrowser {

    private static final HttpClient HTTP =
            HttpClient.newBuilder().followRedirects(HttpClient.Redirect.NEVER).build();
    private static final Pattern CSRF = Pattern.compile("name=\"csrf\" value=\"([^\"]*)\"");

    private final int port;
    private final CookieJar jar = new CookieJar();

    /// @param port of the pages
    public TestBrowser(int port) {
        this.port = port;
    }

    /// The cookies by name, with their attributes as the server sent them.
    public Map<String, String> cookies() {
        return jar.cookies();
    }

    /// Opens a page.
    public HttpResponse<String> get(String path, String... headers) {
        return send(request(path, headers).GET());
    }

    /// Opens a stream of lines, which the caller closes.
    public HttpResponse<Stream<String>> openStream(String path) {
        try {
            return HTTP.send(request(path).GET().build(), BodyHandlers.ofLines());
        } catch (IOException | InterruptedException failure) {
            throw new IllegalStateException(failure);
        }
    }

    /// Opens a page that must exist, and returns its HTML.
    public String read(String path) {
        var response = get(path);
        assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
        return response.body();
    }

    /// Sends a form with the CSRF token of the first page.
    public HttpResponse<String> post(String path, Map<String, String> fields) {
        var all = new LinkedHashMap<>(fields);
        all.put("csrf", csrf());
        return postForm(path, all);
    }

    /// Sends a form with these fields alone.
    public HttpResponse<String> postForm(
            String path, Map<String, String> fields, String... headers) {
        var form =
                fields.entrySet().stream()
                        .map(field -> encode(field.getKey()) + "=" + encode(field.getValue()))
                        .collect(Collectors.joining("&"));
        return send(
                request(path, headers)
                        .header("Content-Type", "application/x-www-form-urlencoded")
                        .POST(BodyPublishers.ofString(form)));
    }

    /// The CSRF token of the session.
    public String csrf() {
        return find(CSRF, read("/")).group(1);
    }

    /// Signs in, and returns to the first page.
    public TestBrowser signIn(String name, OperatorRole... roles) {
        signIn("/login", name, Duration.ofMinutes(15), roles);
        return this;
    }

    /// Signs in with the link of a page.
    ///
    /// @param lifetime of the access token
    /// @return the page that leads on
    public HttpResponse<String> signIn(
            String link, String name, Duration lifetime, OperatorRole... roles) {
        var request = beginSignIn(link);
        return returnFromIssuer(request, SignInIssuerStub.grant(request, name, lifetime, roles));
    }

    /// Opens the link to sign in.
    ///
    /// @return the parameters of the authorization request
    public Map<String, String> beginSignIn(String link) {
        var sent = get(link);
        assertThat(sent.statusCode()).as(sent.body()).isEqualTo(303);
        return parameters(location(sent));
    }

    /// Returns from the issuer with an authorization code.
    public HttpResponse<String> returnFromIssuer(Map<String, String> request, String code) {
        return get(
                "/login/oauth2/code/operators?code=%s&state=%s"
                        .formatted(code, request.get("state")));
    }

    /// Where a redirection leads.
    public static String location(HttpResponse<?> response) {
        return response.headers().firstValue("Location").orElse("none");
    }

    private static Map<String, String> parameters(String url) {
        return Arrays.stream(URI.create(url).getRawQuery().split("&"))
                .map(parameter -> parameter.split("=", 2))
                .collect(
                        Collectors.toMap(
                                parameter -> parameter[0],
                                parameter ->
                                        URLDecoder.decode(parameter[1], StandardCharsets.UTF_8)));
    }

    private HttpRequest.Builder request(String path, String... headers) {
        var request =
                jar.addTo(HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path)));
        if (headers.length > 0) {
            request.headers(headers);
        }
        return request;
    }

    private HttpResponse<String> send(HttpRequest.Builder request) {
        try {
            var response = HTTP.send(request.build(), BodyHandlers.ofString());
            jar.keep(response);
            return response;
        } catch (IOException | InterruptedException failure) {
            throw new IllegalStateException(failure);
        }
    }

    private static String encode(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    private static Matcher find(Pattern pattern, String html) {
        var found = pattern.matcher(html);
        assertThat(found.find()).as(html).isTrue();
        return found;
    }
}
