package dev.orderflow.defaults.idempotency;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.namedparam.MapSqlParameterSource;
import org.springframework.jdbc.core.namedparam.NamedParameterUtils;
import org.springframework.jdbc.core.namedparam.ParsedSql;

/// Builds the statement of [IdempotentRequests#insertOnce] from its inserts.
///
/// Two requests with one key: the second one does not get the lock. If it gets the lock because the
/// first one has just committed, but does not see the first one's response because its own snapshot
/// is older, the unique key is violated, so it inserts nothing. Either way `won` is false.
final class InsertStatement {

    private static final String ACQUIRE_KEY =
            IdempotencyKeySql.WITH_LOCK_AND_EARLIER
                    + ", %s AS (\n%s\nRETURNING 1)"
                            .formatted(
                                    ConditionalInsert.CONDITION,
                                    IdempotencyKeySql.store(
                                            "FROM key_lock WHERE won AND NOT EXISTS (SELECT FROM earlier)"));

    private static final String RESULT =
            """

            SELECT EXISTS (SELECT FROM %s) AS won, earlier.fingerprint, earlier.status, earlier.location, earlier.body
              FROM key_lock LEFT JOIN earlier ON true
            """
                    .formatted(ConditionalInsert.CONDITION);

    /// One statement for each kind of request of a service, so there are few.
    private static final Map<List<String>, InsertStatement> STATEMENTS = new ConcurrentHashMap<>();

    private final ParsedSql named;
    private final String positional;

    private InsertStatement(String sql) {
        named = NamedParameterUtils.parseSqlStatement(sql);
        positional = NamedParameterUtils.substituteNamedParameters(named, null);
    }

    /// The statement of these inserts, which is built and parsed once.
    static InsertStatement of(List<ConditionalInsert> inserts) {
        return STATEMENTS.computeIfAbsent(
                inserts.stream().flatMap(insert -> Stream.of(insert.name(), insert.sql())).toList(),
                _ -> new InsertStatement(build(inserts)));
    }

    /// The text, with `?` for each parameter. Spring would build it anew for each execution if the
    /// parameters were named.
    String sql() {
        return positional;
    }

    /// The values in the sequence of the text.
    List<@Nullable Object> values(Map<String, ?> parameters) {
        return Arrays.asList(
                NamedParameterUtils.buildValueArray(
                        named, new MapSqlParameterSource(parameters), null));
    }

    private static String build(List<ConditionalInsert> inserts) {
        return inserts.stream()
                .map(insert -> ", %s AS (\n%s)".formatted(insert.name(), insert.sql()))
                .collect(Collectors.joining("", ACQUIRE_KEY, RESULT));
    }
}
