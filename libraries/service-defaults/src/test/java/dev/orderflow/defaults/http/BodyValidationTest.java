package dev.orderflow.defaults.http;

import static org.assertj.core.api.Assertions.assertThat;

import jakarta.validation.Valid;
import jakarta.validation.ValidatorFactory;
import jakarta.validation.constraints.NotNull;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.WebApplicationContextRunner;
import org.springframework.boot.validation.autoconfigure.ValidationAutoConfiguration;

class BodyValidationTest {

    record Inner(@NotNull @Nullable String text) {}

    record Outer(@NotNull @Valid Inner inner) {}

    @Test
    void bodiesAreValidatedWithNestedOnesWithoutAskingPersistenceProviders() {
        new WebApplicationContextRunner()
                .withConfiguration(
                        AutoConfigurations.of(
                                ValidationAutoConfiguration.class, HttpAutoConfiguration.class))
                .run(
                        context -> {
                            var validation = context.getBean(ValidatorFactory.class);
                            assertThat(validation.getTraversableResolver().getClass().getName())
                                    .startsWith(HttpAutoConfiguration.class.getName());
                            assertThat(
                                            validation
                                                    .getValidator()
                                                    .validate(new Outer(new Inner(null))))
                                    .singleElement()
                                    .extracting(violation -> violation.getPropertyPath().toString())
                                    .isEqualTo("inner.text");
                        });
    }
}
