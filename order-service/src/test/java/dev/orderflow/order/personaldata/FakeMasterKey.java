package dev.orderflow.order.personaldata;

import java.util.Base64;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;

/// A master key that a test can make unavailable.
final class FakeMasterKey implements MasterKey {

    volatile boolean isUnavailable;

    private final AtomicInteger unwrapped = new AtomicInteger();
    private final LocalMasterKey key;

    /// @param name one letter that identifies the key
    FakeMasterKey(char name) {
        var bytes = new byte[DataKey.BYTES];
        bytes[0] = (byte) name;
        key = LocalMasterKey.of(Base64.getEncoder().encodeToString(bytes));
    }

    /// How often a data key was unwrapped.
    int unwrapCount() {
        return unwrapped.get();
    }

    @Override
    public GeneratedDataKey generate(UUID id) {
        answer();
        return key.generate(id);
    }

    @Override
    public WrappedDataKey wrap(DataKey dataKey) {
        answer();
        return key.wrap(dataKey);
    }

    @Override
    public boolean canUnwrap(String by) {
        return key.canUnwrap(by);
    }

    @Override
    public DataKey unwrap(UUID id, WrappedDataKey wrapped) {
        answer();
        unwrapped.incrementAndGet();
        return key.unwrap(id, wrapped);
    }

    private void answer() {
        if (isUnavailable) {
            throw new KeysUnavailableException("the master key is unavailable", true);
        }
    }
}
