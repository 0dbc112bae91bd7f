package dev.orderflow.payment.stripe;

import com.stripe.exception.ApiConnectionException;
import com.stripe.net.ApiResource;
import com.stripe.net.HttpHeaders;
import com.stripe.net.StripeRequest;
import com.stripe.net.StripeResponse;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/// Carries the requests of Stripe's client over the JDK's HTTP client.
///
/// The client's own transport, `HttpURLConnection`, sends a POST again by itself when the
/// connection breaks, and its read time-out starts anew with every byte: neither a lost answer
/// nor a slow one would be seen here for what it is. This one sends once, and its time-out is for
/// the whole call.
final class JdkStripeTransport extends com.stripe.net.HttpClient {

    /// Set by the JDK's client itself, which refuses them from others.
    private static final Set<String> SET_BY_HTTP_CLIENT =
            Set.of("connection", "content-length", "host", "expect", "upgrade");

    private final HttpClient http;
    private final Duration timeout;

    JdkStripeTransport(Duration connectTimeout, Duration timeout) {
        this.timeout = timeout;
        this.http =
                HttpClient.newBuilder()
                        .version(HttpClient.Version.HTTP_1_1)
                        .connectTimeout(connectTimeout)
                        .followRedirects(HttpClient.Redirect.NEVER)
                        .build();
    }

    @Override
    public StripeResponse request(StripeRequest request) throws ApiConnectionException {
        // The client's own time-out ends with the headers; a body may drip for ever.
        var answering = http.sendAsync(translate(request), HttpResponse.BodyHandlers.ofString());
        try {
            var answer = answering.get(timeout.toMillis(), TimeUnit.MILLISECONDS);
            return new StripeResponse(
                    answer.statusCode(), HttpHeaders.of(answer.headers().map()), answer.body());
        } catch (ExecutionException broken) {
            throw new ApiConnectionException("no answer from Stripe", broken.getCause());
        } catch (TimeoutException tooSlow) {
            throw new ApiConnectionException("no answer from Stripe in time", tooSlow);
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            throw new ApiConnectionException("stopped while waiting for Stripe", stopped);
        } finally {
            // Closes the connection of an answer that nobody waits for any more.
            answering.cancel(true);
        }
    }

    private HttpRequest translate(StripeRequest request) {
        var translated =
                HttpRequest.newBuilder(URI.create(request.url().toString()))
                        .timeout(timeout)
                        .setHeader("User-Agent", buildUserAgentString(request))
                        .setHeader(
                                "X-Stripe-Client-User-Agent", buildXStripeClientUserAgentString());
        request.headers()
                .map()
                .forEach(
                        (name, values) -> {
                            if (!SET_BY_HTTP_CLIENT.contains(name.toLowerCase(Locale.ROOT))) {
                                values.forEach(value -> translated.header(name, value));
                            }
                        });
        var content = request.content();
        if (content == null) {
            return translated
                    .method(request.method().name(), HttpRequest.BodyPublishers.noBody())
                    .build();
        }
        return translated
                .setHeader("Content-Type", content.contentType())
                .method(
                        ApiResource.RequestMethod.POST.name(),
                        HttpRequest.BodyPublishers.ofByteArray(content.byteArrayContent()))
                .build();
    }
}
