package dev.orderflow.defaults.idempotency;

import dev.orderflow.defaults.problem.Problem;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.core.ResolvableType;
import org.springframework.http.HttpInputMessage;
import org.springframework.http.HttpOutputMessage;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.converter.AbstractSmartHttpMessageConverter;
import org.springframework.http.converter.HttpMessageNotReadableException;
import org.springframework.validation.DataBinder;
import org.springframework.validation.Validator;
import tools.jackson.core.JacksonException;
import tools.jackson.core.exc.StreamConstraintsException;
import tools.jackson.databind.json.JsonMapper;

/// Parses an [IdempotentBody] as Spring MVC parses a `@Valid @RequestBody`, and computes its
/// fingerprint.
final class IdempotentBodyConverter extends AbstractSmartHttpMessageConverter<IdempotentBody<?>> {

    private final JsonMapper json;
    private final Supplier<Validator> validator;

    IdempotentBodyConverter(JsonMapper json, Supplier<Validator> validator) {
        super(MediaType.APPLICATION_JSON);
        this.json = json;
        this.validator = validator;
    }

    @Override
    protected boolean supports(Class<?> type) {
        return type == IdempotentBody.class;
    }

    @Override
    public boolean canRead(ResolvableType type, @Nullable MediaType mediaType) {
        return type.resolve() == IdempotentBody.class && canRead(mediaType);
    }

    @Override
    public boolean canWrite(
            ResolvableType type, Class<?> valueType, @Nullable MediaType mediaType) {
        return false;
    }

    @Override
    public IdempotentBody<?> read(
            ResolvableType type, HttpInputMessage input, @Nullable Map<String, Object> hints)
            throws IOException {
        requireUtf8(input.getHeaders().getContentType());
        var body = readBody(input);
        var fingerprint = fingerprint(body, type.getGeneric(0), input);
        try {
            return IdempotentBody.valid(fingerprint, valid(read(body, type.getGeneric(0), input)));
        } catch (HttpMessageNotReadableException | Problem failure) {
            return IdempotentBody.invalid(fingerprint, failure);
        }
    }

    /// Without the length, the stream would be read through a buffer of 16 KiB.
    private static byte[] readBody(HttpInputMessage input) throws IOException {
        long length = input.getHeaders().getContentLength();
        return length < 0
                ? input.getBody().readAllBytes()
                : input.getBody().readNBytes(Math.toIntExact(length));
    }

    /// JSON between systems is UTF-8 ([RFC 8259,
    /// 8.1](https://www.rfc-editor.org/rfc/rfc8259#section-8.1)).
    private static void requireUtf8(@Nullable MediaType type) {
        if (type != null
                && type.getCharset() != null
                && !StandardCharsets.UTF_8.equals(type.getCharset())) {
            throw Problem.of(
                            HttpStatus.UNSUPPORTED_MEDIA_TYPE,
                            "unsupported-media-type",
                            "Unsupported Media Type")
                    .detail("Send application/json, in UTF-8.");
        }
    }

    private RequestFingerprint fingerprint(
            byte[] body, ResolvableType type, HttpInputMessage input) {
        try {
            return RequestFingerprint.of(body, json);
        } catch (StreamConstraintsException failure) {
            // Parsing into the expected type reports the name of the field.
            read(body, type, input);
            throw new HttpMessageNotReadableException("beyond limits", failure, input);
        } catch (JacksonException notJson) {
            throw new HttpMessageNotReadableException("not JSON", notJson, input);
        }
    }

    private Object read(byte[] body, ResolvableType type, HttpInputMessage input) {
        try {
            Object value = json.readValue(body, json.constructType(type.getType()));
            if (value == null) {
                throw new HttpMessageNotReadableException("the body is null", input);
            }
            return value;
        } catch (JacksonException failure) {
            throw new HttpMessageNotReadableException("unexpected JSON", failure, input);
        }
    }

    private Object valid(Object value) {
        var binder = new DataBinder(value, "body");
        binder.setValidator(validator.get());
        binder.validate();
        if (binder.getBindingResult().hasErrors()) {
            throw Problem.invalid(binder.getBindingResult());
        }
        return value;
    }

    @Override
    protected void writeInternal(
            IdempotentBody<?> body,
            ResolvableType type,
            HttpOutputMessage output,
            @Nullable Map<String, Object> hints) {
        throw new UnsupportedOperationException("bodies are only read");
    }
}
