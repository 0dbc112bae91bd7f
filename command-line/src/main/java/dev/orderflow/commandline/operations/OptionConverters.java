package dev.orderflow.commandline.operations;

import java.math.BigDecimal;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.UUID;
import java.util.function.Function;
import java.util.regex.Pattern;
import picocli.CommandLine;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/// Converts the values of options and parameters. Unlike those of picocli, the messages do not
/// quote Java exceptions.
final class OptionConverters {

    /// Java also accepts `0x1p3`, `NaN`, a trailing `d` and the digits of other scripts.
    private static final Pattern WHOLE = Pattern.compile("-?[0-9]{1,30}");

    /// [UUID#fromString] also accepts `1-1-1-1-1`.
    private static final Pattern ID =
            Pattern.compile("[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}");

    private static final Pattern DECIMAL = Pattern.compile("-?[0-9]{1,30}(\\.[0-9]{1,30})?");

    private OptionConverters() {}

    /// Registers the converters with a command line and all its subcommands.
    static CommandLine addTo(CommandLine commandLine) {
        add(commandLine, String.class, OptionConverters::text);
        add(commandLine, UUID.class, OptionConverters::id);
        add(commandLine, Integer.class, whole(Integer::valueOf));
        add(commandLine, int.class, whole(Integer::valueOf));
        add(commandLine, Long.class, whole(Long::valueOf));
        add(commandLine, long.class, whole(Long::valueOf));
        var decimal = number(DECIMAL, Double::valueOf, "a number, such as 2.5");
        add(commandLine, Double.class, decimal);
        add(commandLine, double.class, decimal);
        add(
                commandLine,
                BigDecimal.class,
                number(DECIMAL, BigDecimal::new, "an amount, such as 49.90"));
        add(commandLine, URI.class, OptionConverters::address);
        return add(commandLine, Path.class, OptionConverters::path);
    }

    private static <T> CommandLine add(
            CommandLine commandLine, Class<T> type, ITypeConverter<T> converter) {
        return commandLine.registerConverter(type, converter);
    }

    /// An empty value is a variable of the caller's shell that is not set.
    private static String text(String text) {
        if (text.isBlank()) {
            throw new TypeConversionException("it is empty");
        }
        return text;
    }

    private static UUID id(String text) {
        if (!ID.matcher(text).matches()) {
            throw wrong(text, "an id, such as 0a9d3a4e-5ad5-4c63-9d5e-7a4f0d0c7f11");
        }
        return UUID.fromString(text);
    }

    private static <T> ITypeConverter<T> whole(Function<String, T> reading) {
        return number(WHOLE, reading, "a whole number, such as 50");
    }

    private static <T> ITypeConverter<T> number(
            Pattern form, Function<String, T> reading, String what) {
        return text -> {
            if (!form.matcher(text).matches()) {
                throw wrong(text, what);
            }
            try {
                return reading.apply(text);
            } catch (NumberFormatException _) {
                throw new TypeConversionException("'%s' is out of range".formatted(text));
            }
        };
    }

    /// @throws TypeConversionException when it is not an HTTP URL with a host
    static URI address(String text) {
        try {
            var address = new URI(text);
            if (address.getHost() != null
                    && ("http".equals(address.getScheme())
                            || "https".equals(address.getScheme()))) {
                return address;
            }
        } catch (URISyntaxException _) {
            // reported below
        }
        throw wrong(text, "a URL, such as http://127.0.0.1:8086");
    }

    /// An empty path would be the current folder.
    private static Path path(String text) {
        if (!text.isBlank() && text.chars().noneMatch(Character::isISOControl)) {
            try {
                return Path.of(text);
            } catch (InvalidPathException _) {
                // reported below
            }
        }
        throw wrong(text, "a file or folder name");
    }

    private static TypeConversionException wrong(String text, String what) {
        return new TypeConversionException("'%s' is not %s".formatted(Table.plain(text), what));
    }
}
