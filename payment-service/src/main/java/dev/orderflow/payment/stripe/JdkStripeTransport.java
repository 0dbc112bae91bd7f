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

/// Sends the requests of Stripe's client with the JDK's HTTP client.
///
/// The default transport of Stripe's client, `HttpURLConnection`, silently resends a POST when the
/// connection breaks, and its read time-out restarts with every byte, so it hides lost and slow
/// responses. This transport sends a request once, and its time-out covers the whole call.
final class JdkStripeTransport extends com.stripe.net.HttpClient {

    /// The JDK's client sets these headers itself and rejects requests that set them.
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
        // The time-out of HttpRequest ends with the headers; reading the body has no limit.
        var response = http.sendAsync(translate(request), HttpResponse.BodyHandlers.ofString());
        try {
            var received = response.get(timeout.toMillis(), TimeUnit.MILLISECONDS);
            return new StripeResponse(
                    received.statusCode(),
                    HttpHeaders.of(received.headers().map()),
                    received.body());
        } catch (ExecutionException failed) {
            throw new ApiConnectionException("no response from Stripe", failed.getCause());
        } catch (TimeoutException timedOut) {
            throw new ApiConnectionException(
                    "no response from Stripe within the time-out", timedOut);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new ApiConnectionException("interrupted while waiting for Stripe", interrupted);
        } finally {
            // Closes the connection if the response is not complete.
            response.cancel(true);
        }
    }

    private HttpRequest translate(StripeRequest request) {
        var builder =
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
                                values.forEach(value -> builder.header(name, value));
                            }
                        });
        var content = request.content();
        if (content == null) {
            return builder.method(request.method().name(), HttpRequest.BodyPublishers.noBody())
                    .build();
        }
        return builder.setHeader("Content-Type", content.contentType())
                .method(
                        ApiResource.RequestMethod.POST.name(),
                        HttpRequest.BodyPublishers.ofByteArray(content.byteArrayContent()))
                .build();
    }
}
