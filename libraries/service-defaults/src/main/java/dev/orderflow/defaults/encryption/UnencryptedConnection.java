package dev.orderflow.defaults.encryption;

/// A configured connection that is not encrypted.
///
/// @param setting the property that configures it
/// @param problem the current value, without secrets, and the required one
record UnencryptedConnection(String setting, String problem) {

    @Override
    public String toString() {
        return setting + " " + problem;
    }
}
