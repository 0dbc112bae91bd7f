package dev.orderflow.order.personaldata;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.scheduling.annotation.SchedulingConfigurer;
import org.springframework.scheduling.config.ScheduledTaskRegistrar;
import org.springframework.stereotype.Component;
import org.springframework.transaction.TransactionException;

/// The data keys: the current one for encryption, and all stored ones for decryption.
///
/// Encryption uses the current key and never waits. A scheduled task renews the key at half of its
/// limits (lifetime and uses). While the master key is unavailable, orders are accepted for the
/// other half; after that they are refused with 503. Each instance encrypts with data keys of its
/// own.
@Component
class DataKeys implements SmartInitializingSingleton, MeterBinder, SchedulingConfigurer {

    private static final Logger log = LoggerFactory.getLogger(DataKeys.class);
    private static final Duration RETRY_DELAY = Duration.ofSeconds(5);
    private static final int REWRAP_BATCH = 1000;

    /// Of how many data keys that cannot be re-wrapped a log line has the ids.
    private static final int MAX_LOGGED = 10;

    private final MasterKeys masters;
    private final JdbcClient jdbc;
    private final PersonalDataProperties properties;
    private final Clock clock;
    private final Cache<UUID, DataKey> unwrapped;

    private volatile @Nullable CurrentDataKey current;
    private volatile Instant notBefore = Instant.MIN;

    DataKeys(MasterKeys masters, JdbcClient jdbc, PersonalDataProperties properties, Clock clock) {
        this.masters = masters;
        this.jdbc = jdbc;
        this.properties = properties;
        this.clock = clock;
        this.unwrapped = Caffeine.newBuilder().maximumSize(properties.cachedKeys()).build();
    }

    private record CurrentDataKey(
            DataKey key, String wrappedBy, Instant createdAt, AtomicLong uses) {}

    private record StoredDataKey(UUID id, MasterKey.WrappedDataKey wrapped) {}

    /// Generates the first key before the first request.
    @Override
    public void afterSingletonsInstantiated() {
        renewIfDue();
    }

    /// The alarm's gauge. Orders are refused when it stays 1 for half of the key's lifetime. Each
    /// instance reports its own key, so the alarm takes the maximum.
    @Override
    public void bindTo(MeterRegistry meters) {
        Gauge.builder(
                        "personal.data.key.renewal.overdue",
                        this,
                        keys -> keys.isRenewalDue() ? 1 : 0)
                .description("1 while the current data key is due for renewal and not renewed")
                .register(meters);
    }

    /// Returns the current data key for one encryption and counts the use.
    ///
    /// @throws KeysUnavailableException when no data key is within its limits
    DataKey useEncryptionKey() {
        var currentKey = current;
        if (currentKey == null
                || !isWithinLimits(currentKey, currentKey.uses().incrementAndGet())) {
            throw new KeysUnavailableException("no data key is within its limits");
        }
        return currentKey.key();
    }

    /// Whether a key may be used now.
    ///
    /// @param uses the number of its uses, this one included
    private boolean isWithinLimits(CurrentDataKey key, long uses) {
        return clock.instant().isBefore(expiryOf(key)) && uses <= properties.maxKeyUses();
    }

    private Instant expiryOf(CurrentDataKey key) {
        return key.createdAt().plus(properties.keyLifetime());
    }

    /// Returns a data key for decryption. A key that is not cached is read and unwrapped by its
    /// master key; two threads may do that at the same time, so that none holds a lock during a
    /// call of KMS.
    ///
    /// @throws KeysUnavailableException when the master key is unavailable
    DataKey findDecryptionKey(UUID id) {
        var known = unwrapped.getIfPresent(id);
        if (known != null) {
            return known;
        }
        var stored =
                jdbc.sql("SELECT id, wrapped_key, master_key_id FROM data_key WHERE id = :id")
                        .param("id", id)
                        .query((row, _) -> stored(row))
                        .optional()
                        .orElseThrow(
                                () ->
                                        new IllegalStateException(
                                                "data key " + id + " does not exist"));
        var key = masters.unwrap(id, stored.wrapped());
        unwrapped.put(id, key);
        return key;
    }

    @Override
    public void configureTasks(ScheduledTaskRegistrar registrar) {
        registrar.addFixedDelayTask(this::renewIfDue, properties.keyCheckInterval());
    }

    /// Renews the current key when half of its lifetime or of its uses is over.
    void renewIfDue() {
        if (!isAttemptDue()) {
            return;
        }
        try {
            renew();
        } catch (KeysUnavailableException | DataAccessException | TransactionException failure) {
            notBefore = clock.instant().plus(RETRY_DELAY);
            logNotRenewed(failure);
            return;
        }
        try {
            rewrap();
        } catch (KeysUnavailableException | DataAccessException | TransactionException failure) {
            log.warn(
                    "data keys not re-wrapped by the current master key, retrying at the next"
                            + " renewal: {}",
                    failure.getMessage());
        }
    }

    private void logNotRenewed(RuntimeException failure) {
        var currentKey = current;
        if (currentKey == null || !isWithinLimits(currentKey, currentKey.uses().get() + 1)) {
            log.error(
                    "data key not renewed, retrying in {}; orders are refused until it is: {}",
                    RETRY_DELAY,
                    failure.getMessage());
        } else {
            log.warn(
                    "data key not renewed, retrying in {}; orders are accepted until {}: {}",
                    RETRY_DELAY,
                    expiryOf(currentKey),
                    failure.getMessage());
        }
    }

    private boolean isAttemptDue() {
        return !clock.instant().isBefore(notBefore) && isRenewalDue();
    }

    private boolean isRenewalDue() {
        var key = current;
        return key == null
                || !clock.instant()
                        .isBefore(key.createdAt().plus(properties.keyLifetime().dividedBy(2)))
                || key.uses().get() > properties.maxKeyUses() / 2;
    }

    /// Stores the new key before its first use, so that everything encrypted with it can be
    /// decrypted after a crash.
    private void renew() {
        var startedAt = clock.instant();
        var fresh = masters.generate(UUID.randomUUID());
        jdbc.sql(
                        "INSERT INTO data_key (id, wrapped_key, master_key_id) VALUES (:id, :wrapped, :by)")
                .param("id", fresh.key().id())
                .param("wrapped", fresh.wrapped().bytes())
                .param("by", fresh.wrapped().masterKeyId())
                .update();
        unwrapped.put(fresh.key().id(), fresh.key());
        current =
                new CurrentDataKey(
                        fresh.key(), fresh.wrapped().masterKeyId(), startedAt, new AtomicLong());
    }

    /// Wraps data keys of other master keys with the current master key, so that the others can be
    /// removed. Data encrypted with the data keys does not change. A data key that cannot be
    /// unwrapped, since it is corrupted or its master key is not configured, delays no other one.
    private void rewrap() {
        var inUse = Objects.requireNonNull(current).wrappedBy();
        var others =
                jdbc.sql(
                                """
                                SELECT id, wrapped_key, master_key_id FROM data_key
                                 WHERE master_key_id <> :by ORDER BY created_at DESC LIMIT :limit
                                """)
                        .param("by", inUse)
                        .param("limit", REWRAP_BATCH)
                        .query((row, _) -> stored(row))
                        .list();
        var failures = new ArrayList<String>();
        for (var other : others) {
            var key = unwrapForRewrap(other, failures);
            if (key.isPresent()) {
                store(other, masters.wrap(key.get()));
            }
        }
        if (others.size() > failures.size()) {
            log.info(
                    "{} data keys were re-wrapped by master key {}",
                    others.size() - failures.size(),
                    inUse);
        }
        if (!failures.isEmpty()) {
            log.warn(
                    "{} data keys cannot be re-wrapped by master key {}, retrying at the next"
                            + " renewal: {}",
                    failures.size(),
                    inUse,
                    String.join("; ", failures.subList(0, Math.min(failures.size(), MAX_LOGGED))));
        }
    }

    /// @return empty when the data key cannot be unwrapped; the reason is added to the failures
    /// @throws KeysUnavailableException when the others could not be unwrapped either
    private Optional<DataKey> unwrapForRewrap(StoredDataKey stored, List<String> failures) {
        try {
            return Optional.of(masters.unwrap(stored.id(), stored.wrapped()));
        } catch (KeysUnavailableException | IllegalArgumentException failure) {
            if (failure instanceof KeysUnavailableException unavailable && unavailable.isOutage()) {
                throw unavailable;
            }
            failures.add(stored.id() + ": " + failure.getMessage());
            return Optional.empty();
        }
    }

    private void store(StoredDataKey before, MasterKey.WrappedDataKey wrapped) {
        jdbc.sql(
                        """
                        UPDATE data_key SET wrapped_key = :wrapped, master_key_id = :by
                         WHERE id = :id AND master_key_id = :before
                        """)
                .param("wrapped", wrapped.bytes())
                .param("by", wrapped.masterKeyId())
                .param("id", before.id())
                .param("before", before.wrapped().masterKeyId())
                .update();
    }

    private static StoredDataKey stored(ResultSet row) throws SQLException {
        return new StoredDataKey(
                row.getObject("id", UUID.class),
                new MasterKey.WrappedDataKey(
                        row.getString("master_key_id"), row.getBytes("wrapped_key")));
    }
}
