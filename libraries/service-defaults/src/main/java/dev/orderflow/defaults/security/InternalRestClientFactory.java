package dev.orderflow.defaults.security;

import io.micrometer.observation.ObservationRegistry;
import java.net.URI;
import java.net.http.HttpClient;
import java.time.Duration;
import org.springframework.http.client.JdkClientHttpRequestFactory;
import org.springframework.web.client.RestClient;

/// Creates clients of the internal API of another service: they send the API key and the current
/// trace, have time-outs, and use HTTP/1.1.
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
        var requests = new JdkClientHttpRequestFactory(http);
        requests.setReadTimeout(readTimeout);
        return RestClient.builder()
                .baseUrl(baseUrl)
                .requestFactory(requests)
                .observationRegistry(observations)
                .defaultHeader(KEY_HEADER, key)
                .build();
    }
}
