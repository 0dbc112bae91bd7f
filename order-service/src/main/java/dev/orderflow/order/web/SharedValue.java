package dev.orderflow.order.web;

import dev.orderflow.contracts.value.CountryCode;
import dev.orderflow.contracts.value.EmailAddress;
import dev.orderflow.contracts.value.PaymentMethodId;
import dev.orderflow.contracts.value.Sku;
import jakarta.validation.Constraint;
import jakarta.validation.ConstraintValidator;
import jakarta.validation.ConstraintValidatorContext;
import jakarta.validation.Payload;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Validates a string with one of the value types that all services share, so that an invalid value
/// is refused before an order is stored.
@Constraint(validatedBy = SharedValue.SharedValueValidator.class)
@Target({ElementType.FIELD, ElementType.PARAMETER, ElementType.METHOD})
@Retention(RetentionPolicy.RUNTIME)
@interface SharedValue {

    /// The value type.
    SharedValueType value();

    String message() default "is not allowed";

    Class<?>[] groups() default {};

    Class<? extends Payload>[] payload() default {};

    /// The value types, each with the constructor that validates.
    enum SharedValueType {
        SKU(Sku::new),
        PAYMENT_METHOD_ID(PaymentMethodId::new),
        EMAIL_ADDRESS(EmailAddress::new),
        COUNTRY_CODE(CountryCode::new);

        private final Consumer<String> check;

        SharedValueType(Consumer<String> check) {
            this.check = check;
        }
    }

    /// Uses the message of the value type.
    final class SharedValueValidator implements ConstraintValidator<SharedValue, String> {

        private SharedValueType kind = SharedValueType.SKU;

        @Override
        public void initialize(SharedValue constraint) {
            kind = constraint.value();
        }

        @Override
        public boolean isValid(@Nullable String text, ConstraintValidatorContext context) {
            return text == null
                    || ConstraintViolations.check(context, () -> kind.check.accept(text));
        }
    }
}
