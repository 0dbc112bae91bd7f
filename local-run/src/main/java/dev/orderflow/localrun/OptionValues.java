package dev.orderflow.localrun;

import java.math.BigDecimal;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.UUID;
import picocli.CommandLine;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/// What may be given to options, and what is said when it is something else: in words, and without
/// the names of Java's types.
final class OptionValues {

    private OptionValues() {}

    static CommandLine addTo(CommandLine command) {
        ITypeConverter<Integer> wholeNumber =
                text -> number(text, "a whole number of at most nine digits", Integer::valueOf);
        ITypeConverter<Long> longNumber = text -> number(text, "a whole number", Long::valueOf);
        ITypeConverter<Double> decimal = text -> number(text, "a number", Double::valueOf);
        return command.registerConverter(Integer.class, wholeNumber)
                .registerConverter(int.class, wholeNumber)
                .registerConverter(Long.class, longNumber)
                .registerConverter(long.class, longNumber)
                .registerConverter(Double.class, decimal)
                .registerConverter(double.class, decimal)
                .registerConverter(
                        BigDecimal.class, text -> number(text, "an amount", BigDecimal::new))
                .registerConverter(UUID.class, OptionValues::id)
                .registerConverter(URI.class, OptionValues::address);
    }

    private static <N> N number(String text, String kind, ITypeConverter<N> parse)
            throws Exception {
        // Java would also take 1e3, 0x1p3, NaN, digits of other scripts and a trailing d.
        if (!text.matches("-?[0-9]+(\\.[0-9]+)?")) {
            throw isNo(text, kind);
        }
        try {
            return parse.convert(text);
        } catch (NumberFormatException tooLongOrWithAFraction) {
            throw isNo(text, kind);
        }
    }

    private static UUID id(String text) {
        if (!text.matches("[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")) {
            throw isNo(text, "an id like 01a2075e-2d34-7f3b-b418-3925c9610246");
        }
        return UUID.fromString(text);
    }

    private static URI address(String text) {
        try {
            var address = new URI(text);
            if (address.getHost() != null
                    && ("http".equals(address.getScheme())
                            || "https".equals(address.getScheme()))) {
                return address;
            }
        } catch (URISyntaxException told) {
            // told below
        }
        throw isNo(text, "an address like http://127.0.0.1:8092");
    }

    private static TypeConversionException isNo(String text, String kind) {
        return new TypeConversionException("'%s' is not %s".formatted(text, kind));
    }
}
