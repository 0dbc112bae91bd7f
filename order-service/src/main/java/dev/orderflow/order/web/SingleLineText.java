package dev.orderflow.order.web;

import dev.orderflow.contracts.value.TextLine;
import jakarta.validation.Constraint;
import jakarta.validation.ConstraintValidator;
import jakarta.validation.ConstraintValidatorContext;
import jakarta.validation.Payload;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.jspecify.annotations.Nullable;

/// Something a person wrote, in any script: a [TextLine].
@Constraint(validatedBy = SingleLineText.SingleLineTextValidator.class)
@Target({ElementType.FIELD, ElementType.PARAMETER, ElementType.METHOD})
@Retention(RetentionPolicy.RUNTIME)
@interface SingleLineText {

    /// The most characters it may have.
    int max();

    String message() default "must be text on one line and not blank";

    Class<?>[] groups() default {};

    Class<? extends Payload>[] payload() default {};

    /// Refuses in the words of [TextLine].
    final class SingleLineTextValidator implements ConstraintValidator<SingleLineText, String> {

        private int most;

        @Override
        public void initialize(SingleLineText text) {
            most = text.max();
        }

        @Override
        public boolean isValid(@Nullable String text, ConstraintValidatorContext context) {
            return text == null
                    || ConstraintViolations.check(
                            context, () -> TextLine.require("text", text, most));
        }
    }
}
