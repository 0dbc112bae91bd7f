package dev.orderflow.defaults.transport;

/// A connection that could be read on its way.
///
/// @param setting the property that makes it so
/// @param why what it says, without any secret, and what it should say
record UnencryptedConnection(String setting, String problem) {

    @Override
    public String toString() {
        return setting + " " + problem;
    }
}
