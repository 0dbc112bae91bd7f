package dev.orderflow.contracts.value;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.regex.Pattern;

/// The name of the operator who requests a change, in the field `operator` of every such request.
/// It is stored, logged, printed on terminals and sent as a message attribute.
///
/// @param value 1 to 100 printable ASCII characters, without a blank at either end
public record OperatorName(@JsonValue String value) {

    /// The form of a name, as a regular expression.
    public static final String PATTERN = "[!-~](?:[ -~]{0,98}[!-~])?";

    private static final Pattern FORM = Pattern.compile(PATTERN);

    /// Reads a name from a JSON string.
    @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
    public OperatorName {
        if (!FORM.matcher(value).matches()) {
            throw new InvalidValueException(
                    "operator",
                    "must be 1 to 100 printable ASCII characters without a blank at either end");
        }
    }

    @Override
    public String toString() {
        return value;
    }
}
