package dev.orderflow.defaults.security;

import io.micrometer.observation.ObservationRegistry;
import java.net.URI;
import java.net.http.HttpClient;
import java.time.Duration;
import java.util.Objects;
import org.springframework.http.client.JdkClientHttpRequestFactory;
import org.springframework.web.client.RestClient;
import org.springframework.web.context.request.RequestAttributes;
import org.springframework.web.context.request.RequestContextHolder;

/// Creates clients of the internal API of another service: they send the API key, or the access
/// token of an operator, and the current trace, have time-outs, and use HTTP/1.1.
public final class InternalRestClientFactory {

    /// The header that carries the internal API key.
    public static final String KEY_HEADER = "X-Api-Key";

    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(2);

    private final String key;
    private final HttpClient http;
    private final ObservationRegistry observations;

    InternalRestClientFactory(InternalApiProperties properties, ObservationRegistry observations) {
        this.observations = observations;
        this.key = properties.keys().getFirst();
        this.http =
                HttpClient.newBuilder()
                        .version(HttpClient.Version.HTTP_1_1)
                        .connectTimeout(CONNECT_TIMEOUT)
                        .build();
    }

    /// Creates a client of one service. It ignores unknown fields of responses.
    ///
    /// @param baseUrl the address of the service, for example `http://localhost:8080`
    /// @param readTimeout how long a response may take before the call fails with a
    ///     [org.springframework.web.client.ResourceAccessException]
    public RestClient create(URI baseUrl, Duration readTimeout) {
        return builder(baseUrl, readTimeout).defaultHeader(KEY_HEADER, key).build();
    }

    /// Creates a client for actions of operators on one service: it sends the access token of the
    /// request that is being handled, so that the service verifies and records the same person. It
    /// works only on the thread of a request with such a token.
    ///
    /// @param baseUrl the address of the service
    /// @param readTimeout as in [#create]
    public RestClient createForOperators(URI baseUrl, Duration readTimeout) {
        return builder(baseUrl, readTimeout)
                .requestInitializer(
                        request -> request.getHeaders().setBearerAuth(currentOperatorToken()))
                .build();
    }

    private static String currentOperatorToken() {
        return (String)
                Objects.requireNonNull(
                        RequestContextHolder.currentRequestAttributes()
                                .getAttribute(
                                        InternalAccessInterceptor.TOKEN,
                                        RequestAttributes.SCOPE_REQUEST),
                        "the request was not sent by an operator");
    }

    private RestClient.Builder builder(URI baseUrl, Duration readTimeout) {
        var requests = new JdkClientHttpRequestFactory(http);
        requests.setReadTimeout(readTimeout);
        return RestClient.builder()
                .baseUrl(baseUrl)
                .requestFactory(requests)
                .observationRegistry(observations);
    }
}
