package dev.orderflow.defaults.aws;

import org.springframework.boot.context.event.ApplicationStartingEvent;
import org.springframework.context.ApplicationListener;

/// Applies [DnsCacheSettings] before a service resolves its first host name.
final class DnsCacheSettingsListener implements ApplicationListener<ApplicationStartingEvent> {

    @Override
    public void onApplicationEvent(ApplicationStartingEvent starting) {
        DnsCacheSettings.apply();
    }
}
