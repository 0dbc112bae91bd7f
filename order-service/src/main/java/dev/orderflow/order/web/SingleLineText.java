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

/// Validates a single line of text in any script, see [TextLine].
@Constraint(validatedBy = SingleLineText.SingleLineTextValidator.class)
@Target({ElementType.FIELD, ElementType.PARAMETER, ElementType.METHOD})
@Retention(RetentionPolicy.RUNTIME)
@interface SingleLineText {

    /// The maximum number of characters.
    int max();

    String message() default "must be text on one line and not blank";

    Class<?>[] groups() default {};

    Class<? extends Payload>[] payload() default {};

    /// Uses the message of [TextLine].
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
