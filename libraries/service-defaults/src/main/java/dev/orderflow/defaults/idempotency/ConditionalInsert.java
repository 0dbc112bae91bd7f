package dev.orderflow.defaults.idempotency;

import java.util.Map;

/// An `INSERT` that is executed only if a request acquires its idempotency key, as a part of the
/// statement that acquires it: see [IdempotentRequests#insertOnce].
///
/// @param name a name that no other insert of the statement has, in the form of an SQL identifier
/// @param sql `INSERT INTO … SELECT …` with [#CONDITION] in its `FROM`, which has one row if the
///     key was acquired and otherwise none. Give parameters their types with `CAST`. The text
///     should be the same for all requests, so that Postgres prepares the statement once
/// @param parameters the values of the named parameters of `sql`; the names are unique within the
///     statement
/// @param afterCommit is called after the commit, and not at all if nothing was inserted
public record ConditionalInsert(
        String name, String sql, Map<String, ?> parameters, Runnable afterCommit) {

    /// The name of the relation.
    public static final String CONDITION = "acquired_key";

    /// An insert after whose commit there is nothing to do.
    public ConditionalInsert(String name, String sql, Map<String, ?> parameters) {
        this(name, sql, parameters, () -> {});
    }

    /// Omits the values.
    @Override
    public String toString() {
        return "ConditionalInsert[" + name + "]";
    }
}
