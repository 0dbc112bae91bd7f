package dev.orderflow.contracts.value;

/// A value is invalid. The message is the name of the value and the rule, for example
/// `sku must be 1 to 40 upper-case letters, digits or dashes`; it never quotes the value, which may
/// contain personal data or malicious input.
public final class InvalidValueException extends IllegalArgumentException {

    private static final long serialVersionUID = 1L;

    private final String name;
    private final String rule;

    /// @param name the name of the value, as in JSON
    /// @param rule what the value must be, beginning with "must"
    public InvalidValueException(String name, String rule) {
        super(name + " " + rule);
        this.name = name;
        this.rule = rule;
    }

    /// The name of the value.
    public String name() {
        return name;
    }

    /// What the value must be, without its name.
    public String rule() {
        return rule;
    }
}
