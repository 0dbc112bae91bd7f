package dev.orderflow.defaults.requests;

import dev.orderflow.defaults.text.TimeFormat;
import dev.orderflow.defaults.text.UuidFormat;
import java.beans.PropertyEditorSupport;
import java.time.Instant;
import java.util.UUID;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.core.convert.converter.Converter;
import org.springframework.web.bind.WebDataBinder;
import org.springframework.web.bind.annotation.ControllerAdvice;
import org.springframework.web.bind.annotation.InitBinder;

/// Parses UUIDs, integers and times of paths, queries and headers only in their documented form.
///
/// By default Spring also accepts `0x10`, ` 10` and `+10` as a number, and the JDK `1-1-1-1-1` as a
/// UUID and `-1000000000-01-01T00:00:00Z` as a time. These are property editors, because Spring
/// falls back to its own editors when a converter rejects a text, and to the constants of the type:
/// `MIN` would be the first of all times.
@ControllerAdvice
final class StrictParameterEditors {

    private static final Pattern ID = Pattern.compile(UuidFormat.REGEX);
    private static final Pattern WHOLE = Pattern.compile("-?[0-9]{1,19}");

    @InitBinder
    void addTo(WebDataBinder binder) {
        binder.registerCustomEditor(UUID.class, new PatternEditor(ID, UUID::fromString));
        binder.registerCustomEditor(Instant.class, new TimeEditor());
        binder.registerCustomEditor(int.class, new PatternEditor(WHOLE, Integer::valueOf));
        binder.registerCustomEditor(Integer.class, new PatternEditor(WHOLE, Integer::valueOf));
        binder.registerCustomEditor(long.class, new PatternEditor(WHOLE, Long::valueOf));
        binder.registerCustomEditor(Long.class, new PatternEditor(WHOLE, Long::valueOf));
    }

    /// @return null for an empty text, which is no value
    private static @Nullable Instant toTime(String text) {
        return text.isEmpty()
                ? null
                : TimeFormat.parse(text).orElseThrow(StrictParameterEditors::undocumentedForm);
    }

    private static IllegalArgumentException undocumentedForm() {
        return new IllegalArgumentException("has an undocumented form");
    }

    /// For `Optional` parameters, to which Spring does not apply the editors.
    static final class TimeConverter implements Converter<String, @Nullable Instant> {

        @Override
        public @Nullable Instant convert(String text) {
            return toTime(text);
        }
    }

    private static final class TimeEditor extends PropertyEditorSupport {

        @Override
        public void setAsText(String text) {
            setValue(toTime(text));
        }
    }

    private static final class PatternEditor extends PropertyEditorSupport {

        private final Pattern form;
        private final Function<String, Object> reading;

        PatternEditor(Pattern form, Function<String, Object> reading) {
            this.form = form;
            this.reading = reading;
        }

        @Override
        public void setAsText(String text) {
            if (text.isEmpty()) {
                // No value.
                setValue(null);
            } else if (form.matcher(text).matches()) {
                setValue(reading.apply(text));
            } else {
                throw undocumentedForm();
            }
        }
    }
}
