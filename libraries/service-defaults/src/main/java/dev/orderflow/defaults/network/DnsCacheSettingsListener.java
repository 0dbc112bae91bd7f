package dev.orderflow.defaults.network;

import org.springframework.boot.context.event.ApplicationStartingEvent;
import org.springframework.context.ApplicationListener;

/// Limits the cache of addresses before a service resolves its first name.
final class DnsCacheSettingsListener implements ApplicationListener<ApplicationStartingEvent> {

    @Override
    public void onApplicationEvent(ApplicationStartingEvent starting) {
        DnsCacheSettings.apply();
    }
}
