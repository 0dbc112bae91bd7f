package dev.orderflow.defaults.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import jakarta.validation.constraints.NotNull;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

class StrictJsonTest {

    enum CupSize {
        SMALL,
        LARGE
    }

    record Cup(String name, int count, CupSize size) {}

    private final JsonMapper json = strict();

    private static JsonMapper strict() {
        var builder = JsonMapper.builder();
        new HttpAutoConfiguration().strictJson().customize(builder);
        return builder.build();
    }

    record Cupboard(UUID id, List<String> cups, @Nullable UUID room, Optional<String> colour) {}

    record ValidatedRecord(@NotNull UUID id) {}

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"id\":null,\"cups\":[],\"colour\":null}",
                "{\"id\":\"\",\"cups\":[],\"colour\":null}",
                "{\"id\":\"\\u0000\",\"cups\":[],\"colour\":null}",
                "{\"id\":\"0197f2a4-6c1e-7bd3-9f51-3c8a4b7d2e60\",\"cups\":null,\"colour\":null}",
                "{\"id\":\"0197f2a4-6c1e-7bd3-9f51-3c8a4b7d2e60\",\"cups\":[null],\"colour\":null}"
            })
    void nullIsRefusedForNonNullTypes(String withNull) {
        assertThatThrownBy(() -> json.readValue(withNull, Cupboard.class))
                .isInstanceOf(JacksonException.class);
    }

    @Test
    void nullIsReadForNullableTypesAndLeftToBeanValidation() {
        var cupboard =
                json.readValue(
                        """
                        {"id":"0197f2a4-6c1e-7bd3-9f51-3c8a4b7d2e60","cups":["a"],"room":null,"colour":null}
                        """,
                        Cupboard.class);
        assertThat(cupboard.room()).isNull();
        assertThat(cupboard.colour()).isEmpty();
        assertThat(json.readValue("{\"id\":null}", ValidatedRecord.class).id()).isNull();
    }

    @Test
    void everyFieldOfTheApiIsRead() {
        assertThat(json.readValue("{\"name\":\"a\",\"count\":1,\"size\":\"LARGE\"}", Cup.class))
                .isEqualTo(new Cup("a", 1, CupSize.LARGE));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"name\":\"a\",\"count\":1,\"size\":1}",
                "{\"name\":\"a\",\"count\":1,\"size\":\"1\"}",
                "{\"name\":\"a\",\"count\":1,\"size\":\"\"}",
                "{\"name\":\"a\",\"count\":1,\"size\":\"MIDDLING\"}",
                "{\"name\":1,\"count\":1,\"size\":\"LARGE\"}",
                "{\"name\":\"a\",\"count\":\"1\",\"size\":\"LARGE\"}",
                "{\"name\":\"a\",\"count\":1.0,\"size\":\"LARGE\"}",
                "{\"name\":\"a\",\"count\":null,\"size\":\"LARGE\"}",
                "{\"name\":\"a\",\"size\":\"LARGE\"}",
                "{\"name\":\"a\",\"count\":1,\"size\":\"LARGE\",\"colour\":\"red\"}",
                "{\"name\":\"a\",\"name\":\"b\",\"count\":1,\"size\":\"LARGE\"}",
                "{\"name\":\"a\",\"count\":1,\"size\":\"LARGE\"} true"
            })
    void almostValidAmountsAreRejected(String almost) {
        assertThatThrownBy(() -> json.readValue(almost, Cup.class))
                .isInstanceOf(JacksonException.class);
    }
}
