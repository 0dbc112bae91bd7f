package dev.orderflow.operations.services;

import java.util.Optional;
import org.springframework.http.MediaType;
import org.springframework.web.client.HttpClientErrorException;
import org.springframework.web.client.RestClient;
import org.springframework.web.client.RestClientException;
import org.springframework.web.client.RestClientResponseException;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// The internal API of one service.
///
/// Each call throws a [ServiceProblemException] when the service rejects the request with a problem
/// (RFC 9457), and a [ServiceUnavailableException] when there is no usable response.
public final class ServiceApi {

    private static final String PROBLEM_TYPES = "/problems/";

    private final String service;
    private final RestClient client;
    private final ServiceAvailability availability;

    /// @param service the name of the service, for messages
    public ServiceApi(String service, RestClient client) {
        this(service, client, new ServiceAvailability());
    }

    /// @param availability learns whether the service responds
    ServiceApi(String service, RestClient client, ServiceAvailability availability) {
        this.service = service;
        this.client = client;
        this.availability = availability;
    }

    /// The name of the service.
    public String service() {
        return service;
    }

    /// Reads a resource.
    ///
    /// @param path a URI template
    public ServiceResponse get(String path, Object... variables) {
        return send(client.get().uri(path, variables));
    }

    /// Reads a resource that may be absent.
    ///
    /// @param absent the type of the problem that says so, for example `order-not-found`
    /// @param path a URI template
    /// @return empty when the service answers with that problem
    public Optional<ServiceResponse> find(String absent, String path, Object... variables) {
        try {
            return Optional.of(get(path, variables));
        } catch (ServiceProblemException problem) {
            if (problem.isOfType(absent)) {
                return Optional.empty();
            }
            throw problem;
        }
    }

    /// Sends a JSON request.
    public ServiceResponse post(String path, Object body) {
        return send(client.post().uri(path).contentType(MediaType.APPLICATION_JSON).body(body));
    }

    /// Sends a JSON request that replaces a resource.
    ///
    /// @param path a URI template
    public ServiceResponse put(String path, Object body, Object... variables) {
        return send(
                client.put()
                        .uri(path, variables)
                        .contentType(MediaType.APPLICATION_JSON)
                        .body(body));
    }

    /// Deletes a resource.
    ///
    /// @param path a URI template
    public ServiceResponse delete(String path, Object... variables) {
        return send(client.delete().uri(path, variables));
    }

    private ServiceResponse send(RestClient.RequestHeadersSpec<?> request) {
        try {
            var response = exchange(request);
            availability.recordResponse(service);
            return response;
        } catch (ServiceProblemException problem) {
            availability.recordResponse(service);
            throw problem;
        } catch (ServiceUnavailableException unavailable) {
            availability.recordFailure(service);
            throw unavailable;
        }
    }

    private ServiceResponse exchange(RestClient.RequestHeadersSpec<?> request) {
        try {
            return ServiceResponse.parse(service, request.retrieve().body(String.class));
        } catch (HttpClientErrorException failure) {
            throw toException(failure);
        } catch (RestClientResponseException failure) {
            throw httpError(failure);
        } catch (RestClientException failure) {
            throw new ServiceUnavailableException(service + " did not respond", failure);
        }
    }

    /// An error without a problem type of ours may come from another server on that port, and
    /// proves nothing about the requested resource.
    private ServiceUnavailableException toException(HttpClientErrorException failure) {
        JsonNode problem;
        try {
            problem = JsonMapper.shared().readTree(failure.getResponseBodyAsString());
        } catch (JacksonException _) {
            return httpError(failure);
        }
        var type = problem.path("type").asString("");
        int slug = type.indexOf(PROBLEM_TYPES);
        return slug < 0
                ? httpError(failure)
                : new ServiceProblemException(
                        service,
                        failure.getStatusCode().value(),
                        type.substring(slug + PROBLEM_TYPES.length()),
                        problem,
                        failure);
    }

    private ServiceUnavailableException httpError(RestClientResponseException failure) {
        return new ServiceUnavailableException(
                "%s responded with HTTP %d".formatted(service, failure.getStatusCode().value()),
                failure);
    }
}
