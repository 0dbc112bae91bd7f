package dev.orderflow.defaults.encryption;

import org.springframework.beans.factory.config.BeanFactoryPostProcessor;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.Profiles;

/// Prevents the start of a service with unencrypted connections, unless the profile `local` is
/// active.
@AutoConfiguration
class EncryptionAutoConfiguration {

    static final String LOCAL = "local";

    /// A bean factory post-processor, because these run before any bean opens a connection.
    @Bean
    static BeanFactoryPostProcessor encryptedConnectionsOnly(ConfigurableEnvironment environment) {
        return _ -> {
            if (environment.acceptsProfiles(Profiles.of(LOCAL))) {
                return;
            }
            var unencrypted = UnencryptedConnectionDetector.of(environment);
            if (!unencrypted.isEmpty()) {
                throw new UnencryptedConnectionException(unencrypted);
            }
        };
    }
}
