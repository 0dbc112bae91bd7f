package dev.orderflow.operations.services;

import dev.orderflow.defaults.text.UuidFormat;
import java.math.BigDecimal;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// The JSON response of a service, or a part of it.
///
/// A field that is missing or has another type makes the whole response invalid: each method throws
/// a [ServiceUnavailableException] that names the service and the field. Unknown fields are
/// ignored.
public final class ServiceResponse {

    /// [BigDecimal] also accepts `1e999999999`, which has a billion digits when it is written.
    private static final Pattern DECIMAL = Pattern.compile("-?[0-9]{1,30}(\\.[0-9]{1,30})?");

    private final String service;
    private final JsonNode json;

    private ServiceResponse(String service, JsonNode json) {
        this.service = service;
        this.json = json;
    }

    static ServiceResponse parse(String service, @Nullable String body) {
        try {
            return new ServiceResponse(
                    service, JsonMapper.shared().readTree(body == null ? "" : body));
        } catch (JacksonException _) {
            // Without the cause, whose message quotes the response.
            throw new ServiceUnavailableException("the response of " + service + " is not JSON");
        }
    }

    /// A text.
    public String text(String field) {
        return findText(field).orElseThrow(() -> invalid(field));
    }

    /// A text that may be missing.
    public Optional<String> findText(String field) {
        return Optional.ofNullable(json.path(field).stringValue(null));
    }

    /// A text that is an id.
    public UUID uuid(String field) {
        return toUuid(field, text(field));
    }

    /// A text that is a decimal number, as in amounts of money.
    public BigDecimal decimal(String field) {
        var text = text(field);
        if (!DECIMAL.matcher(text).matches()) {
            throw invalid(field);
        }
        return new BigDecimal(text);
    }

    /// An integer.
    public long number(String field) {
        var value = json.path(field);
        if (!value.isIntegralNumber() || !value.canConvertToLong()) {
            throw invalid(field);
        }
        return value.longValue();
    }

    /// True or false.
    public boolean flag(String field) {
        var value = json.path(field);
        if (!value.isBoolean()) {
            throw invalid(field);
        }
        return value.booleanValue();
    }

    /// An object.
    public ServiceResponse object(String field) {
        return findObject(field).orElseThrow(() -> invalid(field));
    }

    /// An object that may be missing or null.
    public Optional<ServiceResponse> findObject(String field) {
        return json.path(field).isObject()
                ? Optional.of(new ServiceResponse(service, json.path(field)))
                : Optional.empty();
    }

    /// The whole response, to be passed on.
    public JsonNode json() {
        return json;
    }

    /// The whole response as a value that the service writes from the same type.
    public <T> T toValue(Class<T> type) {
        try {
            var value = JsonMapper.shared().treeToValue(json, type);
            if (value != null) {
                return value;
            }
        } catch (JacksonException _) {
            // Without the cause, whose message quotes the response.
        }
        throw new ServiceUnavailableException("the response of " + service + " has another form");
    }

    /// The objects of an array.
    public Stream<ServiceResponse> objects(String field) {
        return array(field).map(element -> new ServiceResponse(service, element));
    }

    /// The texts of an array.
    public Stream<String> texts(String field) {
        return array(field)
                .map(
                        element ->
                                Optional.ofNullable(element.stringValue(null))
                                        .orElseThrow(() -> invalid(field)));
    }

    /// The integers of an array.
    public Stream<Long> numbers(String field) {
        return array(field)
                .map(
                        element -> {
                            if (!element.isIntegralNumber() || !element.canConvertToLong()) {
                                throw invalid(field);
                            }
                            return element.longValue();
                        });
    }

    /// The ids of an array.
    public Stream<UUID> uuids(String field) {
        return texts(field).map(text -> toUuid(field, text));
    }

    private Stream<JsonNode> array(String field) {
        if (!json.path(field).isArray()) {
            throw invalid(field);
        }
        return json.path(field).valueStream();
    }

    private UUID toUuid(String field, String text) {
        return UuidFormat.parse(text).orElseThrow(() -> invalid(field));
    }

    private ServiceUnavailableException invalid(String field) {
        return new ServiceUnavailableException(
                "the response of %s has no valid field %s".formatted(service, field));
    }
}
