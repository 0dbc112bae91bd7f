package dev.orderflow.commandline.operations;

import java.util.regex.Pattern;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/// Checks an idempotency key by the rule of the services, which a test compares: another key would
/// be refused, or could not be sent as a header at all.
final class IdempotencyKeyConverter implements ITypeConverter<String> {

    /// The form of a key, in words.
    static final String RULE = "1 to 255 visible ASCII characters without \" , ; and \\";

    private static final Pattern FORM = Pattern.compile("[\\x21-\\x7E&&[^\",;\\\\]]{1,255}");

    @Override
    public String convert(String key) {
        if (!FORM.matcher(key).matches()) {
            throw new TypeConversionException("it must have " + RULE);
        }
        return key;
    }
}
