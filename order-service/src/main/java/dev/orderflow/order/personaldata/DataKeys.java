package dev.orderflow.order.personaldata;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;
import org.springframework.transaction.TransactionException;

/// The data keys: one that seals, and those that open what was sealed before.
///
/// Whoever seals takes the key at hand and waits for nobody. It is renewed at half of its bounds by
/// a thread of its own, so while the master key cannot be reached orders go on being accepted for
/// the other half; after that they are refused, since sealing under a worn-out key would be worse.
/// Every instance seals under keys of its own.
@Component
class DataKeys implements SmartInitializingSingleton, MeterBinder {

    private static final Logger log = LoggerFactory.getLogger(DataKeys.class);
    private static final Duration RETRY_DELAY = Duration.ofSeconds(5);
    private static final int REWRAP_BATCH = 1000;

    private final MasterKeys masters;
    private final JdbcClient jdbc;
    private final PersonalDataProperties properties;
    private final Clock clock;
    private final Opened opened;

    private volatile @Nullable CurrentDataKey current;
    private volatile Instant notBefore = Instant.MIN;

    DataKeys(MasterKeys masters, JdbcClient jdbc, PersonalDataProperties properties, Clock clock) {
        this.masters = masters;
        this.jdbc = jdbc;
        this.properties = properties;
        this.clock = clock;
        this.opened = new Opened(properties.cachedKeys());
    }

    private record CurrentDataKey(
            DataKey key, String wrappedBy, Instant createdAt, AtomicLong uses) {}

    private record StoredDataKey(UUID id, MasterKey.WrappedDataKey wrapped) {}

    /// The first key, before the first request.
    @Override
    public void afterSingletonsInstantiated() {
        renewIfDue();
    }

    /// What an alarm looks at: orders are refused when it stays so for half the key's lifetime. An
    /// instance tells of its own key, so take the maximum.
    @Override
    public void bindTo(MeterRegistry meters) {
        Gauge.builder("personal.data.key.overdue", this, keys -> keys.isRenewalDue() ? 1 : 0)
                .description("1 while the data key that seals should have been renewed and is not")
                .register(meters);
    }

    /// The key to seal with, once.
    ///
    /// @throws KeysUnavailableException when none is within its bounds
    DataKey useEncryptionKey() {
        var now = current;
        if (now == null
                || !clock.instant().isBefore(now.createdAt().plus(properties.keyLifetime()))
                || now.uses().incrementAndGet() > properties.maxKeyUses()) {
            throw new KeysUnavailableException("no data key is within its bounds");
        }
        return now.key();
    }

    /// The key that opens what was sealed under it. The first time it is asked for, its master key
    /// must answer.
    ///
    /// @throws KeysUnavailableException when it does not
    DataKey findDecryptionKey(UUID id) {
        var known = opened.get(id);
        if (known != null) {
            return known;
        }
        var stored =
                jdbc.sql("SELECT id, wrapped, wrapped_by FROM data_key WHERE id = :id")
                        .param("id", id)
                        .query((row, _) -> stored(row))
                        .optional()
                        .orElseThrow(() -> new IllegalStateException("there is no data key " + id));
        var key = masters.unwrap(id, stored.wrapped());
        opened.put(key);
        return key;
    }

    /// Renews the key that seals when half of its time or of its uses is over.
    @Scheduled(fixedDelayString = "${orderflow.order.personal-data.key-check-interval:1s}")
    void renewIfDue() {
        if (!isAttemptDue()) {
            return;
        }
        try {
            renew();
        } catch (KeysUnavailableException | DataAccessException | TransactionException later) {
            notBefore = clock.instant().plus(RETRY_DELAY);
            var now = current;
            log.warn(
                    "the data key cannot be renewed; orders are accepted {}: {}",
                    now == null
                            ? "when it can"
                            : "until " + now.createdAt().plus(properties.keyLifetime()),
                    later.getMessage());
            return;
        }
        try {
            rewrap();
        } catch (KeysUnavailableException | DataAccessException | TransactionException later) {
            log.warn("data keys wait to be wrapped again: {}", later.getMessage());
        }
    }

    private boolean isAttemptDue() {
        return !clock.instant().isBefore(notBefore) && isRenewalDue();
    }

    private boolean isRenewalDue() {
        var sealing = current;
        return sealing == null
                || !clock.instant()
                        .isBefore(sealing.createdAt().plus(properties.keyLifetime().dividedBy(2)))
                || sealing.uses().get() > properties.maxKeyUses() / 2;
    }

    /// Stores the new key before the first use of it: what was sealed can be opened after any
    /// crash.
    private void renew() {
        var begun = clock.instant();
        var fresh = masters.generate(UUID.randomUUID());
        jdbc.sql("INSERT INTO data_key (id, wrapped, wrapped_by) VALUES (:id, :wrapped, :by)")
                .param("id", fresh.key().id())
                .param("wrapped", fresh.wrapped().bytes())
                .param("by", fresh.wrapped().masterKeyId())
                .update();
        opened.put(fresh.key());
        current =
                new CurrentDataKey(
                        fresh.key(), fresh.wrapped().masterKeyId(), begun, new AtomicLong());
    }

    /// Wraps what another master key has wrapped by the one in use, so that the other can be given
    /// up. What is sealed under the data keys stays as it is.
    private void rewrap() {
        var inUse = Objects.requireNonNull(current).wrappedBy();
        var others =
                jdbc.sql(
                                """
                                SELECT id, wrapped, wrapped_by FROM data_key
                                 WHERE wrapped_by <> :by ORDER BY made_at DESC LIMIT :most
                                """)
                        .param("by", inUse)
                        .param("most", REWRAP_BATCH)
                        .query((row, _) -> stored(row))
                        .list();
        for (var other : others) {
            var again = masters.wrap(masters.unwrap(other.id(), other.wrapped()));
            jdbc.sql(
                            """
                            UPDATE data_key SET wrapped = :wrapped, wrapped_by = :by
                             WHERE id = :id AND wrapped_by = :before
                            """)
                    .param("wrapped", again.bytes())
                    .param("by", again.masterKeyId())
                    .param("id", other.id())
                    .param("before", other.wrapped().masterKeyId())
                    .update();
        }
        if (!others.isEmpty()) {
            log.info("{} data keys are wrapped by {} now", others.size(), inUse);
        }
    }

    private static StoredDataKey stored(ResultSet row) throws SQLException {
        return new StoredDataKey(
                row.getObject("id", UUID.class),
                new MasterKey.WrappedDataKey(row.getString("wrapped_by"), row.getBytes("wrapped")));
    }

    /// The keys used last.
    private static final class Opened {

        private final Map<UUID, DataKey> keys;

        Opened(int most) {
            keys =
                    new LinkedHashMap<>(16, 0.75f, true) {

                        private static final long serialVersionUID = 1L;

                        @Override
                        protected boolean removeEldestEntry(Map.Entry<UUID, DataKey> eldest) {
                            return size() > most;
                        }
                    };
        }

        synchronized @Nullable DataKey get(UUID id) {
            return keys.get(id);
        }

        synchronized void put(DataKey key) {
            keys.put(key.id(), key);
        }
    }
}
